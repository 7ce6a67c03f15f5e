"""``podium hook TOOL``: passes on what a tool tells one of its hooks. The standard library alone: a tool waits for it.

It never fails and never speaks, whatever it is given and whoever answers: to a tool both would be a decision.
"""

import json
import os
import socket
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

_UNATTENDED: Final = {"CLAUDE_CODE_SESSION_ATTENDED": "0", "CLAUDE_CODE_ENTRYPOINT": "sdk-cli"}
"""What a tool sets where it works without a person: it denies by itself what it asks."""
_PATIENCE: Final = 1.0
"""Seconds for each of connecting, sending and the answer."""
_AT_MOST: Final = 2.0
"""Seconds for all of it, also where a tool never ends what it tells."""
_MOST_READ: Final = 8 << 20
_TEXT: Final = 512
_ENTRIES: Final = 40
_MOST_SENT: Final = 60 << 10
"""Bytes of a body, less than the API's limit."""
_DEPTH: Final = 3


def main(arguments: Sequence[str]) -> int:
    try:
        give_up = threading.Timer(_AT_MOST, os._exit, (0,))
        give_up.daemon = True
        give_up.start()
        _tell(arguments[0])
        give_up.cancel()
    except Exception:
        pass
    return 0


def _tell(tool: str) -> None:
    if any(os.environ.get(name) == value for name, value in _UNATTENDED.items()):
        return
    instance, path = os.environ["PODIUM_INSTANCE"], os.environ["PODIUM_SOCKET"]
    event = json.loads(sys.stdin.buffer.read(_MOST_READ))
    body = _body(tool, event)
    head = (
        f"POST /api/orchestrator/{instance}/hook HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    )
    _send(path, head, body)


if sys.platform == "win32":

    def _send(path: str, head: str, body: bytes) -> None:
        """Not run yet."""
        from podium.core.system.pipes.pipe_addresses import open_client_end, read_address

        address = read_address(Path(path))
        with open_client_end(address.name) as connected:
            connected.write(f"{head}Authorization: Bearer {address.token}\r\n\r\n".encode("ascii") + body)
            connected.read(64)

else:

    def _send(path: str, head: str, body: bytes) -> None:
        with socket.socket(socket.AF_UNIX) as connected:
            connected.settimeout(_PATIENCE)
            connected.connect(path)
            connected.sendall(f"{head}\r\n".encode("ascii") + body)
            # Without waiting for it, what a tool tells next could overtake this.
            connected.recv(64)


def _body(tool: str, event: Any) -> bytes:
    """What is sent: of texts inside what a tool is given only so much that Podium takes it."""
    inner = _TEXT
    while True:
        body = json.dumps({"tool": tool, "event": short(event, inner=inner)}).encode()
        if len(body) <= _MOST_SENT or not inner:
            return body
        inner //= 4


def short(value: Any, depth: int = _DEPTH, inner: int = _TEXT) -> Any:
    """``value`` with long texts cut, ``inner`` ones perhaps to less, and only the first entries of what is long or
    deep: most of it is the agent's work and nobody's business.
    """
    if isinstance(value, str):
        return value[: _TEXT if depth >= _DEPTH - 1 else inner]
    if isinstance(value, dict):
        if depth == 0:
            return {}
        entries = [(key[:_TEXT], one) for key, one in value.items()][:_ENTRIES]
        return {key: short(one, depth - 1, inner) for key, one in entries}
    if isinstance(value, list):
        return [short(one, depth - 1, inner) for one in value[:_ENTRIES]] if depth else []
    return value
