"""The scrollback: packed lines under absolute numbers, and floods that nobody has looked at yet as they came."""

import struct
from collections import deque
from collections.abc import Callable
from itertools import chain
from typing import Final

from podium.core.protocol.frames import Attributes
from podium.terminal.screen.attributes import Look, LookTable
from podium.terminal.screen.row import BLANK, DEFAULT, Row

_MAX_SHARED_RUNS: Final = 24
"""A line with more runs than this keeps numbers instead of looks: in a flood of random colours every cell would
keep a look of its own alive."""
MAX_LINK_TEXT: Final = 8 * 1024 * 1024
"""Characters of link targets the scrollback keeps; beyond that the oldest lines lose theirs. Each target counts as
often as a line uses it."""
_PART_LINES: Final = 256
_RUN: Final = struct.Struct("<iiii")
_UNDERLINE_SHIFT: Final = 8
_LENGTH_SHIFT: Final = 12

_DEFAULT: Final = Look(Attributes())

LookRun = tuple[Look, int]
"""A look and for how many columns it holds."""


class PackedLine:
    """A row that left the screen, with its looks as runs. What is right of its used columns is default blanks."""

    __slots__ = ("clusters", "kept", "links", "numbers", "text", "wide", "wrapped")

    def __init__(self, text: str, wrapped: bool = False) -> None:
        self.text = text
        self.wrapped = wrapped
        self.wide = False
        self.clusters: dict[int, str] | None = None
        self.kept: list[LookRun] | None = None
        """None when the whole line has the default look."""
        self.links = 0
        """Characters of its links' targets."""
        self.numbers = b""
        """Instead of ``kept``: a _RUN for each run of a line with many."""

    def runs(self) -> list[LookRun]:
        """How the used columns look, from the left."""
        if self.numbers:
            return [_unpack_run(*run) for run in _RUN.iter_unpack(self.numbers)]
        if self.kept is not None:
            return self.kept
        return [(_DEFAULT, len(self.text))] if self.text else []


def look_runs(looks: str, table: LookTable) -> list[LookRun]:
    """Signs of a row as runs of what they stand for."""
    runs: list[LookRun] = []
    while looks:
        sign = looks[0]
        rest = looks.lstrip(sign)
        runs.append((table.looks[ord(sign)], len(looks) - len(rest)))
        looks = rest
    return runs


def pack(row: Row, table: LookTable) -> PackedLine:
    """The row without its default blanks at the end."""
    text = row.text
    looks = row.looks
    if not row.wide and looks.count(DEFAULT) == len(looks):
        # The common line of a plain log.
        line = PackedLine(text.rstrip(BLANK), row.wrapped)
    else:
        used = row.used()
        line = PackedLine(text[:used], row.wrapped)
        _pack_looks(line, look_runs(looks[:used], table))
    if row.wide:
        line.wide = True
        line.clusters = row.clusters
    return line


def _pack_looks(line: PackedLine, runs: list[LookRun]) -> None:
    links = 0
    protected = False
    for look, _ in runs:
        links += look.link_size
        protected = protected or look.protected
    line.links = links
    if len(runs) > _MAX_SHARED_RUNS and not links and not protected:
        line.numbers = b"".join([_pack_run(look.attributes, length) for look, length in runs])
    else:
        line.kept = runs


def _unlink(line: PackedLine) -> None:
    """Take a line's links away, nothing else."""
    runs: list[LookRun] = []
    for look, length in line.runs():
        a = look.attributes
        plain = Attributes(a.foreground, a.background, a.style, a.underline, a.underline_color)
        runs.append((Look(plain, look.protected) if a.link else look, length))
    line.kept = runs
    line.links = 0


def _pack_run(attributes: Attributes, length: int) -> bytes:
    flags = attributes.style | attributes.underline << _UNDERLINE_SHIFT | length << _LENGTH_SHIFT
    return _RUN.pack(attributes.foreground, attributes.background, attributes.underline_color, flags)


def _unpack_run(foreground: int, background: int, underline_color: int, flags: int) -> LookRun:
    underline = flags >> _UNDERLINE_SHIFT & 0xF
    attributes = Attributes(foreground, background, flags & 0xFF, underline, underline_color)
    return Look(attributes), flags >> _LENGTH_SHIFT


def unpack(line: PackedLine, columns: int, table: LookTable) -> Row:
    """A live row again, cut to ``columns``."""
    looks = "".join(
        [table.intern(look.attributes, look.protected).sign * length for look, length in line.runs()]
    )
    row = Row(line.text, looks, line.wrapped, line.wide, line.clusters)
    if len(line.text) > columns:
        row.resize(columns)
    return row


class RawLines:
    """Whole lines of a flood as the program printed them, and how many rows they fill."""

    __slots__ = ("columns", "count", "graphemes", "longest", "look", "text")

    def __init__(
        self, text: bytes, count: int, columns: int, longest: int, look: Attributes, graphemes: bool
    ) -> None:
        self.text = text
        self.count = count
        self.columns = columns
        """How wide the screen was."""
        self.longest = longest
        """No line has more columns than this."""
        self.look = look
        """What the program wrote with when the first line began."""
        self.graphemes = graphemes

    def same_at(self, columns: int) -> bool:
        """Would a screen of ``columns`` have made the same rows of them?"""
        return self.longest <= min(columns, self.columns)


class _Part:
    """Neighbouring lines of the scrollback: packed ones, or raw ones until somebody looks."""

    __slots__ = ("count", "first", "lines", "raw")

    def __init__(self, first: int, raw: RawLines | None = None) -> None:
        self.first = first
        """The absolute number of its first line."""
        self.lines: list[PackedLine] = []
        self.raw = raw
        self.count = raw.count if raw is not None else 0


