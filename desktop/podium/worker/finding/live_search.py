"""A search that goes on with what is printed: pass after pass over what is new, each from the newest line to the
oldest.
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from podium.core.clock import Clock
from podium.core.protocol.reports import MAX_MATCHES, FoundReport, Match, Report
from podium.terminal import Emulator
from podium.terminal.search.walk import LineWalk
from podium.worker.finding.block_search import BlockSearch, Searched

_REPORT_INTERVAL: Final = 0.05
"""Seconds between two reports of one pass."""
_REST: Final = 0.1
"""Seconds between two passes at least; a long one is followed by as long a rest."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """Lines that were searched at once, and the number of matches in them."""

    first: int
    stop: int
    count: int

    def since(self, line: int) -> "_Segment":
        """The part of it from ``line`` on. Where its matches are is not kept, so they count by its share of lines."""
        if line <= self.first:
            return self
        kept = self.stop - line
        return _Segment(line, self.stop, round(self.count * kept / (self.stop - self.first)))


class LiveSearch:
    """Serves one Find. ``step`` does a little of the work and says whether there is more to do at once."""

    def __init__(
        self,
        request: int,
        emulator: Emulator,
        search: BlockSearch,
        emit: Callable[[Report], None],
        clock: Clock,
    ) -> None:
        self.request = request
        self._emulator = emulator
        self._search = search
        self._emit = emit
        self._clock = clock
        self._epoch = -1
        self._alternate = False
        self._older: deque[_Segment] = deque()
        """What earlier passes have found, oldest first; this pass is about what comes after it."""
        self._newer: list[_Segment] = []
        """What this pass has found so far, newest first."""
        self._walk: LineWalk | None = None
        self._volatile = 0
        """From this line on the last pass may be out of date."""
        self._changed = True
        self._credit = True
        self._matches: list[Match] = []
        """Of this pass, newest first; those not reported yet."""
        self._room = MAX_MATCHES
        self._unreported = False
        self._reached = 0
        """The oldest line that this pass has come to."""
        self._report_stop: int | None = None
        self._next_report = -math.inf
        self._next_pass = -math.inf
        self._pass_began = 0.0

    # For the finder

    @property
    def ready(self) -> bool:
        """Whether ``step`` has work to do at once."""
        if self._search.busy:
            return False
        return (self._walk is not None and not self._walk.done) or self._report_is_due()

    def next_deadline(self) -> float | None:
        """The clock's time at which ``step`` has something to do; None while it waits for somebody."""
        if self._walk is not None or self._unreported:
            return self._next_report if self._unreported and self._credit else None
        return self._next_pass if self._changed else None

    def changed(self) -> None:
        """There was output, or the screen changed otherwise."""
        self._changed = True

    def take_credit(self) -> None:
        """The last report was taken in."""
        self._credit = True

    def step(self) -> None:
        """Search the next block, or report what was found."""
        if self._search.busy:
            return
        if self._outdated():
            self._start_over()
        if self._walk is None:
            if self._changed and not self._unreported and self._clock() >= self._next_pass:
                self._begin_pass()
        elif not self._walk.done:
            block = self._walk.next_block()
            if block is not None:
                self._search.begin(block, self._room, self._take)
        if self._walk is not None and self._walk.done and not self._search.busy:
            self._end_pass()
        if self._report_is_due():
            self._report()

    def close(self) -> None:
        self._search.cancel()

    # Inside

    def _outdated(self) -> bool:
        emulator = self._emulator
        return emulator.line_epoch != self._epoch or emulator.alternate_screen != self._alternate

    def _start_over(self) -> None:
        """Line numbers mean other lines now: nothing that was found holds any more."""
        self._search.cancel()
        self._epoch = self._emulator.line_epoch
        self._alternate = self._emulator.alternate_screen
        self._older.clear()
        self._newer.clear()
        self._matches.clear()
        self._volatile = 0
        self._walk = None
        self._unreported = False
        self._changed = True
        self._next_pass = -math.inf

    def _begin_pass(self) -> None:
        emulator = self._emulator
        self._changed = False
        self._pass_began = self._clock()
        # A screen that grew took lines back from the scrollback, and they may change there.
        first = min(self._volatile, emulator.first_line)
        while self._older and self._older[-1].stop > first:
            first = min(first, self._older.pop().first)
        self._newer.clear()
        self._matches.clear()
        self._room = MAX_MATCHES
        self._report_stop = None
        self._reached = emulator.first_line
        self._walk = emulator.walk(first, scrollback=not self._alternate)

    def _take(self, searched: Searched) -> None:
        block = searched.block
        self._newer.append(_Segment(block.first, block.stop, searched.count))
        self._reached = min(self._reached, block.first)
        for hit in searched.hits:
            self._matches.append(Match(*hit.line.place(hit.start, hit.end)))
        self._room -= len(searched.hits)
        self._unreported = True

    def _end_pass(self) -> None:
        assert self._walk is not None
        self._volatile = self._walk.volatile
        self._older += reversed(self._newer)
        self._newer.clear()
        self._walk = None
        now = self._clock()
        self._next_pass = now + max(_REST, now - self._pass_began)
        # Also when nothing was searched: that all of it was is news.
        self._unreported = True
        self._next_report = now

    def _report_is_due(self) -> bool:
        return self._unreported and self._credit and self._clock() >= self._next_report

    def _report(self) -> None:
        self._forget_lost_lines()
        oldest = self._emulator.oldest_line
        segments = [segment.since(oldest) for segment in (*self._older, *self._newer)]
        self._emit(
            FoundReport(
                self.request,
                self._epoch,
                self._alternate,
                self._reached,
                self._report_stop,
                tuple(self._matches),
                sum(segment.count for segment in segments),
                sum(segment.stop - segment.first for segment in segments),
                self._walk is None,
            )
        )
        self._report_stop = self._reached
        self._matches.clear()
        self._unreported = False
        self._credit = False
        self._next_report = self._clock() + _REPORT_INTERVAL

    def _forget_lost_lines(self) -> None:
        oldest = self._emulator.oldest_line
        while self._older and self._older[0].stop <= oldest:
            self._older.popleft()
        while self._newer and self._newer[-1].stop <= oldest:
            self._newer.pop()
