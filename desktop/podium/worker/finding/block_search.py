"""The matches of one query in blocks of lines: plain words here, patterns in another process."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from podium.core.clock import Clock
from podium.core.finding.needle import Needle
from podium.core.finding.pattern_messages import Found, SearchLines
from podium.core.finding.query import SearchQuery
from podium.terminal.search.blocks import Block
from podium.terminal.search.logical_lines import LogicalLine
from podium.worker.observers.pattern_search import PatternSearch

_PATIENCE: Final = 0.25
"""Seconds after which a pattern that nobody wants any more is given up."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A match: characters ``start`` to ``end`` of a line."""

    line: LogicalLine
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Searched:
    """A block was searched. ``hits`` are its newest matches, newest first, at most as many as were wanted."""

    block: Block
    count: int
    hits: tuple[Hit, ...]


class BlockSearch(Protocol):
    """Searches one block at a time."""

    @property
    def busy(self) -> bool:
        """Whether the last block's answer is still to come."""

    def begin(self, block: Block, most: int, receive: Callable[[Searched], None]) -> None:
        """Hand the ``most`` newest matches and the number of all to ``receive``, at once or later."""

    def cancel(self) -> None:
        """Nothing more comes."""


class PlainSearch:
    """Searches for plain words."""

    busy = False

    def __init__(self, query: SearchQuery) -> None:
        self._needle = Needle(query)

    def begin(self, block: Block, most: int, receive: Callable[[Searched], None]) -> None:
        needle = self._needle
        if not block.may_hold(needle):
            receive(Searched(block, 0, ()))
            return
        if most <= 0:
            receive(Searched(block, block.count(needle), ()))
            return
        hits: list[Hit] = []
        count = 0
        for line in reversed(block.lines()):
            spans = needle.spans(line.text)
            count += len(spans)
            for start, end in reversed(spans):
                if len(hits) == most:
                    break
                hits.append(Hit(line, start, end))
        receive(Searched(block, count, tuple(hits)))

    def cancel(self) -> None: ...


class Patterns:
    """The process that searches for a session's patterns, shared by its searches: who waits for it asks again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._process = PatternSearch(clock)
        self._owner: object = None
        self._asked_at = 0.0

    @property
    def busy(self) -> bool:
        return self._process.busy

    def begin(self, wanted: SearchLines, receive: Callable[[Found], None]) -> None:
        """See PatternSearch."""
        owner = self._owner = object()
        self._asked_at = self._clock()

        def settle(found: Found) -> None:
            if self._owner is owner:
                self._owner = None
                receive(found)

        self._process.begin(wanted, settle)

    def abandon(self) -> None:
        """Nobody wants the answer that is to come."""
        self._owner = None

    def descriptors(self) -> dict[int, int]:
        return self._process.descriptors()

    def next_deadline(self) -> float | None:
        deadline = self._process.next_deadline()
        if deadline is not None and self.busy and self._owner is None:
            return min(deadline, self._asked_at + _PATIENCE)
        return deadline

    def step(self) -> None:
        self._process.step()
        if self.busy and self._owner is None and self._clock() >= self._asked_at + _PATIENCE:
            self._process.give_up()

    def close(self) -> None:
        self._process.close()


class RegexSearch:
    """Searches for a pattern. A fault of it is handed to ``fail``, and nothing comes any more."""

    def __init__(self, query: SearchQuery, patterns: Patterns, fail: Callable[[str], None]) -> None:
        self._query = query
        self._patterns = patterns
        self._fail = fail
        self._waits = False
        self._asked = False

    @property
    def busy(self) -> bool:
        return self._waits or self._patterns.busy

    def begin(self, block: Block, most: int, receive: Callable[[Searched], None]) -> None:
        lines = block.lines()
        self._waits = True

        def settle(found: Found) -> None:
            self._waits = False
            if found.fault:
                self._fail(found.fault)
                return
            # The process has kept the first ones of the newest-first lines.
            hits = [Hit(lines[-1 - number], start, end) for number, start, end in found.spans]
            receive(Searched(block, found.count, tuple(_newest_first(hits))))

        texts = tuple(line.text for line in reversed(lines))
        self._patterns.begin(SearchLines(self._query, texts, most), settle)

    def cancel(self) -> None:
        if self._waits:
            self._waits = False
            self._patterns.abandon()


def _newest_first(hits: list[Hit]) -> list[Hit]:
    """Hits whose lines are in order already, each line's from its end."""
    return sorted(hits, key=lambda hit: (-hit.line.number, -hit.start))
