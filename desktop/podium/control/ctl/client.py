"""Talks to a running Podium over its Unix socket, on Windows over its pipe, with nothing but the standard library."""

import http.client
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from podium.control.api.limits import ANSWER_SECONDS, MAX_TOKEN
from podium.control.ctl.pipe_connection import PipeConnection
from podium.control.http_server.runtime_folder import find_folder
from podium.core.system.pipes.unix_sockets import unix_socket
from podium.core.system.processes import SOCKET_VARIABLE

_PATIENCE: Final = ANSWER_SECONDS + 10.0
"""Longer than Podium itself waits: its answer says why there is none."""
_LOOK_AGAIN: Final = 0.05
_PIECE: Final = 1 << 16
_KEPT_SECONDS: Final = 30.0
"""A connection that was not used for longer may have been closed."""
_HINTS: Final = {
    "unknown-instance": "podium ctl instances lists them.",
    "unknown-run": "podium ctl history lists them.",
    "not-allowed": "Outside of it, podium ctl config ID --control on allows more.",
    "bad-shape": "",
}
"""The next step in the words of this client, by the code of the error; without one the answer's hint is shown."""


class NoPodium(Exception):
    """No Podium answers; the message is for a person. ``silent`` when one is there and says nothing in time."""

    def __init__(self, message: str, *, silent: bool = False) -> None:
        super().__init__(message)
        self.silent = silent


class Refused(Exception):
    """Podium refused a request. ``code`` is for programs, the text for people."""

    def __init__(self, status: int, code: str, message: str, hint: str) -> None:
        super().__init__(f"{message} {hint}".strip())
        self.status = status
        self.code = code


class BrokenOff(Exception):
    """The end of a long answer is missing."""


class StrangeAnswer(Exception):
    """The answer is not Podium's; the message is for a person."""


class _Object(dict[str, Any]):
    """A JSON object that should have what it is asked for."""

    def __missing__(self, name: str) -> Any:
        raise StrangeAnswer(f"“{name[:64]}” is missing")


def usual_socket() -> Path:
    """The socket the environment names; else the main socket at the usual place, where it would be if no Podium serves
    it. Inside an instance that is the instance's own.
    """
    given = os.environ.get(SOCKET_VARIABLE)
    return Path(given) if given else find_folder().socket


def instance_path(instance: str, rest: str) -> str:
    return f"/api/orchestrator/{quote(instance, safe='')}{rest}"


def activation_token() -> str:
    """The desktop's token for the start of this program, by which a window may come to the front; "" without one."""
    token = os.environ.get("XDG_ACTIVATION_TOKEN", "")
    usable = len(token) <= MAX_TOKEN and token.isascii() and token.isprintable() and " " not in token
    return token if usable else ""


