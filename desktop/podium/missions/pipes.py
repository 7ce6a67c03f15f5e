"""Reading pipes without blocking the event loop."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Final

_READ_SIZE: Final = 64 * 1024


async def chunks(descriptor: int) -> AsyncIterator[bytes]:
    """The data of a pipe until its last writer has gone. Takes ``descriptor`` over and closes it."""
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0)
    )
    try:
        while data := await reader.read(_READ_SIZE):
            yield data
    finally:
        transport.close()
