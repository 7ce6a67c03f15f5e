"""The two commands that stay connected: ``events`` and ``attach``. Only they need a WebSocket client."""

import asyncio
import contextlib
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import aiohttp

from podium.control.ctl.client import Client, NoPodium, Refused, instance_path
from podium.core.system.pipes.pipe_addresses import read_address
from podium.core.system.signals import RESIZED
from podium.core.system.terminal_modes import make_raw

_LEAVE: Final = (
    # Soft reset, main screen, no mouse, no paste marks, no focus reports, a visible cursor, usual keys and colours.
    "\x1b[!p\x1b[?1049l\x1b[?9;1000;1002;1003;1004;1005;1006;1015;1016;2004;2026;2031l\x1b[?7;25h"
    "\x1b[=0u\x1b[>4;0m\x1b[r\x1b[m\x1b[0 q\x1b(B\x0f\x1b[999;1H\r\n"
)


@asynccontextmanager
async def _socket(path: Path, target: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Raises NoPodium, Refused."""
    try:
        connector, headers = _connector(path)
    except OSError as error:
        raise NoPodium(_no_podium(path, error)) from None
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        try:
            connected = await session.ws_connect(f"http://localhost{target}", heartbeat=30.0, max_msg_size=0)
        except aiohttp.WSServerHandshakeError as error:
            raise _refusal(error.status) from None
        except (aiohttp.ClientError, OSError) as error:
            raise NoPodium(_no_podium(path, error)) from None
        async with connected:
            yield connected


def _connector(path: Path) -> tuple[aiohttp.BaseConnector, dict[str, str]]:
    """The way to ``path``, and the headers that are asked for there. Raises OSError. On Windows it has not run yet."""
    if sys.platform == "win32":
        address = read_address(path)
        return aiohttp.NamedPipeConnector(address.name), {"Authorization": f"Bearer {address.token}"}
    return aiohttp.UnixConnector(str(path)), {}


def _no_podium(path: Path, error: Exception) -> str:
    return f"There is no Podium at {path} ({error}). Open its window, or run: podium serve"


async def follow_events(path: Path, patterns: Sequence[str], show: Callable[[Any], None]) -> None:
    """Hand every event to ``show`` until Podium goes. Raises NoPodium, Refused."""
    async with _socket(path, "/ws") as connected:
        await connected.send_str(json.dumps({"subscribe": list(patterns)}))
        async for message in connected:
            if message.type is aiohttp.WSMsgType.TEXT:
                value = json.loads(message.data)
                if "event" in value:
                    show(value)
    if connected.close_code in (None, 1006):  # Without a word: killed, or its machine's network gone.
        raise NoPodium(f"Podium at {path} ended.")
    if connected.close_code not in (1000, 1001):
        raise Refused(400, "refused", f"Podium ended the stream (close code {connected.close_code}).", "")


def _refusal(status: int) -> Refused:
    match status:
        case 403:
            text = "This socket tells an instance's own state only."
            return Refused(
                status, "not-allowed", text, "Outside of it, podium ctl config ID --control on allows more."
            )
        case 404:
            return Refused(
                status, "unknown-instance", "There is no such instance.", "podium ctl instances lists them."
            )
    return Refused(status, "refused", f"Podium refused that (status {status}).", "")


def attach(client: Client, instance: str, detach_key: bytes) -> str:
    """Show the instance on this terminal until it is gone or ``detach_key`` is pressed; says how it ended."""
    before = client.get(instance_path(instance, "/screen"))
    _fit(client, instance)
    descriptor = sys.stdin.fileno()
    give_back = make_raw(descriptor, keep_typed=False)
    try:
        return asyncio.run(_attach(client, instance, detach_key))
    finally:
        give_back()
        sys.stdout.write(_LEAVE)
        sys.stdout.flush()
        with contextlib.suppress(NoPodium, Refused):
            size = {"columns": before["columns"], "lines": before["rows"]}
            client.post(instance_path(instance, "/resize"), size)


async def _attach(client: Client, instance: str, detach_key: bytes) -> str:
    loop = asyncio.get_running_loop()
    typed: asyncio.Queue[bytes | None] = asyncio.Queue()
    descriptor = sys.stdin.fileno()

    def on_typed() -> None:
        data = os.read(descriptor, 4096)
        head, key, _ = data.partition(detach_key)
        if head:
            typed.put_nowait(head)
        if key or not data:
            loop.remove_reader(descriptor)
            typed.put_nowait(None)

    resized = asyncio.Event()
    if RESIZED is not None:
        loop.add_signal_handler(RESIZED, resized.set)
    async with _socket(client.path, f"/ws/terminal/{quote(instance, safe='')}") as connected:
        loop.add_reader(descriptor, on_typed)
        show = asyncio.create_task(_show(connected))
        send = asyncio.create_task(_send(connected, typed))
        fit = asyncio.create_task(_follow_size(client, instance, resized))
        try:
            await asyncio.wait((show, send), return_when=asyncio.FIRST_COMPLETED)
            return "detached" if send.done() else "gone"
        finally:
            loop.remove_reader(descriptor)
            for task in (show, send, fit):
                task.cancel()
            await asyncio.gather(show, send, fit, return_exceptions=True)


async def _show(connected: aiohttp.ClientWebSocketResponse) -> None:
    output = sys.stdout.buffer
    async for message in connected:
        if message.type is aiohttp.WSMsgType.BINARY:
            output.write(message.data)
            output.flush()


async def _send(connected: aiohttp.ClientWebSocketResponse, typed: "asyncio.Queue[bytes | None]") -> None:
    while (data := await typed.get()) is not None:
        await connected.send_bytes(data)


async def _follow_size(client: Client, instance: str, resized: asyncio.Event) -> None:
    while True:
        await resized.wait()
        resized.clear()
        with contextlib.suppress(NoPodium, Refused):
            await asyncio.to_thread(_fit, client, instance)


def _fit(client: Client, instance: str) -> None:
    """Give the instance the size of this terminal."""
    size = shutil.get_terminal_size()
    client.post(instance_path(instance, "/resize"), {"columns": size.columns, "lines": size.lines})