class Stretch:
    """Neighbouring lines of the scrollback as they are now. Raw ones are parsed when somebody asks for them."""

    __slots__ = ("_history", "_lines", "_part", "_start", "count")

    def __init__(self, history: "History", part: _Part, start: int, stop: int) -> None:
        self.count = stop - start
        self._history = history
        self._part = part
        self._start = start
        self._lines = part.lines[start:stop]

    def lines(self) -> list[PackedLine]:
        """All of them, oldest first."""
        if len(self._lines) < self.count:
            parsed = self._history.lines_of(self._part)
            self._lines = parsed[self._start : self._start + self.count]
            self.count = len(self._lines)
        return self._lines


class History:
    """The newest ``limit`` lines that left the top of the main screen.

    ``end`` is the absolute number of the line after the newest one, that is of the screen's top row.
    """

    def __init__(self, limit: int) -> None:
        self.limit = max(0, limit)
        self.end = 0
        self.mute = 0
        """How many of the rows to come never were on the screen; see ``flood``."""
        self.expand: Callable[[RawLines], list[PackedLine]] | None = None
        """Parses raw lines; set by who stores them."""
        self.linked: deque[PackedLine] = deque()
        """The lines that have links, oldest first; some may have left already."""
        self.link_text = 0
        self.link_limit = MAX_LINK_TEXT
        self._parts: deque[_Part] = deque()
        self._stored = 0
        """Lines in all parts; the oldest part may hold some that are too old by now."""
        self._kept = 0

    def __len__(self) -> int:
        return self._kept

    def push(self, row: Row, table: LookTable) -> None:
        """A row left the screen at its top."""
        if self.mute:
            self.mute -= 1
            return
        self.end += 1
        if self.limit:
            self._append(pack(row, table), self.end - 1)

    def push_raw(self, raw: RawLines) -> None:
        """Lines that went from the program past the screen."""
        self.end += raw.count
        if self.limit:
            self._parts.append(_Part(self.end - raw.count, raw))
            self._grown(raw.count)

    def _append(self, line: PackedLine, number: int) -> None:
        parts = self._parts
        if not parts or parts[-1].raw is not None or parts[-1].count >= _PART_LINES:
            parts.append(_Part(number))
        part = parts[-1]
        part.lines.append(line)
        part.count += 1
        self._grown(1)
        if line.links:
            self._count_links(line)

    def _grown(self, count: int) -> None:
        self._stored += count
        self._kept = min(self._kept + count, self.limit)
        while self._stored - self._parts[0].count >= self._kept:
            self._stored -= self._parts.popleft().count

    def _count_links(self, line: PackedLine) -> None:
        self.linked.append(line)
        self.link_text += line.links
        # At most as many as there are lines: what was dropped at the other end must not pile up here.
        while self.link_text > self.link_limit or len(self.linked) > self.limit:
            oldest = self.linked.popleft()
            self.link_text -= oldest.links
            _unlink(oldest)

    def lines_of(self, part: _Part) -> list[PackedLine]:
        if part.raw is not None and self.expand is not None:
            part.lines = self.expand(part.raw)
            part.raw = None
        return part.lines

    def lines(self, first: int, stop: int) -> list[PackedLine]:
        """The kept lines with absolute numbers from ``first`` to ``stop`` (exclusive)."""
        return list(chain.from_iterable([stretch.lines() for stretch in self.stretches(first, stop)]))

    def stretches(self, first: int, stop: int) -> list[Stretch]:
        """The same lines, without parsing any."""
        first = max(first, self.end - len(self))
        wanted: list[Stretch] = []
        for part in reversed(self._parts):
            if part.first < stop and part.first + part.count > first:
                start = max(0, first - part.first)
                wanted.append(Stretch(self, part, start, min(stop - part.first, part.count)))
            elif part.first + part.count <= first:
                break
        wanted.reverse()
        return wanted

    def take_back(self) -> PackedLine:
        """Give the newest line back to the screen. Raises IndexError when there is none."""
        if not len(self):
            raise IndexError("no line is kept")
        part = self._parts[-1]
        line = self.lines_of(part).pop()
        part.count -= 1
        self._stored -= 1
        self._kept -= 1
        self.end -= 1
        if not part.count:
            self._parts.pop()
        if self.linked and self.linked[-1] is line:
            self.linked.pop()
            self.link_text -= line.links
        return line

    def same_until(self, columns: int) -> int:
        """The absolute number before which all lines are the same on a screen of ``columns``."""
        for part in self._parts:
            if part.raw is not None:
                same = part.raw.same_at(columns)
            else:
                same = all(not line.wrapped and len(line.text) <= columns for line in part.lines)
            if not same:
                return part.first
        return self.end

    def replace_from(self, first: int, lines: list[PackedLine]) -> None:
        """Keep ``lines`` instead of those from the absolute number ``first`` on, which ``same_until`` gave."""
        gone: set[PackedLine] = set()
        while self._parts and self._parts[-1].first + self._parts[-1].count > first:
            part = self._parts.pop()
            self._stored -= part.count
            gone.update(part.lines)
        while self.linked and self.linked[-1] in gone:
            self.link_text -= self.linked.pop().links
        self._kept = max(0, self._kept - (self.end - first))
        self.end = first
        for line in lines:
            self.end += 1
            if self.limit:
                self._append(line, self.end - 1)

    def clear(self) -> None:
        self._parts.clear()
        self._stored = self._kept = 0
        self.linked.clear()
        self.link_text = 0
