"""The scrollback: packed lines under absolute numbers, and lines of a log that are not parsed yet."""

import struct
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final

from podium.core.protocol.frames import Attributes
from podium.terminal.images.placement import Strips
from podium.terminal.screen.attributes import CellStyle, StyleTable
from podium.terminal.screen.row import BLANK, DEFAULT, Row
from podium.terminal.screen.row_mark import RowMark

_MAX_SHARED_RUNS: Final = 24
"""A line with more runs than this keeps numbers instead of styles: with random colours every cell would
keep a style of its own alive."""
MAX_LINK_TEXT: Final = 8 * 1024 * 1024
"""Characters of link targets the scrollback keeps; beyond that the oldest lines lose theirs. Each target counts as
often as a line uses it."""
MAX_MARKED: Final = 16_384
"""Lines with marks; of more, the oldest lose theirs."""
_CHUNK_LINES: Final = 256
_RUN: Final = struct.Struct("<iiii")
_UNDERLINE_SHIFT: Final = 8
_LENGTH_SHIFT: Final = 12

_DEFAULT: Final = CellStyle(Attributes())

StyleRun = tuple[CellStyle, int]
"""A style and for how many columns it holds."""


class PackedLine:
    """A row that left the screen, with its styles as runs. Columns to the right of the used ones are default blanks."""

    __slots__ = (
        "bidi",
        "clusters",
        "filler",
        "images",
        "kept",
        "links",
        "marks",
        "numbers",
        "text",
        "wide",
        "wrapped",
    )

    def __init__(self, text: str, wrapped: bool = False) -> None:
        self.text = text
        self.wrapped = wrapped
        self.filler = False
        self.bidi = 0
        """See ``Row``."""
        self.wide = False
        self.clusters: dict[int, str] | None = None
        self.kept: list[StyleRun] | None = None
        """None when the whole line has the default style."""
        self.links = 0
        """Characters of its links' targets."""
        self.marks: tuple[RowMark, ...] = ()
        self.images: Strips = ()
        self.numbers = b""
        """Instead of ``kept``: a _RUN for each run of a line with many."""

    def runs(self) -> list[StyleRun]:
        """The styles of the used columns, from the left."""
        if self.numbers:
            return [_unpack_run(*run) for run in _RUN.iter_unpack(self.numbers)]
        if self.kept is not None:
            return self.kept
        return [(_DEFAULT, len(self.text))] if self.text else []


def style_runs(styles: str, table: StyleTable) -> list[StyleRun]:
    """The style codes of a row as runs of styles."""
    runs: list[StyleRun] = []
    while styles:
        style_code = styles[0]
        rest = styles.lstrip(style_code)
        runs.append((table.styles[ord(style_code)], len(styles) - len(rest)))
        styles = rest
    return runs


def pack(row: Row, table: StyleTable) -> PackedLine:
    """The row without its default blanks at the end."""
    text = row.text
    styles = row.styles
    if not row.wide and styles.count(DEFAULT) == len(styles):
        # The common line of a plain log.
        line = PackedLine(text.rstrip(BLANK), row.wrapped)
        line.filler = row.filler
        line.bidi = row.bidi
        line.marks = row.marks
        return line
    return pack_columns(row, row.used(), table)


def pack_columns(row: Row, used: int, table: StyleTable) -> PackedLine:
    """The first ``used`` columns of the row; no more than it has."""
    line = PackedLine(row.text[:used], row.wrapped)
    _pack_styles(line, style_runs(row.styles[:used], table))
    line.filler = row.filler
    line.bidi = row.bidi
    if row.wide:
        line.wide = True
        line.clusters = row.clusters
        line.images = row.images
    line.marks = row.marks
    return line


def _pack_styles(line: PackedLine, runs: list[StyleRun]) -> None:
    links = 0
    protected = False
    for style, _ in runs:
        links += style.link_size
        protected = protected or style.protected
    line.links = links
    if len(runs) > _MAX_SHARED_RUNS and not links and not protected:
        line.numbers = b"".join([_pack_run(style.attributes, length) for style, length in runs])
    else:
        line.kept = runs


