"""Shutdown with running instances: in order, within seven seconds, and with a notice of what had to be killed."""

import faulthandler
import os
import sys
from collections.abc import Callable
from typing import Final, NoReturn

from PySide6.QtCore import QObject, QTimer, Signal

from podium.core.clock import Clock, monotonic
from podium.core.join_names import first_few
from podium.workspace.workspace import Workspace

SECONDS: Final = 7.0
"""From the first ``begin`` until the process has gone, whatever hangs."""
_INSTANCES_MS: Final = 6300
"""Of that, what instances may take: workers are killed after 6 s. The rest is for the last words to the disk."""
_LAST_WORDS_SECONDS: Final = 6.8
"""Work that is not done by then is abandoned."""
_EXPLAIN_MS: Final = 1000


class Shutdown(QObject):
    """``begin`` may be called again and again; ``end`` is called once all has ended or the time is over."""

    begun = Signal()
    """The end has begun; once, before anything is asked to end."""
    delayed = Signal(str)
    """The end takes a while; words for a person."""

    def __init__(
        self,
        workspace: Workspace,
        end: Callable[[], None],
        say: Callable[[str], None],
        parent: QObject | None = None,
        clock: Clock = monotonic,
    ) -> None:
        """``say`` gets words for a person, before ``end`` is called."""
        super().__init__(parent)
        self._workspace = workspace
        self._end = end
        self._say = say
        self._clock = clock
        self._began: float | None = None
        self.late = False
        """Something had not ended in time."""
        self._patience = self._timer(_INSTANCES_MS, self._on_late)
        self._explanation = self._timer(_EXPLAIN_MS, self._explain)

    @property
    def seconds_left(self) -> float:
        """For the last words to the disk; all of it before ``begin``."""
        passed = self._clock() - self._began if self._began is not None else 0.0
        return max(0.0, _LAST_WORDS_SECONDS - passed)

    def begin(self) -> None:
        if self._began is not None:
            return
        self._began = self._clock()
        self._patience.start()
        self._explanation.start()
        self.begun.emit()
        self._workspace.shutdown(self._on_ended)

    def close(self) -> None:
        """After the event loop: the timers count no more."""
        self._patience.stop()
        self._explanation.stop()

    def _timer(self, interval: int, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(call)
        return timer

    def _explain(self) -> None:
        names = [self._workspace.view(instance).spec.name for instance in self._workspace.running()]
        if names:
            self.delayed.emit(f"Podium closes as soon as these have ended: {first_few(names)}.")

    def _on_ended(self) -> None:
        if self.late:
            return
        self._patience.stop()
        killed = [f"{what} of {name}" for name, what in self._workspace.killed()]
        if killed:
            self._say(f"When Podium closed it had to kill {', '.join(killed)}.")
        self._end()

    def _on_late(self) -> None:
        """Something does not end even when it is killed. It is in the ledger: the next start looks for it."""
        self.late = True
        running = self._workspace.running()
        names = ", ".join(self._workspace.view(instance).spec.name for instance in running)
        self._say(f"When Podium closed these did not end in time: {names or 'closed instances'}.")
        self._end()


def exit_after(seconds: float = SECONDS) -> None:
    """Leave the process with status 1 in ``seconds``, even if it hangs where no other thread of Python can run."""
    # Its list of threads and stacks is not for a person.
    faulthandler.dump_traceback_later(seconds, exit=True, file=_nowhere())


def exit_now(status: int) -> NoReturn:
    """Leave without waiting for threads that hang, as an orderly exit of Python and Qt would."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(status)


def _nowhere() -> int:
    return os.open(os.devnull, os.O_WRONLY | getattr(os, "O_CLOEXEC", 0))
