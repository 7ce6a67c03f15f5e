"""Saves the workspace's state a moment after it changed, off the window's thread, and once more at the end."""

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from podium.app.background import LAST_WAIT
from podium.core.background import RunInBackground, within
from podium.workspace.saved_state import SavedState, save

_DELAY_MS = 400


class StateKeeper(QObject):
    """``changed`` may be called as often as one likes; the state is taken when it is written."""

    def __init__(
        self,
        path: Path,
        take: Callable[[], SavedState],
        run: RunInBackground,
        warn: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._path = path
        self._take = take
        self._run = run
        self._warn = warn
        self._saved: SavedState | None = None
        self._writing: SavedState | None = None
        self._file = _LatestState(path)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self._write)

    def changed(self) -> None:
        """Something that is saved may be another now."""
        if not self._timer.isActive():
            self._timer.start()

    def save_soon(self) -> None:
        """Begin to save now, without waiting for more changes or for the disk."""
        self._timer.stop()
        # Even while an earlier state is being written: nothing may be left to an event loop that may hang by then.
        state = self._take()
        if state != (self._writing or self._saved):
            self._begin(state)

    def save_now(self, seconds: float = LAST_WAIT) -> bool:
        """The last save, when nothing else runs any more; waits so long for the disk at most. False when it is not
        there by then. Raises OSError.
        """
        self._timer.stop()
        state = self._take()
        if state == self._saved:
            return True
        self._saved = state
        return within(seconds, self._file.job(state))

    def _write(self) -> None:
        if self._writing is not None:
            self._timer.start()
            return
        state = self._take()
        if state != self._saved:
            self._begin(state)

    def _begin(self, state: SavedState) -> None:
        self._writing = state
        self._run(
            self._file.job(state), lambda _: self._written(state), lambda error: self._failed(state, error)
        )

    def _written(self, state: SavedState) -> None:
        if self._writing is state:  # Nothing later is on its way.
            self._writing = None
            self._saved = state

    def _failed(self, state: SavedState, error: Exception) -> None:
        if self._writing is state:
            self._writing = None
        self._warn(
            f"The workspace could not be saved to {self._path}: {error}. It is tried again at the next change."
        )


class _LatestState:
    """The file, written by several threads: what is asked for later is never replaced by something older."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._asked = 0
        self._written = 0
        self._lock = threading.Lock()

    def job(self, state: SavedState) -> Callable[[], None]:
        """A job that writes ``state`` on any thread. Called on the window's."""
        self._asked += 1
        number = self._asked

        def write() -> None:
            with self._lock:
                if number > self._written:
                    save(self._path, state)
                    self._written = number

        return write