def _unlink(line: PackedLine) -> None:
    """Remove a line's links."""
    runs: list[StyleRun] = []
    for style, length in line.runs():
        a = style.attributes
        plain = Attributes(a.foreground, a.background, a.style, a.underline, a.underline_color)
        runs.append((CellStyle(plain, style.protected) if a.link else style, length))
    line.kept = runs
    line.links = 0


def _pack_run(attributes: Attributes, length: int) -> bytes:
    flags = attributes.style | attributes.underline << _UNDERLINE_SHIFT | length << _LENGTH_SHIFT
    return _RUN.pack(attributes.foreground, attributes.background, attributes.underline_color, flags)


def _unpack_run(foreground: int, background: int, underline_color: int, flags: int) -> StyleRun:
    underline = flags >> _UNDERLINE_SHIFT & 0xF
    attributes = Attributes(foreground, background, flags & 0xFF, underline, underline_color)
    return CellStyle(attributes), flags >> _LENGTH_SHIFT


def unpack(line: PackedLine, columns: int, table: StyleTable) -> Row:
    """A live row again, cut to ``columns``."""
    styles = "".join(
        [table.intern(style.attributes, style.protected).style_code * length for style, length in line.runs()]
    )
    row = Row(line.text, styles, line.wrapped, line.wide, line.clusters, line.filler)
    row.bidi = line.bidi
    row.marks = line.marks
    row.images = line.images
    if len(line.text) > columns:
        row.resize(columns)
    return row


class UnparsedLines:
    """Whole lines of a log as the program printed them, and how many rows they fill."""

    __slots__ = ("columns", "count", "graphemes", "longest", "style", "text")

    def __init__(
        self, text: bytes, count: int, columns: int, longest: int, style: Attributes, graphemes: bool
    ) -> None:
        self.text = text
        self.count = count
        self.columns = columns
        """The width of the screen."""
        self.longest = longest
        """No line has more columns than this."""
        self.style = style
        """The program's style at the beginning of the first line."""
        self.graphemes = graphemes

    def same_at(self, columns: int) -> bool:
        """Would a screen of ``columns`` have made the same rows of them?"""
        return self.longest <= min(columns, self.columns)


class _Chunk:
    """Neighbouring lines of the scrollback: packed ones, or unparsed ones until they are read."""

    __slots__ = ("count", "first", "lines", "marked", "unparsed")

    def __init__(self, first: int, unparsed: UnparsedLines | None = None) -> None:
        self.first = first
        """The absolute number of its first line."""
        self.lines: list[PackedLine] = []
        self.marked = False
        """Whether any of its lines may have marks."""
        self.unparsed = unparsed
        self.count = unparsed.count if unparsed is not None else 0


class LineSlice:
    """Neighbouring lines of the scrollback as they are now. Unparsed ones are parsed when they are read."""

    __slots__ = ("_chunk", "_lines", "_scrollback", "_start", "count", "first")

    def __init__(self, scrollback: "Scrollback", chunk: _Chunk, start: int, stop: int) -> None:
        self.first = chunk.first + start
        """The absolute number of the first one."""
        self.count = stop - start
        self._scrollback = scrollback
        self._chunk = chunk
        self._start = start
        self._lines = chunk.lines[start:stop]

    @property
    def unparsed(self) -> UnparsedLines | None:
        """The whole chunk they are in, if they are not parsed yet; its first ``skipped`` rows are not among them."""
        return self._chunk.unparsed if len(self._lines) < self.count else None

    @property
    def skipped(self) -> int:
        return self._start

    def lines(self) -> list[PackedLine]:
        """All of them, oldest first."""
        if len(self._lines) < self.count:
            parsed = self._scrollback.lines_of(self._chunk)
            self._lines = parsed[self._start : self._start + self.count]
            self.count = len(self._lines)
        return self._lines


