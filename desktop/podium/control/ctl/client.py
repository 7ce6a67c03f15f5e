"""Talks to a running Podium over its Unix socket, with nothing but the standard library."""

import http.client
import json
import os
import socket
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from podium.control.runtime_folder import find_folder
from podium.core.processes import SOCKET_VARIABLE

_PATIENCE: Final = 30.0


class NoPodium(Exception):
    """There is nobody to talk to; the message is for a person."""


class Refused(Exception):
    """Podium said no. ``code`` is for programs, the text for people."""

    def __init__(self, status: int, code: str, message: str, hint: str) -> None:
        super().__init__(f"{message} {hint}".strip())
        self.status = status
        self.code = code


def main_socket() -> Path:
    """The socket that opens everything; where it would be when nobody serves it."""
    return find_folder().socket


def own_socket() -> Path | None:
    """Inside an instance: the socket that is its own."""
    given = os.environ.get(SOCKET_VARIABLE)
    return Path(given) if given else None


def instance_path(instance: str, rest: str) -> str:
    return f"/api/orchestrator/{quote(instance, safe='')}{rest}"


class Client:
    """Asks over one connection, which is made when it is first needed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: _UnixConnection | None = None

    def get(self, target: str, **query: object) -> Any:
        """The answer. Raises NoPodium, Refused."""
        given = {name: value for name, value in query.items() if value is not None}
        return json.loads(self.ask("GET", f"{target}?{urlencode(given)}" if given else target))

    def post(self, target: str, body: dict[str, Any] | None = None, patience: float = _PATIENCE) -> Any:
        return json.loads(self.ask("POST", target, body or {}, patience))

    def delete(self, target: str) -> Any:
        return json.loads(self.ask("DELETE", target))

    def ask(
        self, method: str, target: str, body: dict[str, Any] | None = None, patience: float = _PATIENCE
    ) -> bytes:
        """The answer's bytes. Raises NoPodium, Refused."""
        if self._connection is None:
            self._connection = _UnixConnection(self.path)
        connection = self._connection
        connection.timeout = patience
        data = None if body is None else json.dumps(body).encode()
        headers = {} if data is None else {"Content-Type": "application/json"}
        try:
            if connection.sock is not None:
                connection.sock.settimeout(patience)
            connection.request(method, target, data, headers)
            response = connection.getresponse()
            answer = response.read()
        except TimeoutError:
            raise NoPodium(f"Podium at {self.path} does not answer.") from None
        except (OSError, http.client.HTTPException) as error:
            raise NoPodium(
                f"There is no Podium at {self.path} ({error}). Open its window, or run: podium serve"
            ) from None
        if response.status != 200:
            raise _refusal(response.status, answer)
        return answer


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def _refusal(status: int, answer: bytes) -> Refused:
    try:
        error = json.loads(answer)["error"]
        return Refused(status, error["code"], error["message"], error["hint"])
    except (ValueError, KeyError, TypeError):
        return Refused(status, "unknown", f"Podium answered with status {status}.", "")
