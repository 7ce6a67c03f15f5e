"""Reading pipes without blocking the event loop."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from typing import Final

from podium.core.system.pipes.streams import Stream, reading_stream

_READ_SIZE: Final = 64 * 1024


async def chunks(descriptor: int) -> AsyncIterator[bytes]:
    """The data of a pipe until its last writer has gone. Takes ``descriptor`` over and closes it."""
    if sys.platform == "win32":
        async for data in stream_chunks(reading_stream(descriptor)):
            yield data
        return
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0)
    )
    try:
        while data := await reader.read(_READ_SIZE):
            yield data
    finally:
        transport.close()


async def stream_chunks(stream: Stream) -> AsyncIterator[bytes]:
    """The data of a stream until its end. Takes it over and closes it."""
    try:
        while True:
            try:
                data = stream.read(_READ_SIZE)
            except BlockingIOError:
                await _readable(stream)
                continue
            except OSError:
                return
            if not data:
                return
            yield data
    finally:
        stream.close()


async def _readable(stream: Stream) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(stream.fileno(), ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(stream.fileno())
