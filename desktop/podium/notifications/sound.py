"""The sound for an instance that begins to wait: a short file, played by what the system has for that."""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from PySide6.QtCore import QObject, QProcess, QTimer
from PySide6.QtWidgets import QApplication

from podium.attention.alerts import AlertKind
from podium.core.clock import Clock, monotonic
from podium.core.resources import resource
from podium.notifications.notice import Notice

_LEAST_SECONDS: Final = 3.0
"""Between two sounds: what begins to wait at once sounds once."""
_LONGEST_MS: Final = 5000
_LAST_MS: Final = 500
_PLAYERS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "linux": (("pw-play",), ("paplay",), ("aplay", "--quiet")),
    "darwin": (("afplay",),),
}
"""Commands that take a file, those of today's systems first."""


class Sound(QObject):
    """Plays one sound at a time. QtMultimedia would be 90 MB for it."""

    def __init__(
        self,
        players: tuple[tuple[str, ...], ...] | None = None,
        beep: Callable[[], None] = QApplication.beep,
        clock: Clock = monotonic,
        parent: QObject | None = None,
    ) -> None:
        """Without any of ``players`` there is a ``beep``."""
        super().__init__(parent)
        self._players = _PLAYERS.get(sys.platform, ()) if players is None else players
        self._beep = beep
        self._clock = clock
        self._played_at: float | None = None
        self._process: QProcess | None = None
        self._player = 0
        """The one that is tried."""
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_LONGEST_MS)
        self._late.timeout.connect(self._stop)

    def tell(self, notice: Notice) -> None:
        """Sound for a question, unless there was a sound just now."""
        now = self._clock()
        due = self._played_at is None or now - self._played_at >= _LEAST_SECONDS
        if notice.alert.kind is AlertKind.QUESTION and due:
            self._played_at = now
            self._play()

    def close(self) -> None:
        """End what plays; only for the very end, as it may wait half a second."""
        process = self._process
        self._stop()
        if process is not None:
            process.waitForFinished(_LAST_MS)

    def _stop(self) -> None:
        self._late.stop()
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect(self._on_ended)
            process.errorOccurred.disconnect(self._on_error)
            process.finished.connect(process.deleteLater)
            process.kill()

    def _play(self) -> None:
        if sys.platform == "win32":
            _play_on_windows()
        elif self._process is None:
            self._try_player()

    def _try_player(self) -> None:
        if self._player >= len(self._players):
            self._beep()
            return
        program, *arguments = self._players[self._player]
        process = self._process = QProcess(self)
        process.setStandardInputFile(QProcess.nullDevice())
        process.setStandardOutputFile(QProcess.nullDevice())
        process.setStandardErrorFile(QProcess.nullDevice())
        process.finished.connect(self._on_ended)
        process.errorOccurred.connect(self._on_error)
        self._late.start()
        process.start(program, [*arguments, sound_file()])

    def _on_ended(self, code: int, status: QProcess.ExitStatus) -> None:
        self._let_go()
        if code or status is not QProcess.ExitStatus.NormalExit:
            self._try_next()  # It has no server to play to, for one.

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:  # After all others it has ended too.
            self._let_go()
            self._try_next()

    def _let_go(self) -> None:
        self._late.stop()
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()

    def _try_next(self) -> None:
        self._player += 1
        self._try_player()


def sound_file() -> str:
    return str(resource("sounds", "waiting.wav"))


def _play_on_windows() -> None:
    """Not run yet."""
    if sys.platform == "win32":
        import winsound

        flags = winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT
        with suppress(RuntimeError):
            winsound.PlaySound(sound_file(), flags)
