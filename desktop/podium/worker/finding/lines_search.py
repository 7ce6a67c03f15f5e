"""A search that is answered once, with the lines themselves."""

from collections.abc import Callable
from itertools import groupby
from typing import Final

from podium.core.protocol.finding import MAX_FOUND_LINES, FindLines
from podium.core.protocol.reports import FoundLine, FoundLinesReport, Report, found_line
from podium.terminal import Emulator
from podium.worker.finding.block_search import BlockSearch, Hit, Searched

_BATCH: Final = 40
"""Lines of one report: however long they are, it stays below what a message may hold."""
_MOST_HITS: Final = 10_000
"""Matches of one block whose places are wanted."""


class LinesSearch:
    """Serves one FindLines, of the lines as they were when it came. ``step`` searches one block."""

    def __init__(
        self,
        wanted: FindLines,
        emulator: Emulator,
        search: BlockSearch,
        emit: Callable[[Report], None],
    ) -> None:
        self.request = wanted.request
        self._left = max(0, min(wanted.most, MAX_FOUND_LINES))
        self._search = search
        self._emit = emit
        self._walk = emulator.walk()
        self._epoch = emulator.line_epoch
        self._found: list[FoundLine] = []
        self._total = 0
        self.done = False

    @property
    def ready(self) -> bool:
        """Whether ``step`` has work to do at once."""
        return not self.done and not self._search.busy

    def next_deadline(self) -> float | None:
        return None

    def changed(self) -> None:
        """Later output is not searched."""

    def step(self) -> None:
        if not self.ready:
            return
        if not self._walk.done:
            block = self._walk.next_block()
            if block is not None:
                self._search.begin(block, _MOST_HITS if self._left else 0, self._take)
        if self._walk.done and not self._search.busy and not self.done:
            self.done = True
            self._report()

    def close(self) -> None:
        self._search.cancel()

    def _take(self, searched: Searched) -> None:
        self._total += searched.count
        for _, hits in groupby(searched.hits, key=lambda hit: hit.line.number):
            if not self._left:
                break
            self._left -= 1
            self._found.append(_found_line(list(hits)))
            if len(self._found) == _BATCH:
                self._report()

    def _report(self) -> None:
        self._emit(
            FoundLinesReport(self.request, self._epoch, tuple(self._found), self._total, more=not self.done)
        )
        self._found.clear()


def _found_line(hits: list[Hit]) -> FoundLine:
    """The line of ``hits``, the last of which is its first match."""
    line = hits[0].line
    return found_line(line.number, line.text, [(hit.start, hit.end) for hit in reversed(hits)])
