"""Watches for text or quiet on a session's screen, which spare clients from polling.

Plain words are looked for here. A pattern is searched for in another process: see ``pattern_process``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from podium.core.clock import Clock
from podium.core.finding.pattern_messages import MAX_FOUND, Found, Search
from podium.core.protocol.reports import ErrorReport, MatchedReport, Report, WatchingReport
from podium.core.protocol.requests import MAX_WATCHES, Watch
from podium.terminal import Emulator
from podium.worker.observers.fresh_output import FreshOutput
from podium.worker.observers.pattern_search import PatternSearch

_INTERVAL: Final = 0.05
"""Between two checks during output. A slow check delays the next one by ten times its duration."""
_MOST_REST: Final = 0.25
"""Seconds that one slow pattern may make the others wait besides."""
_LINES_BACK: Final = 1000
"""The number of lines searched of what scrolled off since the last check."""


@dataclass(slots=True)
class _Watched:
    wanted: Watch
    since: float
    first: int
    """The absolute number of the line from which on it has not been looked at."""
    epoch: int
    new: bool
    """Only what was drawn since the last mark counts."""
    changed: bool = True
    """There is text that it has not been looked for in."""
    next_look: float = 0.0
    accepted: bool = False
    """Its pattern was searched for once without ending the search process."""


class Watches:
    """The watches of one session."""

    def __init__(self, emulator: Emulator, emit: Callable[[Report], None], clock: Clock) -> None:
        self._emulator = emulator
        self._emit = emit
        self._clock = clock
        self._watched: dict[int, _Watched] = {}
        self._fresh = FreshOutput(emulator)
        self._patterns = PatternSearch(clock)
        self._asked: int | None = None
        """The pattern that is being searched for."""
        self._asked_at = 0.0
        self._next_search = self._next_words = 0.0

    def mark(self, sent: str = "", *, shown_again: bool = False) -> None:
        """Text drawn from now on is new; see FreshOutput."""
        self._fresh.mark(sent, shown_again=shown_again)

    def add(self, wanted: Watch) -> None:
        """Begin with ``wanted``. What is on the screen by now counts, unless only new text is wanted."""
        if len(self._watched) >= MAX_WATCHES:
            self._emit(ErrorReport(f"{MAX_WATCHES} watches are the most for one instance.", wanted.request))
            return
        emulator = self._emulator
        if wanted.new and not self._fresh.marked:
            self._fresh.mark()
        new = bool(wanted.text) and (self._fresh.marked if wanted.new is None else wanted.new)
        self._watched[wanted.request] = _Watched(
            wanted, self._clock(), emulator.first_line, emulator.line_epoch, new
        )

    def remove(self, number: int) -> None:
        # A search under way goes on unheard: ending its process would cost the others more.
        self._watched.pop(number, None)

    def on_output(self, now: float, data: bytes = b"") -> None:
        self._fresh.on_output(data, asked=any(watched.new for watched in self._watched.values()))
        self._on_changed(now)

    def on_redrawn(self, now: float) -> None:
        self._fresh.on_redrawn()
        self._on_changed(now)

    def _on_changed(self, now: float) -> None:
        for watched in self._watched.values():
            watched.since = now
            watched.changed = True

    def descriptors(self) -> dict[int, int]:
        """Descriptors that ``step`` waits for besides, and poll's events for each."""
        return self._patterns.descriptors()

    def next_deadline(self) -> float | None:
        """The time at which ``step`` is due; None without watches."""
        due = []
        for watched in self._watched.values():
            if watched.wanted.quiet is not None:
                due.append(watched.since + watched.wanted.quiet)
            if watched.changed and watched.wanted.has_pattern and self._asked is None:
                due.append(max(watched.next_look, self._next_search))
            elif watched.changed and watched.wanted.text and not watched.wanted.has_pattern:
                due.append(max(watched.next_look, self._next_words))
        if (deadline := self._patterns.next_deadline()) is not None:
            due.append(deadline)
        return min(due, default=None)

    def step(self) -> None:
        """Look, if it is time."""
        self._patterns.step()
        if not self._watched:
            return
        now = self._clock()
        for watched in tuple(self._watched.values()):
            if watched.wanted.quiet is not None and now >= watched.since + watched.wanted.quiet:
                self._matched(watched, "")
        if now >= self._next_words:
            self._search_words(now)
        if now >= self._next_search:
            self._search(now)

    def close(self) -> None:
        self._watched.clear()
        self._patterns.close()

    def _due(self, now: float, *, patterns: bool) -> list[_Watched]:
        """Those to be looked for, the one that waits longest first."""
        due = [
            watched
            for watched in self._watched.values()
            if watched.changed
            and watched.wanted.text
            and watched.wanted.has_pattern is patterns
            and now >= watched.next_look
        ]
        return sorted(due, key=lambda watched: watched.next_look)

    def _search_words(self, now: float) -> None:
        due = self._due(now, patterns=False)
        for watched in due:
            if watched.wanted.text in self._new_text(watched):
                self._matched(watched, watched.wanted.text)
        if due:
            after = self._clock()
            self._next_words = after + 10 * (after - now)
            for watched in due:
                watched.next_look = after + _INTERVAL

    def _search(self, now: float) -> None:
        """Ask for the pattern that is next, if none is being searched for."""
        while self._asked is None and (due := self._due(now, patterns=True)):
            number = self._asked = due[0].wanted.request
            self._asked_at = now
            text = self._new_text(due[0])
            self._patterns.begin(Search(due[0].wanted.text, text), partial(self._on_found, number))

    def _on_found(self, number: int, found: Found) -> None:
        self._asked = None
        after = self._clock()
        took = after - self._asked_at
        self._next_search = after + min(took, _MOST_REST)
        watched = self._watched.get(number)
        if watched is None:
            return
        watched.next_look = after + max(_INTERVAL, 10 * took)
        if found.fault:
            self.remove(number)
            self._emit(ErrorReport(found.fault, number))
        elif found.text is not None:
            self._matched(watched, found.text)
        elif not watched.accepted:
            watched.accepted = True
            self._emit(WatchingReport(number))

    def _new_text(self, watched: _Watched) -> str:
        """The text it has not been looked for in yet: the screen, and what scrolled off it."""
        watched.changed = False
        emulator = self._emulator
        first = emulator.first_line
        if watched.epoch != emulator.line_epoch:
            watched.epoch, watched.first = emulator.line_epoch, first
        start = max(min(watched.first, first), first - _LINES_BACK)
        watched.first = first
        return self._fresh.text() if watched.new and self._fresh.marked else emulator.text_from(start)

    def _matched(self, watched: _Watched, text: str) -> None:
        self.remove(watched.wanted.request)
        self._emit(MatchedReport(watched.wanted.request, text[:MAX_FOUND]))
