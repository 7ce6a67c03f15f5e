"""Rows as runs and as text: what frames, scrollback requests and copying share."""

from collections.abc import Iterator
from typing import Final

import msgspec

from podium.core.protocol.frames import AttributeEntry, Attributes, Line, Run
from podium.core.protocol.images import ImageStrip
from podium.core.spoofing import without_spoofing
from podium.terminal.graphics.placeholders import (
    has_placeholders,
    placeholder_strips,
    without_placeholders,
)
from podium.terminal.images.limits import MAX_STRIPS
from podium.terminal.images.placement import Strips, image_strip
from podium.terminal.screen.attributes import CellStyle
from podium.terminal.screen.lines.packed import PackedLine, StyleRun, style_runs
from podium.terminal.screen.row import BLANK, RIGHT_HALF, Row
from podium.terminal.screen.state import Terminal

_BLOCK_LINES: Final = 4096
"""Lines of text that are put together at once."""
MAX_READ_LINES: Final = 4096
"""Lines that one call of ``lines_between`` gives."""


class AttributeNumbers:
    """Numbers the styles of one frame table or one reply. 0 is the default style and is never listed."""

    def __init__(self) -> None:
        self.by_style: dict[CellStyle, int] = {}
        self.by_value: dict[Attributes, int] = {Attributes(): 0}
        self.fresh: list[AttributeEntry] = []

    def number(self, style: CellStyle) -> int:
        value = self.by_style.get(style)
        if value is None:
            # Two styles may differ in protection only, or come from either side of a table restart.
            value = self.by_value.get(style.attributes)
            if value is None:
                value = len(self.by_value)
                self.by_value[style.attributes] = value
                self.fresh.append(AttributeEntry(value, style.attributes))
            self.by_style[style] = value
        return value

    def take_fresh(self) -> tuple[AttributeEntry, ...]:
        """The entries added since the last call."""
        fresh = tuple(self.fresh)
        self.fresh.clear()
        return fresh


def row_to_line(row: Row, t: Terminal, numbers: AttributeNumbers) -> Line:
    """A row as runs, default blanks at its end left out."""
    used = row.used()
    if not used:
        return Line((), row.wrapped, row.wrapped and row.filler, row.bidi, _image_strips(row.images))
    text = row.text[:used]
    runs = style_runs(row.styles[:used], t.styles)
    strips, clusters = row.images, row.clusters
    if has_placeholders(text):
        strips += _of_placeholders(t, text, clusters, runs)
        text, clusters = without_placeholders(text, clusters)
    found = _runs(text, runs, row.wide, clusters, numbers)
    return Line(found, row.wrapped, row.wrapped and row.filler, row.bidi, _image_strips(strips))


def packed_to_line(line: PackedLine, numbers: AttributeNumbers) -> Line:
    """A line of the scrollback as runs, without its images."""
    text, clusters = line.text, line.clusters
    if has_placeholders(text):
        text, clusters = without_placeholders(text, clusters)
    runs = _runs(text, line.runs(), line.wide, clusters, numbers)
    return Line(runs, line.wrapped, line.wrapped and line.filler, line.bidi)


def _kept_line(t: Terminal, packed: PackedLine, numbers: AttributeNumbers) -> Line:
    """A line of the scrollback as runs, with its images."""
    line = packed_to_line(packed, numbers)
    strips = packed.images
    if has_placeholders(packed.text):
        strips += _of_placeholders(t, packed.text, packed.clusters, packed.runs())
    return msgspec.structs.replace(line, images=_image_strips(strips)) if strips else line


def _of_placeholders(t: Terminal, text: str, clusters: dict[int, str] | None, runs: list[StyleRun]) -> Strips:
    styles: list[Attributes] = []
    for style, length in runs:
        styles += [style.attributes] * length
    return placeholder_strips(t.images, text, clusters, styles)[-MAX_STRIPS:]


def _image_strips(strips: Strips) -> tuple[ImageStrip, ...]:
    """What a window needs of the strips that still show something."""
    if not strips:
        return ()
    return tuple([image_strip(strip) for strip in strips if strip.placement.visible])


def _runs(
    text: str, styles: list[StyleRun], wide: bool, clusters: dict[int, str] | None, numbers: AttributeNumbers
) -> tuple[Run, ...]:
    if len(styles) == 1 and not wide:
        return (Run(text, numbers.number(styles[0][0])),)
    runs: list[Run] = []
    start = 0
    for style, length in styles:
        stop = start + length
        if wide:
            _add_wide_runs(runs, text, clusters or {}, start, stop, numbers.number(style))
        else:
            runs.append(Run(text[start:stop], numbers.number(style)))
        start = stop
    return tuple(runs)


def _add_wide_runs(
    runs: list[Run], text: str, clusters: dict[int, str], start: int, stop: int, number: int
) -> None:
    """Runs of one style: simple narrow text, simple wide text, and each cluster by itself."""
    begin = start
    width = 1
    x = start
    while x < stop:
        columns = 2 if text[x + 1 : x + 2] == RIGHT_HALF else 1
        if columns != width or x in clusters:
            if begin < x:
                runs.append(Run(text[begin:x:width], number, width))
            begin = x
            width = columns
        if x in clusters:
            runs.append(Run(clusters[x], number, -columns))
            begin = x + columns
        x += columns
    if begin < stop:
        runs.append(Run(text[begin:stop:width], number, width))


def oldest_line(t: Terminal) -> int:
    return t.scrollback.end - len(t.scrollback)


