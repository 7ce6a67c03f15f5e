"""The platform seam for keeping a machine awake: something is held, and let go of again.

Whatever holds ends with Podium, however Podium ends.
"""

import os
import sys
from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, QProcess, QTimer

_PATIENCE_MS: Final = 2000
_LAST_PATIENCE_MS: Final = 500
_WHY: Final = "A mission runs."


class Inhibitor(Protocol):
    """Keeps the machine awake from ``hold`` to ``release``. Both return at once and may be called in any order."""

    def hold(self, failed: Callable[[str], None]) -> None:
        """``failed`` is called, at once or later, with a reason for a person if it can't be held (any more)."""

    def release(self) -> None: ...

    def close(self) -> None:
        """Release for good; only for the very end, as it may wait a second."""


class ProcessInhibitor(QObject):
    """A process that holds for as long as it lives. It ends when its stdin is closed, and that is with Podium."""

    def __init__(self, command: tuple[str, ...], *, terminate: bool = False) -> None:
        """``terminate`` for a command that ignores its stdin, but is given Podium's pid."""
        super().__init__()
        self._command = command
        self._terminate = terminate
        self._held: QProcess | None = None
        self._ending: list[QProcess] = []
        self._failed: Callable[[str], None] = lambda _reason: None

    @property
    def pids(self) -> tuple[int, ...]:
        """Of the processes that live."""
        processes = (self._held, *self._ending)
        return tuple(process.processId() for process in processes if process and process.processId())

    def hold(self, failed: Callable[[str], None]) -> None:
        if self._held is not None:
            return
        self._failed = failed
        process = self._held = QProcess(self)
        process.setProgram(self._command[0])
        process.setArguments(list(self._command[1:]))
        process.setStandardOutputFile(QProcess.nullDevice())
        if hasattr(QProcess, "UnixProcessParameters"):  # Qt has it on Unix only.
            parameters = QProcess.UnixProcessParameters()
            # A session of its own: no Ctrl+C where Podium was started, and no question on that terminal.
            parameters.flags = (
                QProcess.UnixProcessFlag.CreateNewSession | QProcess.UnixProcessFlag.CloseFileDescriptors
            )
            process.setUnixProcessParameters(parameters)
        # No closures: a process that held the last reference to this object would take it along, and itself again.
        process.finished.connect(self._on_ended)
        process.errorOccurred.connect(self._on_ended)  # The one word of a process that could not be started.
        process.start()

    def release(self) -> None:
        process, self._held = self._held, None
        if process is not None:
            self._ending.append(process)
            self._request_stop(process)
            # A child of the process, so that it goes with it.
            late = QTimer(process)
            late.setSingleShot(True)
            late.timeout.connect(process.kill)
            late.start(_PATIENCE_MS)

    def close(self) -> None:
        self.release()
        for process in tuple(self._ending):
            if not process.waitForFinished(_LAST_PATIENCE_MS):
                process.kill()
                process.waitForFinished(_LAST_PATIENCE_MS)

    def _request_stop(self, process: QProcess) -> None:
        process.closeWriteChannel()
        if self._terminate:
            process.terminate()

    def _on_ended(self) -> None:
        for process in tuple(self._ending):
            if process.state() is QProcess.ProcessState.NotRunning:
                self._ending.remove(process)
                process.deleteLater()
        held = self._held
        if held is not None and held.state() is QProcess.ProcessState.NotRunning:
            self._held = None
            self._failed(self._why(held))
            held.deleteLater()

    def _why(self, process: QProcess) -> str:
        """Why ``process`` does not hold any more."""
        if process.error() is QProcess.ProcessError.FailedToStart:
            return f"{self._command[0]} could not be started"
        said = bytes(process.readAllStandardError().data()).decode(errors="replace").strip()
        return said.rpartition("\n")[2][:200] or f"{self._command[0]} ended with {process.exitCode()}"


class WindowsInhibitor:
    """Asks Windows itself; it forgets when the process ends. Not run yet."""

    _CONTINUOUS: Final = 0x80000000
    _SYSTEM_REQUIRED: Final = 0x00000001

    def hold(self, failed: Callable[[str], None]) -> None:
        if not self._set(self._CONTINUOUS | self._SYSTEM_REQUIRED):
            failed("Windows refused")

    def release(self) -> None:
        self._set(self._CONTINUOUS)

    def close(self) -> None:
        self.release()

    @staticmethod
    def _set(state: int) -> int:
        from podium.core.system.windows.calls import kernel32

        return int(kernel32().SetThreadExecutionState(state))


def own_inhibitor(platform: str = sys.platform) -> Inhibitor | None:
    """The inhibitor of this platform; None where there is none."""
    if platform.startswith("linux"):
        return ProcessInhibitor(
            (
                "systemd-inhibit",
                "--what=sleep:idle",
                "--who=Podium",
                f"--why={_WHY}",
                "--mode=block",
                "cat",  # Ends when its stdin does; systemd-inhibit ends with it.
            )
        )
    if platform == "darwin":
        return ProcessInhibitor(("caffeinate", "-i", "-w", str(os.getpid())), terminate=True)
    if platform == "win32":
        return WindowsInhibitor()
    return None
