"""Lines that left the screen: packed rows, and lines of a log that are not parsed yet."""

import struct
from typing import Final

from podium.core.protocol.frames import Attributes
from podium.terminal.images.placement import Strips
from podium.terminal.screen.attributes import CellStyle, StyleTable
from podium.terminal.screen.row import BLANK, DEFAULT, Row
from podium.terminal.screen.row_mark import RowMark

_MAX_SHARED_RUNS: Final = 12
"""A line with more runs than this keeps numbers instead of styles: with random colours every cell would
keep a style of its own alive."""
_RUN: Final = struct.Struct("<iiii")
_UNDERLINE_SHIFT: Final = 8
_LENGTH_SHIFT: Final = 12

_DEFAULT: Final = CellStyle(Attributes())

StyleRun = tuple[CellStyle, int]
"""A style and for how many columns it holds."""
Marks = tuple[RowMark, ...]


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


def unlink(line: PackedLine) -> None:
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

    def without_text(self) -> "UnparsedLines":
        return self.with_text(b"")

    def with_text(self, text: bytes) -> "UnparsedLines":
        """The same with another text."""
        return UnparsedLines(text, self.count, self.columns, self.longest, self.style, self.graphemes)
