"""The commands that the window knows of one session, and which lines it should ask for. Qt-free."""

from typing import Final, NamedTuple

from podium.core.protocol.frames import ScreenMode
from podium.core.protocol.marks import CommandState, ShellCommand
from podium.core.protocol.reports import CommandsReport
from podium.ui.terminal.view_state import ViewState

_PAGES: Final = 1
"""Pages above and below the visible one that are asked for along with it."""


class Asked(NamedTuple):
    """Lines that commands were asked for, and what was known of the marks then."""

    marks: int
    line_epoch: int
    first: int
    last: int
    to_end: bool
    """New lines below are covered too, for as long as no mark is new."""


class KnownCommands:
    """Commands by the last answer. Nothing is kept of earlier ones, so it stays small."""

    def __init__(self, state: ViewState) -> None:
        self._state = state
        self._commands: tuple[ShellCommand, ...] = ()
        self._asked: Asked | None = None
        self._received = 0.0

    @property
    def any(self) -> bool:
        """Whether the session's shell marks its prompts, and shows them now."""
        return self._state.model.marks > 0 and not self._state.model.has_mode(ScreenMode.ALTERNATE_SCREEN)

    def next_range(self) -> Asked | None:
        """What to ask for; None when all that shows is known, or asked for."""
        model, viewport = self._state.model, self._state.viewport
        if not self.any:
            return None
        top, page, asked = viewport.top, max(1, model.lines), self._asked
        if asked is not None and (asked.marks, asked.line_epoch) == (model.marks, model.line_epoch):
            covered = asked.first <= top and (asked.to_end or asked.last >= top + page - 1)
            if covered:
                return None
        last = top + (1 + _PAGES) * page - 1
        to_end = last >= model.first_line + model.lines - 1
        return Asked(model.marks, model.line_epoch, top - _PAGES * page, last, to_end)

    def sent(self, asked: Asked) -> None:
        self._asked = asked

    def take(self, report: CommandsReport, now: float) -> bool:
        """Keep an answer. False when its line numbers mean nothing any more."""
        if report.line_epoch != self._state.model.line_epoch:
            self._asked = None
            return False
        self._commands = report.commands
        self._received = now
        return True

    def clear(self) -> None:
        self._commands = ()
        self._asked = None

    def shown(self) -> list[tuple[int, ShellCommand]]:
        """The commands whose prompts are in view, each with the view's row."""
        if not self.any or self._asked is None or self._asked.line_epoch != self._state.model.line_epoch:
            return []
        top = self._state.viewport.top
        return [
            (one.line - top, one) for one in self._commands if 0 <= one.line - top < self._state.model.lines
        ]

    def at(self, line: int) -> ShellCommand | None:
        """The command that covers ``line``."""
        if not self.any:
            return None
        return next((one for one in reversed(self._commands) if one.line <= line), None)

    def latest(self) -> ShellCommand | None:
        """The newest command in view, or above, that was run."""
        last = self._state.viewport.top + self._state.model.lines
        ran = (one for one in reversed(self._commands) if one.line < last and one.output is not None)
        return next(ran, None) if self.any else None

    def seconds(self, command: ShellCommand, now: float) -> float | None:
        """How long it took, or has taken until ``now``."""
        if command.state is CommandState.RUNNING and command.seconds is not None:
            return command.seconds + max(0.0, now - self._received)
        return command.seconds

    def output(self, command: ShellCommand) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """The places where its output begins and ends, exclusive; None when it printed nothing."""
        if command.output is None:
            return None
        model = self._state.model
        end = command.end
        if end is None:
            below = (one.line for one in self._commands if one.line > command.line)
            following = next(below, None)
            bottom = model.first_line + model.cursor.y, model.cursor.x
            end = bottom if following is None else (following, 0)
        return (command.output, end) if command.output < end else None
