"""Looking out for text or quiet on a session's screen, so that nobody has to ask again and again.

Plain words are looked for here. A pattern is searched for in another process: see ``pattern_process``.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from podium.core.clock import Clock
from podium.core.reports import ErrorReport, MatchedReport, Report, WatchingReport
from podium.core.requests import Watch
from podium.terminal import Emulator
from podium.worker.pattern_process import MAX_FOUND, Found
from podium.worker.pattern_search import PatternSearch

MAX_WATCHES: Final = 64
_INTERVAL: Final = 0.05
"""Between two looks during output. A look that takes long makes the next one wait ten times as long."""
_LINES_BACK: Final = 1000
"""How much of what scrolled off since the last look is searched."""


@dataclass(slots=True)
class _Watched:
    wanted: Watch
    since: float
    first: int
    """The absolute number of the line from which on it has not been looked at."""
    epoch: int
    accepted: bool = False
    """Its pattern was searched for once, and nobody died of it."""


class Watches:
    """The watches of one session."""

    def __init__(self, emulator: Emulator, emit: Callable[[Report], None], clock: Clock) -> None:
        self._emulator = emulator
        self._emit = emit
        self._clock = clock
        self._watched: dict[int, _Watched] = {}
        self._changed = False
        self._next_look = 0.0
        self._patterns = PatternSearch(clock)
        self._due: deque[int] = deque()
        """The patterns that the look under way has still to search for."""
        self._asked: int | None = None
        """The one that is being searched for."""
        self._look_began = 0.0

    def add(self, wanted: Watch) -> None:
        """Begin with ``wanted``; what is on the screen by now counts."""
        if len(self._watched) >= MAX_WATCHES:
            self._emit(ErrorReport(f"{MAX_WATCHES} watches are the most for one instance.", wanted.request))
            return
        emulator = self._emulator
        self._watched[wanted.request] = _Watched(
            wanted, self._clock(), emulator.first_line, emulator.line_epoch
        )
        self._changed = True

    def remove(self, number: int) -> None:
        self._watched.pop(number, None)
        if number == self._asked:
            self._asked = None
            self._patterns.cancel()

    def on_output(self, now: float) -> None:
        if self._watched:
            self._changed = True
            for watched in self._watched.values():
                watched.since = now

    def descriptors(self) -> dict[int, int]:
        """What else ``turn`` waits for: descriptors and poll's events for each."""
        return self._patterns.descriptors()

    def next_deadline(self) -> float | None:
        """When ``turn`` wants to be called; None when there is nothing to look out for."""
        due = [
            watched.since + watched.wanted.quiet
            for watched in self._watched.values()
            if watched.wanted.quiet is not None
        ]
        idle = self._asked is None and not self._due
        if idle and self._changed and any(watched.wanted.text for watched in self._watched.values()):
            due.append(self._next_look)
        if (deadline := self._patterns.next_deadline()) is not None:
            due.append(deadline)
        return min(due, default=None)

    def turn(self) -> None:
        """Look, if it is time."""
        self._patterns.turn()
        if not self._watched:
            return
        now = self._clock()
        for watched in tuple(self._watched.values()):
            if watched.wanted.quiet is not None and now >= watched.since + watched.wanted.quiet:
                self._matched(watched, "")
        if self._changed and self._asked is None and not self._due and now >= self._next_look:
            self._begin_look(now)
        self._search_on()

    def close(self) -> None:
        self._watched.clear()
        self._patterns.close()

    def _begin_look(self, now: float) -> None:
        self._changed = False
        self._look_began = now
        for watched in tuple(self._watched.values()):
            if watched.wanted.has_pattern:
                self._due.append(watched.wanted.request)
            elif watched.wanted.text and watched.wanted.text in self._new_text(watched):
                self._matched(watched, watched.wanted.text)
        if not self._due:
            self._end_look()

    def _search_on(self) -> None:
        """Ask for the next pattern of the look under way."""
        while self._asked is None and self._due:
            watched = self._watched.get(self._due.popleft())
            if watched is not None:
                number = self._asked = watched.wanted.request
                text = self._new_text(watched)
                self._patterns.begin(watched.wanted.text, text, partial(self._on_found, number))
            if self._asked is None and not self._due:
                self._end_look()

    def _on_found(self, number: int, found: Found) -> None:
        self._asked = None
        watched = self._watched.get(number)
        if watched is not None:
            if found.fault:
                self.remove(number)
                self._emit(ErrorReport(found.fault, number))
            elif found.text is not None:
                self._matched(watched, found.text)
            elif not watched.accepted:
                watched.accepted = True
                self._emit(WatchingReport(number))
        if not self._due:
            self._end_look()

    def _end_look(self) -> None:
        after = self._clock()
        self._next_look = after + max(_INTERVAL, 10 * (after - self._look_began))

    def _new_text(self, watched: _Watched) -> str:
        """What it has not been looked for in yet: the screen, and what scrolled off it."""
        emulator = self._emulator
        first = emulator.first_line
        if watched.epoch != emulator.line_epoch:
            watched.epoch, watched.first = emulator.line_epoch, first
        start = max(min(watched.first, first), first - _LINES_BACK)
        watched.first = first
        return emulator.text_from(start)

    def _matched(self, watched: _Watched, text: str) -> None:
        self.remove(watched.wanted.request)
        self._emit(MatchedReport(watched.wanted.request, text[:MAX_FOUND]))
