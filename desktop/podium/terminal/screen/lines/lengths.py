"""The lengths of logical lines, from which the rows that they fill at any width are counted without reading them."""

import re
from array import array
from bisect import bisect_right
from typing import Final

from podium.terminal.screen.lines.packed import PackedLine, UnparsedLines
from podium.terminal.screen.row import BLANK
from podium.terminal.screen.width_tables import lone_narrow_or_wide

_SEQUENCE: Final = re.compile("\x1b\\[[0-9;:]*[mK]")
_ERASING: Final = re.compile(b"\x1b\\[0?K")
_NARROW_OR_WIDE: Final = re.compile("((?:[^\x00](?!\x00))+)|((?:[^\x00]\x00)+)")
"""Columns of a row in pieces of one width."""
_TAB_WIDTH: Final = 8
_LONGEST_RUN: Final = 254


class Lengths:
    """The columns of each of some logical lines, up to the last one with text, and where their wide characters are."""

    __slots__ = ("_runs", "each", "exact", "goes_on", "longest", "starts")

    def __init__(self) -> None:
        self.each = array("I")
        """For each line twice its columns, and one more where it has wide characters."""
        self.longest = 0
        """The columns of the longest one."""
        self.exact = True
        """Whether they tell all; else only the lines' text does."""
        self.goes_on = False
        """Whether the last line goes on elsewhere."""
        self.starts: list[tuple[int, int]] = []
        """The rows with marks: the number of their logical line, and the column of it in which they begin."""
        self._runs = bytearray()
        """For each line with wide characters the columns of its runs of narrow and of wide ones, by turns."""

    def rows_at(self, columns: int) -> int:
        """The rows they fill once they have flowed at ``columns``, if they are ``exact``."""
        rows = len(self.each)
        if self.longest <= columns:
            return rows
        at = 0
        for value in self.each:
            length = value >> 1
            if value & 1:
                ends, at = self._wide_ends(at, length, columns)
                rows += len(ends) - 1
            elif length > columns:
                rows += (length - 1) // columns
        return rows

    def place(self, mark: int, column: int, columns: int) -> tuple[int, int]:
        """The row, counted from that in which the first line begins, and the column of it in which ``column`` of a
        logical line is, the one that the marked row with the number ``mark`` belongs to.
        """
        wanted, start = self.starts[mark]
        rows = 0
        at = 0
        for number, value in enumerate(self.each):
            length = value >> 1
            if value & 1:
                ends, at = self._wide_ends(at, length, columns)
            else:
                ends = list(range(columns, length, columns))
                ends.append(length)
            if number == wanted:
                row = min(bisect_right(ends, start + column), len(ends) - 1)
                return rows + row, start + column - (ends[row - 1] if row else 0)
            rows += len(ends)
        return rows, 0

    def _wide_ends(self, at: int, length: int, columns: int) -> tuple[list[int], int]:
        """The ends of the rows of a line whose runs begin at ``at``, and where those of the next line do."""
        ends: list[int] = []
        runs = self._runs
        end = columns
        begin = 0
        wide = False
        while begin < length:
            size = runs[at]
            at += 1
            while end < begin + size and end < length:
                if wide and (end - begin) & 1:
                    end -= 1
                ends.append(end)
                end += columns
            begin += size
            wide = not wide
        ends.append(length)
        return ends, at

    def add(self, length: int, pieces: list[tuple[str, str]] | None, factor: int) -> None:
        """Add a line; ``pieces`` are its narrow and its wide runs, a wide character has ``factor`` of their characters
        for each column.
        """
        self.longest = max(self.longest, length)
        if pieces is None or not length:
            self.each.append(2 * length)
            return
        self.each.append(2 * length + 1)
        wide = False
        for narrow_run, wide_run in pieces:
            size = len(narrow_run) or factor * len(wide_run)
            if wide != bool(wide_run):
                self._runs.append(0)
                wide = not wide
            while size > _LONGEST_RUN:
                self._runs.append(_LONGEST_RUN)
                self._runs.append(0)
                size -= _LONGEST_RUN
            self._runs.append(size)
            wide = not wide


def lengths_of_packed(lines: list[PackedLine], columns: int) -> Lengths:
    """Those of lines on a screen of ``columns``."""
    lengths = Lengths()
    texts: list[str] = []
    offset = 0
    used = 0
    wide = False
    for line in lines:
        text = line.text
        if line.marks:
            lengths.starts.append((len(lengths.each), offset))
        size = len(text.rstrip(BLANK))
        if line.wrapped:
            end = columns - 1 if line.filler else columns
            size = min(size, end)
        else:
            end = size
        if line.clusters:
            size = max(size, max(line.clusters) + 1)
        if size:
            used = offset + size
        wide = wide or line.wide
        texts.append(text)
        if line.wrapped:
            texts[-1] = text[:end].ljust(end)
            offset += end
            continue
        _add_rows(lengths, used, texts, wide)
        texts = []
        offset = used = 0
        wide = False
    if texts:
        # A line that goes on elsewhere is never cut at its text's end.
        lengths.goes_on = True
        _add_rows(lengths, offset, texts, wide)
    return lengths


def _add_rows(lengths: Lengths, used: int, texts: list[str], wide: bool) -> None:
    pieces: list[tuple[str, str]] | None = None
    if wide:
        text = "".join(texts)[:used].ljust(used)
        if "\x00" in text:
            pieces = _NARROW_OR_WIDE.findall(text)
            if sum([len(narrow) + len(wide) for narrow, wide in pieces]) != used:
                lengths.exact = False
    lengths.add(used, pieces, 1)


def lengths_of_unparsed(unparsed: UnparsedLines) -> Lengths | None:
    """Those of lines that are not parsed yet; None where it takes parsing to tell."""
    data = unparsed.text
    if unparsed.longest >= unparsed.columns and _ERASING.search(data) is not None:
        return None  # Erasing behind a full row takes its last character away.
    lengths = Lengths()
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
        if ascii_only or line.isascii():
            lengths.add(size, None, 1)
            continue
        pieces: list[tuple[str, str]] = lone_narrow_or_wide().findall(line)
        wide = sum([len(piece[1]) for piece in pieces])
        if sum([len(piece[0]) for piece in pieces]) + wide != size:
            return None
        lengths.add(size + wide, pieces if wide else None, 2)
    return lengths
