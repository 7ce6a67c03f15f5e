"""The client's way to a Podium on Windows: HTTP over a named pipe. Not run there yet."""

import errno
import http.client
import io
import queue
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from podium.core.system.pipes.pipe_addresses import open_client_end, read_address

_LOOK_AGAIN: Final = 0.05
_BUSY: Final = 231
"""Windows' code for a pipe whose server has not accepted the last client yet; Python's open makes EINVAL of it."""
_Result = TypeVar("_Result")

Open = Callable[[str], io.RawIOBase]


class PipeConnection(http.client.HTTPConnection):
    """``own_headers`` go with each request, once it is connected."""

    sock: Any

    def __init__(self, path: Path, seconds: float, open_: Open = open_client_end) -> None:
        """``path`` is the file that names the pipe, ``seconds`` the time for connecting."""
        super().__init__("localhost")
        self._path = path
        self._seconds = seconds
        self._open = open_
        self.own_headers: dict[str, str] = {}

    def connect(self) -> None:
        """Raises OSError."""
        address = read_address(self._path)
        deadline = time.monotonic() + self._seconds
        while True:
            try:
                raw = self._open(address.name)
                break
            except OSError as error:
                busy = getattr(error, "winerror", None) == _BUSY or error.errno == errno.EINVAL
                if not busy or time.monotonic() >= deadline:
                    raise
                time.sleep(_LOOK_AGAIN)
        self.sock = PipeSocket(raw, self._seconds)
        self.own_headers = {"Authorization": f"Bearer {address.token}"}


class PipeSocket:
    """A pipe with what http.client asks of a socket.

    An open file has no time limits, so what may take long is done on a thread of its own, which is left to itself when
    the time is over: the client ends soon after.
    """

    def __init__(self, raw: io.RawIOBase, seconds: float) -> None:
        self._raw = raw
        self._seconds = seconds
        self._given_up = False

    def settimeout(self, seconds: float) -> None:
        self._seconds = seconds

    def sendall(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            left = left[self._within(partial(self._raw.write, left)) or 0 :]

    def read_into(self, buffer: Any) -> int:
        """0 at the end. Raises OSError, TimeoutError."""
        data = self._within(partial(self._raw.read, len(buffer))) or b""
        buffer[: len(data)] = data
        return len(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self))

    def close(self) -> None:
        # Closing a file waits for whoever reads it.
        if not self._given_up:
            self._raw.close()

    def _within(self, call: Callable[[], _Result]) -> _Result:
        outcome: queue.SimpleQueue[tuple[_Result | None, OSError | ValueError | None]] = queue.SimpleQueue()

        def do() -> None:
            try:
                outcome.put((call(), None))
            except (OSError, ValueError) as error:
                outcome.put((None, error))

        threading.Thread(target=do, name="pipe", daemon=True).start()
        try:
            result, error = outcome.get(timeout=self._seconds)
        except queue.Empty:
            self._given_up = True
            raise TimeoutError from None
        if error is not None:
            raise error
        return result  # type: ignore[return-value]


class _Reader(io.RawIOBase):
    """One answer's reader; closing it leaves the pipe open."""

    def __init__(self, pipe: PipeSocket) -> None:
        self._pipe = pipe

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._pipe.read_into(buffer)
