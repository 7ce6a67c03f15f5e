"""HTTP and WebSocket by hand: what no client library would send, byte by byte."""

import base64
import contextlib
import json
import os
import socket
import struct
from dataclasses import dataclass
from typing import Any


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        code: str = self.json["error"]["code"]
        return code


class Wire:
    """One connection."""

    def __init__(self, connected: socket.socket, host: str, token: str) -> None:
        self.socket = connected
        self.host = host
        self.token = token
        self._rest = b""

    def close(self) -> None:
        self.socket.close()

    def head(self, method: str, target: str, *more: str, host: bool = True, token: bool = True) -> bytes:
        """A request's head; ``more`` are whole header lines."""
        lines = [f"{method} {target} HTTP/1.1"]
        if host:
            lines.append(f"Host: {self.host}")
        if token and self.token:
            lines.append(f"Authorization: Bearer {self.token}")
        return "\r\n".join([*lines, *more, "", ""]).encode("latin-1")

    def ask(
        self,
        method: str,
        target: str,
        *more: str,
        body: bytes | None = None,
        host: bool = True,
        token: bool = True,
    ) -> Answer:
        if body is not None:
            more = (*more, f"Content-Length: {len(body)}")
        return self.raw(self.head(method, target, *more, host=host, token=token) + (body or b""))

    def post(self, target: str, value: object) -> Answer:
        return self.ask("POST", target, "Content-Type: application/json", body=json.dumps(value).encode())

    def raw(self, data: bytes) -> Answer:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(data)
        return self.answer()

    def answer(self) -> Answer:
        while b"\r\n\r\n" not in self._rest:
            self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0))
        while len(self._rest) < length:
            self._more()
        body, self._rest = self._rest[:length], self._rest[length:]
        return Answer(int(first.split()[1]), headers, body)

    def _more(self) -> None:
        data = self.socket.recv(1 << 16)
        if not data:
            raise EOFError(f"the server closed the connection after {self._rest[:200]!r}")
        self._rest += data

    # WebSocket

    def handshake(self, target: str, *more: str, token: bool = True) -> Answer:
        key = base64.b64encode(os.urandom(16)).decode()
        upgrade = (
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
        )
        return self.raw(self.head("GET", target, *upgrade, *more, token=token))

    def send_frame(self, payload: bytes, opcode: int = 1) -> None:
        length = len(payload)
        if length < 126:
            head = struct.pack("!BB", 0x80 | opcode, 0x80 | length)
        elif length < 65536:
            head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, length)
        else:
            head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, length)
        # A mask of zeros is a mask: the payload stays readable.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(head + b"\0\0\0\0" + payload)

    def say(self, value: object) -> None:
        self.send_frame(json.dumps(value).encode())

    def frame(self) -> tuple[int, bytes]:
        """The next frame's opcode and payload."""
        head = self._take(2)
        length = head[1] & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", self._take(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._take(8))
        return head[0] & 0x0F, self._take(length)

    def receive(self) -> Any:
        """The next message, as JSON."""
        while True:
            opcode, payload = self.frame()
            if opcode == 9:
                self.send_frame(payload, 10)
                continue
            assert opcode == 1, (opcode, payload)
            return json.loads(payload)

    def binary(self) -> bytes:
        """The next binary message."""
        while True:
            opcode, payload = self.frame()
            if opcode == 9:
                self.send_frame(payload, 10)
                continue
            assert opcode == 2, (opcode, payload)
            return payload

    def close_code(self) -> int:
        """The code the server closes with, whatever it says before."""
        while True:
            opcode, payload = self.frame()
            if opcode == 8:
                code: int = struct.unpack("!H", payload[:2])[0]
                return code

    def _take(self, count: int) -> bytes:
        while len(self._rest) < count:
            self._more()
        taken, self._rest = self._rest[:count], self._rest[count:]
        return taken
