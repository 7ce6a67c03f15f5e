"""The terminal's events for a person: bells, notices, progress, what it says it does, clipboard writes.

All at a bounded rate.
"""

from collections.abc import Callable, Iterable
from typing import Final

from podium.core.clock import Clock
from podium.core.protocol.attention import PromptSaid, StatusSaid
from podium.core.protocol.reports import (
    BellReport,
    ClipboardReport,
    NoticeReport,
    ProgressReport,
    ProgressState,
    Report,
)
from podium.terminal.screen.events import (
    Bell,
    ClipboardWrite,
    Event,
    Notice,
    ProgramStatus,
    Progress,
    PromptMark,
)

_BELL_INTERVAL: Final = 1.0
_NOTICE_INTERVAL: Final = 1.0
_CLIPBOARD_INTERVAL: Final = 0.25
_PROGRESS_INTERVAL: Final = 0.1
_STATE_INTERVAL: Final = 0.1


class Notices:
    """Reports events. Bells and notices that come too fast are dropped; of the others the last one waits."""

    def __init__(self, emit: Callable[[Report], None], clock: Clock) -> None:
        self._emit = emit
        self._clock = clock
        self._next_bell = 0.0
        self._next_notice = 0.0
        self._clipboard: dict[str, ClipboardReport] = {}
        """By selection, what waits to be reported."""
        self._next_clipboard = 0.0
        self._progress = ProgressReport()
        self._told_progress = self._progress
        self._next_progress = 0.0
        self._status: StatusSaid | None = None
        self._prompt: PromptSaid | None = None
        """Both wait to be reported."""
        self._next_state = 0.0

    def report(self, events: Iterable[Event]) -> None:
        for event in events:
            match event:
                case Bell() if self._clock() >= self._next_bell:
                    self._next_bell = self._clock() + _BELL_INTERVAL
                    self._emit(BellReport())
                case Notice(title=title, body=body) if self._clock() >= self._next_notice:
                    self._next_notice = self._clock() + _NOTICE_INTERVAL
                    self._emit(NoticeReport(title, body))
                case ClipboardWrite(selection=selection, text=text):
                    self._clipboard[selection] = ClipboardReport(selection, text)
                case Progress(state=state, percent=percent):
                    self._progress = _progress(ProgressState(state), percent, self._progress)
                case ProgramStatus(state=state, app=app, kind=kind, message=message):
                    self._status = StatusSaid(state, app, kind, message)
                case PromptMark(kind="A") if self._prompt is None or not self._prompt.at_prompt:
                    self._prompt = PromptSaid(at_prompt=True)
                case PromptMark(kind="C"):
                    self._prompt = PromptSaid(at_prompt=False)
                case PromptMark(kind="D", exit_code=exit_code, seconds=seconds):
                    self._prompt = PromptSaid(True, exit_code, seconds)
        self.step()

    def step(self) -> None:
        """Report what is due."""
        now = self._clock()
        if self._clipboard and now >= self._next_clipboard:
            self._next_clipboard = now + _CLIPBOARD_INTERVAL
            reports, self._clipboard = self._clipboard, {}
            for report in reports.values():
                self._emit(report)
        if self._progress != self._told_progress and now >= self._next_progress:
            self._next_progress = now + _PROGRESS_INTERVAL
            self._told_progress = self._progress
            self._emit(self._progress)
        if self._says and now >= self._next_state:
            self._next_state = now + _STATE_INTERVAL
            status, prompt = self._status, self._prompt
            self._status = self._prompt = None
            for said in (status, prompt):
                if said is not None:
                    self._emit(said)

    def next_deadline(self) -> float | None:
        """The time at which ``step`` is due; None while nothing waits."""
        due = []
        if self._clipboard:
            due.append(self._next_clipboard)
        if self._progress != self._told_progress:
            due.append(self._next_progress)
        if self._says:
            due.append(self._next_state)
        return min(due, default=None)

    @property
    def _says(self) -> bool:
        return self._status is not None or self._prompt is not None

    def on_program_ended(self) -> None:
        """Its progress is over, also when it did not say so."""
        self._progress = ProgressReport()
        self._next_progress = 0.0
        self.step()


def _progress(state: ProgressState, percent: int, before: ProgressReport) -> ProgressReport:
    match state:
        case ProgressState.NONE | ProgressState.UNKNOWN:
            return ProgressReport(state)
        case ProgressState.ERROR | ProgressState.PAUSED if not percent:
            return ProgressReport(state, before.percent)  # It stays where it was.
    return ProgressReport(state, percent)
