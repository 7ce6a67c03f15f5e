"""The lengths of logical lines, from which the rows that they fill at any width are counted without reading them."""

import re
from array import array
from typing import Final

from podium.terminal.screen.lines.packed import PackedLine, UnparsedLines
from podium.terminal.screen.row import BLANK
from podium.terminal.screen.width_tables import narrow_or_wide

_SEQUENCE: Final = re.compile("\x1b\\[[0-9;:]*[mK]")
_ERASING: Final = re.compile(b"\x1b\\[0?K")
_TAB_WIDTH: Final = 8
_ALWAYS: Final = 1 << 30
"""As ``uncertain``: at no width are the lengths enough."""


class Lengths:
    """The columns of each of some logical lines, up to the last one with text."""

    __slots__ = ("each", "goes_on", "longest", "starts", "uncertain")

    def __init__(self) -> None:
        self.each = array("I")
        self.goes_on = False
        """Whether the last line goes on elsewhere."""
        self.longest = 0
        self.uncertain = 0
        """At fewer columns than this, only the text shows where lines are cut: a wide character stays whole."""
        self.starts: list[tuple[int, int]] = []
        """The rows with marks: the number of their logical line, and the column of it in which they begin."""

    def rows_at(self, columns: int) -> int:
        """The rows they fill once they have flowed at ``columns``, if that is certain."""
        rows = len(self.each)
        if self.longest > columns:
            for length in self.each:
                if length > columns:
                    rows += (length - 1) // columns
        return rows

    def _add(self, length: int, certain: bool) -> None:
        self.each.append(length)
        if length > self.longest:
            self.longest = length
        if not certain and length > self.uncertain:
            self.uncertain = length


def lengths_of_packed(lines: list[PackedLine], columns: int) -> Lengths:
    """Those of lines on a screen of ``columns``."""
    lengths = Lengths()
    offset = 0
    used = 0
    certain = True
    for line in lines:
        text = line.text
        if line.marks:
            lengths.starts.append((len(lengths.each), offset))
        if line.wrapped:
            end = columns - 1 if line.filler else columns
            text = text[:end]
        else:
            end = 0
        size = len(text.rstrip(BLANK))
        if line.clusters:
            size = max(size, max(line.clusters) + 1)
        if size:
            used = offset + size
        certain = certain and not line.wide
        offset += end
        if not line.wrapped:
            lengths._add(used, certain)
            offset = 0
            used = 0
            certain = True
    if offset:
        # A line that goes on elsewhere is never cut at its text's end.
        lengths._add(offset, False)
        lengths.goes_on = True
        lengths.uncertain = _ALWAYS
    return lengths


def lengths_of_unparsed(unparsed: UnparsedLines) -> Lengths:
    """Those of lines that are not parsed yet."""
    lengths = Lengths()
    data = unparsed.text
    text = data.decode("utf-8", "replace")
    if "\x1b" in text:
        text = _SEQUENCE.sub("", text)
    if "\t" in text:
        text = text.expandtabs(_TAB_WIDTH)
    ascii_only = text.isascii()
    lines = text.split("\n")
    lines.pop()
    for line in lines:
        line = line.rstrip("\r").rstrip(BLANK)
        size = len(line)
        certain = True
        if not ascii_only and not line.isascii():
            wide = _simple_wide(line)
            certain = wide == 0
            size = min(size + wide, unparsed.longest) if wide >= 0 else unparsed.longest
        lengths._add(size, certain)
    # Erasing behind a full row takes its last character away.
    if unparsed.longest >= unparsed.columns and _ERASING.search(data) is not None:
        lengths.uncertain = max(lengths.uncertain, unparsed.longest)
    return lengths


def _simple_wide(line: str) -> int:
    """How many of its characters are wide; -1 where characters may join, or be none."""
    wide = 0
    simple = 0
    for narrow_run, wide_run in narrow_or_wide().findall(line):
        simple += len(narrow_run) + len(wide_run)
        wide += len(wide_run)
    return wide if simple == len(line) else -1
