"""Looking out for text or quiet on a session's screen, so that nobody has to ask again and again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from podium.core.clock import Clock
from podium.core.reports import ErrorReport, MatchedReport, Report
from podium.core.requests import Watch
from podium.terminal import Emulator

if TYPE_CHECKING:
    import regex

MAX_WATCHES: Final = 64
_INTERVAL: Final = 0.05
"""Between two looks during output. A look that takes long makes the next one wait ten times as long."""
_MATCH_SECONDS: Final = 0.05
"""What one pattern may take of one look."""
_LINES_BACK: Final = 1000
"""How much of what scrolled off since the last look is searched."""
_MAX_TEXT: Final = 1024


@dataclass(slots=True)
class _Watched:
    number: int
    pattern: "regex.Pattern[str] | None"
    quiet: float | None
    since: float
    first: int
    """The absolute number of the line from which on it has not been looked at."""
    epoch: int


class Watches:
    """The watches of one session."""

    def __init__(self, emulator: Emulator, emit: Callable[[Report], None], clock: Clock) -> None:
        self._emulator = emulator
        self._emit = emit
        self._clock = clock
        self._watched: dict[int, _Watched] = {}
        self._changed = False
        self._next_look = 0.0

    def add(self, wanted: Watch) -> None:
        """Begin with ``wanted``; what is on the screen by now counts."""
        if len(self._watched) >= MAX_WATCHES:
            self._emit(ErrorReport(f"{MAX_WATCHES} watches are the most for one instance.", wanted.request))
            return
        pattern = None
        if wanted.text:
            import regex  # Only here: most workers are never asked.

            try:
                pattern = regex.compile(wanted.text, regex.MULTILINE)
            except (regex.error, RecursionError, OverflowError, MemoryError) as error:
                self._emit(ErrorReport(f"“{wanted.text[:80]}” is no pattern: {error}.", wanted.request))
                return
        now = self._clock()
        emulator = self._emulator
        self._watched[wanted.request] = _Watched(
            wanted.request, pattern, wanted.quiet, now, emulator.first_line, emulator.line_epoch
        )
        self._changed = True

    def remove(self, number: int) -> None:
        self._watched.pop(number, None)

    def on_output(self, now: float) -> None:
        if self._watched:
            self._changed = True
            for watched in self._watched.values():
                watched.since = now

    def next_deadline(self) -> float | None:
        """When ``turn`` wants to be called; None when there is nothing to look out for."""
        if not self._watched:
            return None
        due = [
            watched.since + watched.quiet for watched in self._watched.values() if watched.quiet is not None
        ]
        if self._changed and any(watched.pattern is not None for watched in self._watched.values()):
            due.append(self._next_look)
        return min(due, default=None)

    def turn(self) -> None:
        """Look, if it is time."""
        if not self._watched:
            return
        now = self._clock()
        for watched in tuple(self._watched.values()):
            if watched.quiet is not None and now >= watched.since + watched.quiet:
                self._matched(watched, "")
        if self._changed and now >= self._next_look:
            self._changed = False
            for watched in tuple(self._watched.values()):
                if watched.pattern is not None:
                    self._look(watched, watched.pattern)
            after = self._clock()
            self._next_look = after + max(_INTERVAL, 10 * (after - now))

    def _look(self, watched: _Watched, pattern: "regex.Pattern[str]") -> None:
        emulator = self._emulator
        first = emulator.first_line
        if watched.epoch != emulator.line_epoch:
            watched.epoch, watched.first = emulator.line_epoch, first
        start = max(min(watched.first, first), first - _LINES_BACK)
        watched.first = first
        text = emulator.text_from(start)
        try:
            found: Any = pattern.search(text, timeout=_MATCH_SECONDS)
        except TimeoutError:
            self.remove(watched.number)
            self._emit(ErrorReport("The pattern takes too long; make it simpler.", watched.number))
            return
        if found is not None:
            self._matched(watched, found.group()[:_MAX_TEXT])

    def _matched(self, watched: _Watched, text: str) -> None:
        self.remove(watched.number)
        self._emit(MatchedReport(watched.number, text))
