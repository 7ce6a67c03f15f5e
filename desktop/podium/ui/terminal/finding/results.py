"""The matches a session has found so far, and the current one of them. Qt-free."""

from bisect import bisect_left, bisect_right

from podium.core.protocol.reports import MAX_MATCHES, FoundReport, Match
from podium.ui.terminal.model.row_content import Mark


class FindResults:
    """``matches`` are in the order of the text; the newest is the first one that a person sees."""

    def __init__(self) -> None:
        self.matches: list[Match] = []
        self.current: Match | None = None
        self.complete = False
        self.lines = 0
        """Lines that were searched."""
        self.line_epoch = -1
        self.alternate = False
        self._total = 0

    def clear(self) -> None:
        """Forget everything: nothing is searched for."""
        self.matches.clear()
        self.current = None
        self.complete = False
        self.lines = self._total = 0
        self.line_epoch = -1

    def apply(self, report: FoundReport) -> None:
        """Take in a report. The current match stays while it is there; else it is the nearest older one."""
        if (report.line_epoch, report.alternate) != (self.line_epoch, self.alternate):
            self.matches.clear()
            self.current = None
            self.line_epoch, self.alternate = report.line_epoch, report.alternate
        matches = self.matches
        start = bisect_left(matches, Match(report.first, 0, 0, 0))
        stop = len(matches) if report.stop is None else bisect_left(matches, Match(report.stop, 0, 0, 0))
        matches[start:stop] = sorted(report.matches)
        del matches[: max(0, len(matches) - MAX_MATCHES)]
        self._total = report.total
        self.lines = report.lines
        self.complete = report.complete
        if self.current is not None:
            self._settle(self.current)

    def _settle(self, place: Match) -> None:
        """Make the match at ``place``, or the nearest older one, the current one."""
        at = bisect_right(self.matches, place)
        if at:
            self.current = self.matches[at - 1]
        else:
            self.current = self.matches[0] if self.matches else None

    def forget_before(self, line: int) -> None:
        """Lines before this absolute number are no longer kept."""
        gone = bisect_left(self.matches, Match(line, 0, 0, 0))
        if gone:
            del self.matches[:gone]
            self._total = max(self._total - gone, 0)
            if self.current is not None and self.current.line < line:
                self.current = self.matches[0] if self.matches else None

    @property
    def total(self) -> int:
        """The number of matches known by now; of more than are kept, about that of those in lines that are."""
        known = len(self.matches)
        return known if self._total <= MAX_MATCHES else max(self._total, known)

    @property
    def number(self) -> int:
        """The place of the current match among all, the newest being 1; 0 without one."""
        if self.current is None:
            return 0
        return len(self.matches) - bisect_left(self.matches, self.current)

    def begin(self, line: int) -> bool:
        """Make the newest match that begins on ``line`` or above the current one. False when there is none yet."""
        if not self.matches:
            return False
        self._settle(Match(line + 1, -1, 0, 0))
        return True

    def step(self, older: bool) -> None:
        """Go to the next older match or the next newer one, and round at the end."""
        if not self.matches:
            return
        if self.current is None:
            self.current = self.matches[-1]
            return
        at = bisect_left(self.matches, self.current) + (-1 if older else 1)
        self.current = self.matches[at % len(self.matches)]

    def marks(self, line: int, columns: int) -> tuple[Mark, ...]:
        """The columns [start, end) of ``line`` that belong to matches, and whether to the current one."""
        found = []
        at = bisect_right(self.matches, Match(line + 1, -1, 0, 0)) - 1
        while at >= 0:
            match = self.matches[at]
            if match.end_line < line:
                break
            start = match.column if match.line == line else 0
            end = match.end_column if match.end_line == line else columns
            if start < end:
                found.append((start, end, match == self.current))
            at -= 1
        found.reverse()
        return tuple(found)

    def nearest(self, line: int, reach: int) -> Match | None:
        """The match nearest to ``line``, at most ``reach`` lines away."""
        at = bisect_left(self.matches, Match(line, 0, 0, 0))
        beside = self.matches[max(0, at - 1) : at + 1]
        found = min(beside, key=lambda match: abs(match.line - line), default=None)
        return found if found is not None and abs(found.line - line) <= reach else None

    def lines_apart(self, apart: int) -> list[int]:
        """Lines of matches, each at least ``apart`` lines from the one before: enough for ticks that would touch."""
        lines = []
        at = 0
        while at < len(self.matches):
            line = self.matches[at].line
            lines.append(line)
            at = bisect_left(self.matches, Match(line + max(1, apart), 0, 0, 0), at)
        return lines