def lines_between(t: Terminal, first: int, count: int) -> tuple[int, list[Line], tuple[AttributeEntry, ...]]:
    """Up to ``count`` lines from absolute number ``first`` on, clamped to what is there, with their attributes."""
    start = max(first, oldest_line(t))
    stop = min(max(first, start) + max(count, 0), t.scrollback.end + t.lines, start + MAX_READ_LINES)
    if first < start:
        stop = min(stop, first + max(count, 0))
    numbers = AttributeNumbers()
    packed = t.scrollback.lines(start, stop)
    if start < t.scrollback.end:
        # Some may have been lost just now.
        start = min(stop, t.scrollback.end) - len(packed)
    lines = [_kept_line(t, line, numbers) for line in packed]
    lines += [row_to_line(row, t, numbers) for row in _screen_rows(t, start, stop)]
    return start, lines, numbers.take_fresh()


def _screen_rows(t: Terminal, first: int, stop: int) -> list[Row]:
    """The rows of the screen with absolute numbers from ``first`` to ``stop`` (exclusive)."""
    top = t.scrollback.end
    return t.rows[max(0, first - top) : max(0, stop - top)]


class TextLine:
    """A line for copying: its columns' text, and whether and where it goes on in the next."""

    def __init__(
        self, text: str, clusters: dict[int, str] | None, wrapped: bool, filler: bool, columns: int
    ) -> None:
        if has_placeholders(text):
            text, clusters = without_placeholders(text, clusters)
        self.text = text.ljust(columns, BLANK)
        self.clusters = clusters or {}
        self.wrapped = wrapped
        self.last = columns - 2 if wrapped and filler else columns - 1
        """The last column of its text."""

    def slice(self, left: int, right: int) -> str:
        """The text of columns ``left`` to ``right``, both inclusive; a right half brings its character."""
        left = max(left, 0)
        if left > 0 and self.text[left : left + 1] == RIGHT_HALF:
            left -= 1
        end = max(right, -1) + 1
        if self.clusters:
            columns = range(left, min(end, len(self.text)))
            text = "".join([self.clusters.get(x, self.text[x]) for x in columns])
        else:
            text = self.text[left:end]
        return text.replace(RIGHT_HALF, "")


def _text_lines(t: Terminal, first: int, stop: int) -> Iterator[TextLine]:
    """One after the other: they may be a million, most of them archived."""
    slices = t.scrollback.slices(first, stop)
    slices.reverse()
    while slices:
        for line in slices.pop().lines():
            yield TextLine(line.text, line.clusters, line.wrapped, line.filler, t.columns)
    for row in _screen_rows(t, first, stop):
        yield TextLine(row.text, row.clusters, row.wrapped, row.filler, t.columns)


def text_from(t: Terminal, line: int) -> str:
    """Text from the beginning of a line to the screen's end, as ``text_between`` gives it; but the blanks between the
    last character and the cursor stay: a prompt ends in one.
    """
    cursor = t.scrollback.end + t.y
    if t.x or cursor > line:
        # At the start of a line nothing is in front of the cursor but the lines above.
        last = (cursor, t.x - 1) if t.x else (cursor - 1, t.columns - 1)
        *above, before = list(_whole_lines(t, (line, 0), last, False)) or [""]
        texts = [text.rstrip(BLANK) for text in above]
        texts += [before] if t.x else [before.rstrip(BLANK), ""]
        start = without_spoofing("\n".join(texts))
    else:
        start = ""
    return start + text_between(t, (cursor, t.x), None, False)


def text_between(
    t: Terminal, first: tuple[int, int] | None, last: tuple[int, int] | None, block: bool
) -> str:
    """Text from (line, column) to (line, column), both inclusive; the whole screen where an end is None."""
    texts: list[str] = []
    blocks: list[str] = []
    for text in _whole_lines(t, first, last, block):
        texts.append(text.rstrip(BLANK))
        if len(texts) == _BLOCK_LINES:
            blocks.append("\n".join(texts))
            texts = []
    blocks.append("\n".join(texts))
    return without_spoofing("\n".join(blocks if texts else blocks[:-1]))


def _whole_lines(
    t: Terminal, first: tuple[int, int] | None, last: tuple[int, int] | None, block: bool
) -> Iterator[str]:
    """The same text by lines, wrapped ones joined unless it is a block, with the blanks at their ends."""
    oldest = oldest_line(t)
    end_line = t.scrollback.end + t.lines - 1
    start_line, start_column = first if first is not None else (t.scrollback.end, 0)
    stop_line, stop_column = last if last is not None else (end_line, t.columns - 1)
    if (stop_line, stop_column) < (start_line, start_column) and not block:
        start_line, start_column, stop_line, stop_column = stop_line, stop_column, start_line, start_column
    if block:
        start_line, stop_line = min(start_line, stop_line), max(start_line, stop_line)
        start_column, stop_column = min(start_column, stop_column), max(start_column, stop_column)
    if start_line < oldest:
        start_line, start_column = oldest, start_column if block else 0
    if stop_line > end_line:
        stop_line, stop_column = end_line, stop_column if block else t.columns - 1
    parts: list[str] = []
    left = start_column
    waiting: TextLine | None = None
    for line in _text_lines(t, start_line, stop_line + 1):
        if waiting is not None:
            joined = waiting.wrapped and not block
            right = stop_column if block else t.columns - 1
            parts.append(waiting.slice(left, waiting.last if joined else right))
            if not joined:
                yield "".join(parts)
                parts = []
            left = start_column if block else 0
        waiting = line
    if waiting is not None:
        parts.append(waiting.slice(left, stop_column))
        yield "".join(parts)