class Scrollback:
    """The newest ``limit`` lines that left the top of the main screen.

    ``end`` is the absolute number of the line after the newest one, that is of the screen's top row.
    """

    def __init__(self, limit: int) -> None:
        self.limit = max(0, limit)
        self.end = 0
        self.skip_rows = 0
        """The number of rows to come that never were on the screen; see ``bulk``."""
        self.parse_raw: Callable[[UnparsedLines], list[PackedLine]] | None = None
        """Parses unparsed lines; set by the parser that stores them."""
        self.linked: deque[PackedLine] = deque()
        """The lines that have links, oldest first; some may have left already."""
        self.link_text = 0
        self.link_limit = MAX_LINK_TEXT
        self.marked: deque[PackedLine] = deque()
        """The lines that have marks, oldest first; some may have left already."""
        self.folder_before = 0
        """The number of the shell's folder before the oldest line, 0 when it is not known."""
        self._chunks: deque[_Chunk] = deque()
        self._stored = 0
        """Lines in all chunks; the oldest chunk may hold some that are too old by now."""
        self._kept = 0

    def __len__(self) -> int:
        return self._kept

    def push(self, row: Row, table: StyleTable) -> None:
        """A row left the screen at its top."""
        if self.skip_rows:
            self.skip_rows -= 1
            return
        self.end += 1
        if self.limit:
            self._append(pack(row, table), self.end - 1)

    def end_line(self) -> None:
        """The newest line goes on no more: what it went on in is gone from the screen."""
        if not self._chunks:
            return
        chunk = self._chunks[-1]
        if chunk.unparsed is not None and chunk.unparsed.longest <= chunk.unparsed.columns:
            return
        lines = self.lines_of(chunk)
        if lines:
            lines[-1].wrapped = False

    def push_unparsed(self, unparsed: UnparsedLines) -> None:
        """Keep lines that never were on the screen."""
        self.end += unparsed.count
        if self.limit:
            self._chunks.append(_Chunk(self.end - unparsed.count, unparsed))
            self._grown(unparsed.count)

    def _append(self, line: PackedLine, number: int) -> None:
        chunks = self._chunks
        if not chunks or chunks[-1].unparsed is not None or chunks[-1].count >= _CHUNK_LINES:
            chunks.append(_Chunk(number))
        chunk = chunks[-1]
        chunk.lines.append(line)
        chunk.count += 1
        self._grown(1)
        if line.links:
            self._count_links(line)
        if line.marks:
            chunk.marked = True
            self._count_marks(line)

    def _grown(self, count: int) -> None:
        self._stored += count
        self._kept = min(self._kept + count, self.limit)
        while self._stored - self._chunks[0].count >= self._kept:
            gone = self._chunks.popleft()
            self._stored -= gone.count
            self._note_folder(gone)

    def _count_links(self, line: PackedLine) -> None:
        self.linked.append(line)
        self.link_text += line.links
        # At most as many as there are lines: what was dropped at the other end must not pile up here.
        while self.link_text > self.link_limit or len(self.linked) > self.limit:
            oldest = self.linked.popleft()
            self.link_text -= oldest.links
            _unlink(oldest)

    def _count_marks(self, line: PackedLine) -> None:
        self.marked.append(line)
        while len(self.marked) > MAX_MARKED or len(self.marked) > self.limit:
            oldest = self.marked.popleft()
            oldest.marks = ()

    def _note_folder(self, gone: _Chunk) -> None:
        """Remember the folder that the lines after this chunk, which goes, were printed in."""
        if gone.marked:
            for line in gone.lines:
                for mark in line.marks:
                    self.folder_before = mark.folder or self.folder_before

    def marked_lines(self, first: int, stop: int) -> Iterator[tuple[int, PackedLine]]:
        """The kept lines from ``first`` to ``stop`` (exclusive) that have marks, with their absolute numbers."""
        first = max(first, self.end - len(self))
        for chunk in self._chunks:
            if chunk.first >= stop:
                return
            if chunk.marked and chunk.first + chunk.count > first:
                for i, line in enumerate(chunk.lines):
                    if line.marks and first <= chunk.first + i < stop:
                        yield chunk.first + i, line

    def marked_backwards(self, stop: int) -> Iterator[tuple[int, PackedLine]]:
        """The kept lines before ``stop`` that have marks, from the newest on, with their absolute numbers."""
        oldest = self.end - len(self)
        for chunk in reversed(self._chunks):
            if chunk.marked and chunk.first < stop:
                for i in range(min(chunk.count, stop - chunk.first) - 1, -1, -1):
                    line = chunk.lines[i]
                    if chunk.first + i < oldest:
                        return
                    if line.marks:
                        yield chunk.first + i, line

    def lines_of(self, chunk: _Chunk) -> list[PackedLine]:
        if chunk.unparsed is not None and self.parse_raw is not None:
            chunk.lines = self.parse_raw(chunk.unparsed)
            chunk.unparsed = None
        return chunk.lines

    def lines(self, first: int, stop: int) -> list[PackedLine]:
        """The kept lines with absolute numbers from ``first`` to ``stop`` (exclusive)."""
        return list(chain.from_iterable([piece.lines() for piece in self.slices(first, stop)]))

    def slices(self, first: int, stop: int) -> list[LineSlice]:
        """The same lines, without parsing any."""
        first = max(first, self.end - len(self))
        wanted: list[LineSlice] = []
        for chunk in reversed(self._chunks):
            if chunk.first < stop and chunk.first + chunk.count > first:
                start = max(0, first - chunk.first)
                wanted.append(LineSlice(self, chunk, start, min(stop - chunk.first, chunk.count)))
            elif chunk.first + chunk.count <= first:
                break
        wanted.reverse()
        return wanted

    def take_back(self) -> PackedLine:
        """Give the newest line back to the screen. Raises IndexError when there is none."""
        if not len(self):
            raise IndexError("no line is kept")
        chunk = self._chunks[-1]
        line = self.lines_of(chunk).pop()
        chunk.count -= 1
        self._stored -= 1
        self._kept -= 1
        self.end -= 1
        if not chunk.count:
            self._chunks.pop()
        if self.linked and self.linked[-1] is line:
            self.linked.pop()
            self.link_text -= line.links
        if self.marked and self.marked[-1] is line:
            self.marked.pop()
        return line

    def same_until(self, columns: int) -> int:
        """The absolute number before which all lines are the same on a screen of ``columns``."""
        for chunk in self._chunks:
            if chunk.unparsed is not None:
                same = chunk.unparsed.same_at(columns)
            else:
                same = all(not line.wrapped and len(line.text) <= columns for line in chunk.lines)
            if not same:
                return chunk.first
        return self.end

    def replace_from(self, first: int, lines: list[PackedLine]) -> None:
        """Keep ``lines`` instead of those from the absolute number ``first`` on, which ``same_until`` gave."""
        gone: set[PackedLine] = set()
        while self._chunks and self._chunks[-1].first + self._chunks[-1].count > first:
            chunk = self._chunks.pop()
            self._stored -= chunk.count
            gone.update(chunk.lines)
        while self.linked and self.linked[-1] in gone:
            self.link_text -= self.linked.pop().links
        while self.marked and self.marked[-1] in gone:
            self.marked.pop()
        self._kept = max(0, self._kept - (self.end - first))
        self.end = first
        for line in lines:
            self.end += 1
            if self.limit:
                self._append(line, self.end - 1)

    def clear(self) -> None:
        for chunk in self._chunks:
            self._note_folder(chunk)
        self._chunks.clear()
        self._stored = self._kept = 0
        self.linked.clear()
        self.link_text = 0
        self.marked.clear()
