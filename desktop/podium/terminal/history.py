"""The scrollback: packed lines under absolute numbers."""

import struct
from collections import deque
from itertools import groupby
from typing import Final

from podium.core.frames import Attributes
from podium.terminal.look import DEFAULT_LOOK, Look
from podium.terminal.row import BLANK, RIGHT_HALF, Row

_HALF_MARK: Final = "\x00"
_CLUSTER_START: Final = "\x01"
_CLUSTER_END: Final = "\x02"
"""Cells never hold C0 controls, so these can say where right halves and clusters are."""


_MAX_SHARED_RUNS: Final = 24
"""A line with more runs than this keeps numbers instead of looks: in a flood of random colours every cell would
keep a look of its own alive."""
MAX_LINK_TEXT: Final = 8 * 1024 * 1024
"""Characters of link targets the scrollback keeps; beyond that the oldest lines lose theirs. Each target counts as
often as a line uses it."""
_RUN: Final = struct.Struct("<iiii")
_UNDERLINE_SHIFT: Final = 8
_LENGTH_SHIFT: Final = 12


class PackedLine:
    """A row as one string and the lengths of its looks; about a tenth of a live row."""

    __slots__ = ("columns", "lengths", "links", "looks", "numbers", "text", "wide", "wrapped")

    def __init__(
        self,
        text: str,
        looks: tuple[Look, ...],
        lengths: tuple[int, ...],
        columns: int,
        wide: bool,
        wrapped: bool,
    ) -> None:
        self.text = text
        self.looks = looks
        self.lengths = lengths
        self.columns = columns
        """Used columns; the rest of the row is default blanks."""
        self.wide = wide
        self.wrapped = wrapped
        self.links = 0
        """Characters of its links' targets."""
        self.numbers = b""
        """Instead of ``looks`` and ``lengths``: a _RUN for each run of a line with many."""


def pack(row: Row) -> PackedLine:
    """The row without its default blanks at the end."""
    chars = row.chars
    looks = row.looks
    first = looks[0]
    columns = len(chars)
    wide = False
    if row.wide:
        columns = row.used()
        wide = any(len(char) != 1 for char in chars)
    if wide:
        text = "".join([_mark(char) for char in chars[:columns]])
    elif looks.count(first) == len(looks) and first.blank:
        # The common line of a plain log: strip in C instead of looking at cells.
        text = "".join(chars).rstrip(BLANK)
        return PackedLine(text, (DEFAULT_LOOK,), (len(text),), len(text), False, row.wrapped)
    else:
        columns = row.used()
        text = "".join(chars[:columns])
    if columns < len(looks):
        looks = looks[:columns]
    pairs = [(look, len(list(group))) for look, group in groupby(looks)]
    links = sum([look.link_size for look, _ in pairs])
    if len(pairs) > _MAX_SHARED_RUNS and not links and not any(look.protected for look, _ in pairs):
        line = PackedLine(text, (), (), columns, wide, row.wrapped)
        line.numbers = b"".join([_pack_run(look.attributes, length) for look, length in pairs])
        return line
    line = PackedLine(
        text,
        tuple([pair[0] for pair in pairs]),
        tuple([pair[1] for pair in pairs]),
        columns,
        wide,
        row.wrapped,
    )
    line.links = links
    return line


def _unlink(line: PackedLine) -> None:
    """Take a line's links away, nothing else."""
    looks = []
    for look in line.looks:
        a = look.attributes
        plain = Attributes(a.foreground, a.background, a.style, a.underline, a.underline_color)
        looks.append(Look(plain, look.protected) if a.link else look)
    line.looks = tuple(looks)
    line.links = 0


def _pack_run(attributes: Attributes, length: int) -> bytes:
    flags = attributes.style | attributes.underline << _UNDERLINE_SHIFT | length << _LENGTH_SHIFT
    return _RUN.pack(attributes.foreground, attributes.background, attributes.underline_color, flags)


def _mark(char: str) -> str:
    if len(char) == 1:
        return char
    if char == RIGHT_HALF:
        return _HALF_MARK
    return _CLUSTER_START + char + _CLUSTER_END


def unpack_chars(line: PackedLine) -> list[str]:
    """The used columns' characters."""
    if not line.wide:
        return list(line.text)
    chars: list[str] = []
    cluster: list[str] = []
    inside = False
    for char in line.text:
        if char == _HALF_MARK:
            chars.append(RIGHT_HALF)
        elif char == _CLUSTER_START:
            inside = True
            cluster = []
        elif char == _CLUSTER_END:
            inside = False
            chars.append("".join(cluster))
        elif inside:
            cluster.append(char)
        else:
            chars.append(char)
    return chars


def unpack_looks(line: PackedLine) -> list[Look]:
    """The used columns' looks."""
    looks: list[Look] = []
    for foreground, background, underline_color, flags in _RUN.iter_unpack(line.numbers):
        style = flags & 0xFF
        underline = flags >> _UNDERLINE_SHIFT & 0xF
        one = Look(Attributes(foreground, background, style, underline, underline_color))
        looks.extend([one] * (flags >> _LENGTH_SHIFT))
    for look, length in zip(line.looks, line.lengths, strict=True):
        looks.extend([look] * length)
    return looks


def unpack(line: PackedLine, columns: int) -> Row:
    """A live row again, cut or filled up to ``columns``."""
    chars = unpack_chars(line)
    looks = unpack_looks(line)
    missing = columns - len(chars)
    if missing > 0:
        chars.extend([BLANK] * missing)
        looks.extend([DEFAULT_LOOK] * missing)
    row = Row(chars, looks, line.wrapped, line.wide)
    if missing < 0:
        row.resize(columns)
    return row


class History:
    """The newest ``limit`` lines that left the top of the main screen.

    ``end`` is the absolute number of the line after the newest one, that is of the screen's top row.
    """

    def __init__(self, limit: int) -> None:
        self.limit = max(0, limit)
        self.lines: deque[PackedLine] = deque(maxlen=self.limit)
        self.end = 0
        self.linked: deque[PackedLine] = deque()
        """The lines that have links, oldest first; some may have left ``lines`` already."""
        self.link_text = 0
        self.link_limit = MAX_LINK_TEXT

    def push(self, row: Row) -> None:
        """A row left the screen at its top."""
        self.end += 1
        if self.limit:
            line = pack(row)
            self.lines.append(line)
            if line.links:
                self._count(line)

    def _count(self, line: PackedLine) -> None:
        self.linked.append(line)
        self.link_text += line.links
        # At most as many as there are lines: what was dropped at the other end must not pile up here.
        while self.link_text > self.link_limit or len(self.linked) > self.limit:
            oldest = self.linked.popleft()
            self.link_text -= oldest.links
            _unlink(oldest)

    def take_back(self) -> PackedLine:
        """Give the newest line back to the screen. Raises IndexError when there is none."""
        line = self.lines.pop()
        self.end -= 1
        if self.linked and self.linked[-1] is line:
            self.linked.pop()
            self.link_text -= line.links
        return line

    def replace(self, lines: list[PackedLine], end: int) -> None:
        """Keep these lines instead, up to the absolute number ``end``."""
        self.clear()
        self.end = end
        if self.limit:
            self.lines.extend(lines)
            for line in self.lines:
                if line.links:
                    self._count(line)

    def clear(self) -> None:
        self.lines.clear()
        self.linked.clear()
        self.link_text = 0
