"""All searches of one session. They take turns, and together a few milliseconds at a time."""

from collections import deque
from collections.abc import Callable
from typing import Final

from podium.core.clock import Clock
from podium.core.finding.query import SearchQuery
from podium.core.protocol.finding import MAX_FINDS, Find, FindLines, FindOn, Unfind
from podium.core.protocol.reports import ErrorReport, Report
from podium.core.protocol.requests import Request
from podium.terminal import Emulator
from podium.worker.finding.block_search import BlockSearch, Patterns, PlainSearch, RegexSearch
from podium.worker.finding.lines_search import LinesSearch
from podium.worker.finding.live_search import LiveSearch

SLICE_SECONDS: Final = 0.004
"""Seconds of searching before output and requests are looked at again."""


class Finder:
    """Searches one emulator's lines. ``step`` works for a slice at most."""

    def __init__(self, emulator: Emulator, emit: Callable[[Report], None], clock: Clock) -> None:
        self._emulator = emulator
        self._emit = emit
        self._clock = clock
        self._patterns = Patterns(clock)
        self._searches: deque[LiveSearch | LinesSearch] = deque()
        """The one whose turn it is comes first."""

    def handle(self, request: Request) -> bool:
        """Carry out a request about a search; False for any other."""
        match request:
            case Find(request=number, query=query):
                if (search := self._block_search(number, query)) is not None:
                    self._searches.append(LiveSearch(number, self._emulator, search, self._emit, self._clock))
            case FindLines(request=number, query=query):
                if (search := self._block_search(number, query)) is not None:
                    self._searches.append(LinesSearch(request, self._emulator, search, self._emit))
            case FindOn(request=number):
                for one in self._searches:
                    if isinstance(one, LiveSearch) and one.request == number:
                        one.take_credit()
            case Unfind(request=number):
                self._remove(number)
            case _:
                return False
        return True

    def changed(self) -> None:
        """There was output, or the screen changed otherwise."""
        for search in self._searches:
            search.changed()

    # For the loop

    @property
    def busy(self) -> bool:
        """Whether there is something to search at once."""
        return any(search.ready for search in self._searches)

    def descriptors(self) -> dict[int, int]:
        return self._patterns.descriptors()

    def next_deadline(self) -> float | None:
        deadlines = [search.next_deadline() for search in self._searches]
        deadlines.append(self._patterns.next_deadline())
        return min((deadline for deadline in deadlines if deadline is not None), default=None)

    def step(self) -> None:
        """Search for a slice of time."""
        self._patterns.step()
        until = self._clock() + SLICE_SECONDS
        idle = 0
        while idle < len(self._searches) and self._clock() < until:
            search = self._searches[0]
            search.step()
            if isinstance(search, LinesSearch) and search.done:
                self._remove(search.request)
                continue
            idle = 0 if search.ready else idle + 1
            self._searches.rotate(-1)

    def close(self) -> None:
        self._searches.clear()
        self._patterns.close()

    # Inside

    def _block_search(self, number: int, query: SearchQuery) -> BlockSearch | None:
        """How ``query`` is searched for; None when it is not, and the asker knows why."""
        fault = query.fault
        if len(self._searches) >= MAX_FINDS:
            fault = f"{MAX_FINDS} searches are the most for one instance. Close one of them."
        if fault:
            self._emit(ErrorReport(fault, number))
            return None
        if query.regex:
            return RegexSearch(query, self._patterns, lambda reason: self._fail(number, reason))
        return PlainSearch(query)

    def _fail(self, number: int, reason: str) -> None:
        self._remove(number)
        self._emit(ErrorReport(reason, number))

    def _remove(self, number: int) -> None:
        for search in tuple(self._searches):
            if search.request == number:
                search.close()
                self._searches.remove(search)