class Client:
    """Asks over one connection, which is made when it is first needed."""

    def __init__(self, path: Path | None = None) -> None:
        """``path`` None is the usual socket."""
        self._given = path
        self.path = path or usual_socket()
        self._connection: _UnixConnection | PipeConnection | None = None
        self._used_at = 0.0

    def get(self, target: str, **query: object) -> Any:
        """The answer. Raises NoPodium, Refused, StrangeAnswer."""
        given = {name: value for name, value in query.items() if value is not None}
        return _value(self.ask("GET", f"{target}?{_as_query(given)}" if given else target))

    def post(self, target: str, body: dict[str, Any] | None = None, patience: float = _PATIENCE) -> Any:
        return _value(self.ask("POST", target, body or {}, patience))

    def patch(self, target: str, body: dict[str, Any]) -> Any:
        return _value(self.ask("PATCH", target, body))

    def delete(self, target: str) -> Any:
        return _value(self.ask("DELETE", target))

    def open_paths(self, paths: Sequence[Path], patience: float = _PATIENCE, state: str = "") -> Any:
        """Have the window ask about these files and folders. ``state`` is the folder of the Podium that is meant."""
        body = {"paths": [str(path) for path in paths], "activation": activation_token(), "state": state}
        return self.post("/api/window/open", body, patience)

    def wait_until_served(self, seconds: float) -> None:
        """Wait until Podium answers. Raises NoPodium after ``seconds``."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                self.ask("GET", "/api/health")
                return
            except Refused:
                return  # An instance's own socket tells nothing of health, but there it is.
            except NoPodium:
                if time.monotonic() >= deadline:
                    raise
            time.sleep(_LOOK_AGAIN)
            self._connection = None
            self.path = self._given or usual_socket()

    def ask(
        self, method: str, target: str, body: dict[str, Any] | None = None, patience: float = _PATIENCE
    ) -> bytes:
        """The answer's bytes. Raises NoPodium, Refused."""
        response = self._response(method, target, body, patience)
        answer = self._read(response)
        self._used_at = time.monotonic()
        if response.will_close:
            self._disconnect()
        if response.status != 200:
            raise _refusal(response.status, answer)
        return answer

    def copy(self, target: str, write: Callable[[bytes], object]) -> int:
        """Hand the body of a long answer to ``write`` as it comes; returns how many bytes there were. Raises NoPodium,
        Refused, and BrokenOff when the end is missing.
        """
        response = self._response("GET", target, None, _PATIENCE)
        if response.status != 200:
            raise _refusal(response.status, self._read(response))
        size = 0
        try:
            while piece := response.read1(_PIECE):
                write(piece)
                size += len(piece)
        except (http.client.HTTPException, ConnectionError, TimeoutError):
            self._disconnect()
            raise BrokenOff from None
        self._used_at = time.monotonic()
        return size

    def _response(
        self, method: str, target: str, body: dict[str, Any] | None, patience: float
    ) -> http.client.HTTPResponse:
        if time.monotonic() - self._used_at > _KEPT_SECONDS:
            self._connection = None
        data = None if body is None else _encoded(body)
        connection = self._connected(patience)
        headers = {**connection.own_headers, **({} if data is None else {"Content-Type": "application/json"})}
        try:
            connection.sock.settimeout(patience)
            connection.request(method, target, data, headers)
            return connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise self._no_answer(error) from None

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        try:
            return response.read()
        except (OSError, http.client.HTTPException) as error:
            raise self._no_answer(error) from None

    def _no_answer(self, error: Exception) -> NoPodium:
        if isinstance(error, TimeoutError):
            return NoPodium(f"Podium at {self.path} does not answer.", silent=True)
        return NoPodium(f"Podium at {self.path} ended before it answered.")

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self, patience: float) -> "_UnixConnection | PipeConnection":
        if self._connection is not None:
            return self._connection
        connection = _connection_to(self.path, patience)
        try:
            connection.connect()
        except OSError as error:
            silent = isinstance(error, TimeoutError)
            raise NoPodium(_no_server_text(self.path, self._given, error), silent=silent) from None
        self._connection = connection
        return connection


class _UnixConnection(http.client.HTTPConnection):
    sock: socket.socket
    own_headers: Final[dict[str, str]] = {}

    def __init__(self, path: Path, patience: float) -> None:
        super().__init__("localhost")
        self._path = path
        self._patience = patience

    def connect(self) -> None:
        connected = unix_socket()
        connected.settimeout(self._patience)
        deadline = time.monotonic() + self._patience
        try:
            while not _connects(connected, self._path):
                if time.monotonic() >= deadline:
                    raise TimeoutError("too many connect at once")
                time.sleep(_LOOK_AGAIN)
        except OSError:
            connected.close()
            raise
        self.sock = connected


def _connection_to(path: Path, patience: float) -> _UnixConnection | PipeConnection:
    return PipeConnection(path, patience) if sys.platform == "win32" else _UnixConnection(path, patience)


def _connects(connected: socket.socket, path: Path) -> bool:
    """False while Podium has not accepted earlier connections yet. Raises OSError."""
    try:
        connected.connect(str(path))
    except BlockingIOError:
        return False
    return True


def _as_query(given: dict[str, object]) -> str:
    try:
        return urlencode(given)
    except UnicodeEncodeError:
        raise _no_text() from None


def _encoded(body: dict[str, Any]) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise _no_text() from None


def _no_text() -> Refused:
    return Refused(422, "bad-text", "Something you gave is not UTF-8 text.", "Convert it first.")


def _value(answer: bytes) -> Any:
    try:
        value = json.loads(answer, object_hook=_Object)
    except ValueError:
        raise StrangeAnswer("it is not JSON") from None
    if not isinstance(value, dict):
        raise StrangeAnswer("it is no JSON object")
    return value


def _no_server_text(path: Path, given: Path | None, error: OSError) -> str:
    reason = error.strerror or str(error)
    if given is None and os.environ.get(SOCKET_VARIABLE):
        return (
            f"{SOCKET_VARIABLE} names {path}, and nobody serves that ({reason}): that Podium has ended. "
            "Unset it, or name another with --socket."
        )
    return f"There is no Podium at {path} ({reason}). Open its window, or run: podium serve"


def _refusal(status: int, answer: bytes) -> Refused:
    try:
        error = json.loads(answer)["error"]
        code = error["code"]
        return Refused(status, code, error["message"], _HINTS.get(code, error["hint"]))
    except (ValueError, KeyError, TypeError):
        return Refused(status, "unknown", f"Podium answered with status {status}.", "")
