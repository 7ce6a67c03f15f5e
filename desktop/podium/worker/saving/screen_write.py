"""One writing of a kept screen, on a thread of its own: a disk may be slow, a session must not wait."""

import contextlib
import threading
from pathlib import Path

from podium.core.protocol.saved_screen import KeptScreen, encode
from podium.core.system.private_files import write_private


class ScreenWrite:
    """Begins at once, or when the one ``before`` it is done: the last one asked for is the one that stays.

    ``error`` holds what went wrong in words for a person, once it is ``done``.
    """

    def __init__(
        self, path: str, screen: KeptScreen, *, durable: bool, before: "ScreenWrite | None" = None
    ) -> None:
        self.error = ""
        self._path = Path(path)
        self._screen = screen
        self._durable = durable
        self._before = before
        self._cancelled = False
        # A daemon: a disk that hangs must not keep the process from its end.
        self._thread: threading.Thread | None = threading.Thread(
            target=self._run, name="screen saver", daemon=True
        )
        try:
            self._thread.start()
        except RuntimeError as error:  # There are too many threads.
            self._thread = None
            self.error = str(error)

    @property
    def done(self) -> bool:
        return self._thread is None or not self._thread.is_alive()

    def wait(self, seconds: float | None) -> None:
        """Until it is done, but not longer."""
        if self._thread is not None:
            self._thread.join(seconds)

    def cancel(self) -> None:
        """Drop the file. It may appear for a moment."""
        self._cancelled = True

    def _run(self) -> None:
        if self._before is not None:
            self._before.wait(None)
            self._before = None
        try:
            write_private(self._path, encode(self._screen), durable=self._durable)
        except OSError as error:
            self.error = error.strerror or str(error)
        except ValueError as error:
            self.error = str(error)
        if self._cancelled:
            _unlink(self._path)


def remove_screen(path: str) -> None:
    """Delete a kept screen, without waiting for it."""
    with contextlib.suppress(RuntimeError):
        threading.Thread(target=_unlink, args=(Path(path),), name="screen saver", daemon=True).start()


def _unlink(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
