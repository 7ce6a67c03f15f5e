"""The prompts of one session whose command failed, for their ticks on the scroll bar. Qt-free."""

from bisect import bisect_left

from podium.core.protocol.command_reports import MAX_FAILED, FailedReport
from podium.core.protocol.frames import ScreenMode
from podium.ui.terminal.model.screen_model import ScreenModel


class FailedPrompts:
    """Their lines, oldest first. What may have changed is asked for anew when the session's marks have."""

    def __init__(self, model: ScreenModel) -> None:
        self._model = model
        self._lines: list[int] = []
        self._line_epoch = -1
        self._reached = 0
        """From this line on more may come."""
        self._asked: tuple[int, int] | None = None
        """The line epoch and the count of marks that were asked about last."""

    @property
    def lines(self) -> list[int]:
        """Those that the terminal keeps now; none while they have other numbers, or another screen is shown."""
        model = self._model
        if self._line_epoch != model.line_epoch or model.has_mode(ScreenMode.ALTERNATE_SCREEN):
            return []
        gone = bisect_left(self._lines, model.oldest_line)
        if gone:
            del self._lines[:gone]
        return self._lines

    def lines_apart(self, apart: int) -> list[int]:
        """Lines of them, each at least ``apart`` lines from the one before."""
        every = self.lines
        lines = []
        at = 0
        while at < len(every):
            lines.append(every[at])
            at = bisect_left(every, every[at] + max(1, apart), at)
        return lines

    def nearest(self, line: int, reach: int) -> int | None:
        """The one nearest to ``line``, at most ``reach`` lines away."""
        at = bisect_left(self.lines, line)
        found = min(self.lines[max(0, at - 1) : at + 1], key=lambda one: abs(one - line), default=None)
        return found if found is not None and abs(found - line) <= reach else None

    def next_first(self) -> int | None:
        """The line to ask from; None when all is known, or asked for."""
        model = self._model
        now = model.line_epoch, model.marks
        if not model.marks or model.has_mode(ScreenMode.ALTERNATE_SCREEN) or self._asked == now:
            return None
        # A screen that grew took lines back from the scrollback, and they may change there.
        return min(self._reached, model.first_line) if self._line_epoch == model.line_epoch else 0

    def sent(self) -> None:
        self._asked = self._model.line_epoch, self._model.marks

    def take(self, report: FailedReport) -> bool:
        """Take in an answer. False when its line numbers mean nothing any more."""
        if report.line_epoch != self._model.line_epoch:
            self._asked = None
            return False
        if self._line_epoch != report.line_epoch:
            self._lines.clear()
        self._line_epoch, self._reached = report.line_epoch, report.reached
        del self._lines[bisect_left(self._lines, report.first) :]
        self._lines += report.lines
        del self._lines[: max(0, len(self._lines) - MAX_FAILED)]
        return True

    def clear(self) -> None:
        """Another session draws from now on."""
        self._lines.clear()
        self._line_epoch = -1
        self._reached = 0
        self._asked = None
