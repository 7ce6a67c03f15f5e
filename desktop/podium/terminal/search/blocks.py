"""Neighbouring lines to be searched at once: packed ones, or a log as the program printed it."""

import re
from typing import Final

from podium.core.finding.needle import Needle
from podium.terminal.screen.lines.packed import PackedLine, UnparsedLines
from podium.terminal.screen.lines.slice import LineSlice
from podium.terminal.screen.row import RIGHT_HALF
from podium.terminal.screen.state import TAB_WIDTH
from podium.terminal.search.logical_lines import MAX_JOINED_ROWS, LogicalLine, is_as_shown, of_rows

_SEQUENCE: Final = re.compile(b"\x1b\\[[0-9;:]*[mK]")
_ERASING: Final = re.compile(b"\x1b\\[0?K")


class Block:
    """Whole logical lines with the absolute numbers from ``first`` to ``stop`` (exclusive)."""

    __slots__ = ("_columns", "_flowed", "_lines", "_log", "_raw", "_rows", "first", "stop")

    def __init__(self, first: int, stop: int, columns: int) -> None:
        self.first = first
        self.stop = stop
        self._columns = columns
        self._rows: list[PackedLine] = []
        self._log: LineSlice | None = None
        """Instead of rows, until they are wanted."""
        self._raw: UnparsedLines | None = None
        """What the log consists of."""
        self._flowed = False
        """Whether it has flowed at another width, so that only its rows tell where its characters are."""
        self._lines: list[LogicalLine] | None = None

    def lines(self) -> list[LogicalLine]:
        """The lines, oldest first."""
        if self._lines is None:
            self._lines = self._read()
        return self._lines

    def may_hold(self, needle: Needle) -> bool:
        """Whether there may be a match. Never wrong about a no."""
        raw = self._raw
        if raw is not None:
            return needle.may_be_in_output(raw.text)
        text = _quick_text(self._rows, self._columns)
        return needle.may_be_in(self._text() if text is None else text)

    def count(self, needle: Needle) -> int:
        """The number of matches, without looking where each is."""
        log = self._log
        raw = self._raw
        if not needle.ends_in_blank and log is not None and raw is not None and not log.skipped:
            if _says_all(raw):
                return needle.count(_log_text(raw))
            count = needle.count_in_output(raw.text)
            if count is not None:
                return count
        text = None if needle.ends_in_blank else _quick_text(self._rows, self._columns)
        return needle.count(text if text else self._text())

    def _text(self) -> str:
        """All lines, parted by new lines."""
        return "\n".join([line.text for line in self.lines()])

    def _read(self) -> list[LogicalLine]:
        log = self._log
        raw = self._raw
        if log is not None and raw is not None:
            if not self._flowed and _says_all(raw):
                return _log_lines(raw, log.first, log.skipped, self._columns)
            self._rows = log.lines()
            self._log = self._raw = None
        return self._row_lines()

    def _row_lines(self) -> list[LogicalLine]:
        lines: list[LogicalLine] = []
        rows = self._rows
        number = self.first
        start = 0
        size = len(rows)
        while start < size:
            end = start
            while rows[end].wrapped and end + 1 < size and end - start + 1 < MAX_JOINED_ROWS:
                end += 1
            end += 1
            lines.append(of_rows(number + start, rows[start:end], self._columns))
            start = end
        return lines


def of_packed(first: int, rows: list[PackedLine], columns: int) -> Block:
    """A block of rows, which begin with a logical line and end with one."""
    block = Block(first, first + len(rows), columns)
    block._rows = rows
    return block


def of_log(log: LineSlice, raw: UnparsedLines, columns: int) -> Block:
    """A block of lines that are not parsed yet; ``raw`` is the chunk they are in."""
    block = Block(log.first, log.first + log.count, columns)
    block._log = log
    block._raw = raw
    block._flowed = log.has_flowed()
    return block


def _quick_text(rows: list[PackedLine], columns: int) -> str | None:
    """All lines at once, each ended by a new line; None where that takes looking at each character."""
    parts: list[str] = []
    wide = False
    for row in rows:
        if row.clusters:
            return None
        wide = wide or row.wide
        if row.wrapped:
            width = columns - 1 if row.filler else columns
            parts.append(row.text[:width].ljust(width))
        else:
            parts.append(row.text)
            parts.append("\n")
    text = "".join(parts)
    if not is_as_shown(text):
        return None
    return text.replace(RIGHT_HALF, "") if wide else text


def _says_all(raw: UnparsedLines) -> bool:
    """Whether its text alone says in which row and column each character is."""
    if not raw.text.isascii():
        return False
    # Erasing behind a full row takes its last character away.
    return raw.longest < raw.columns or _ERASING.search(raw.text) is None


def _log_lines(raw: UnparsedLines, first: int, skipped: int, columns: int) -> list[LogicalLine]:
    """The lines of a log whose first ``skipped`` rows are gone."""
    lines: list[LogicalLine] = []
    number = first - skipped
    texts = _log_text(raw).split("\n")
    texts.pop()
    for text in texts:
        text = text.rstrip("\r")
        size = len(text)
        if number >= first:
            lines.append(LogicalLine(number, text.rstrip(" "), columns, None))
        elif size > columns and number + (size - 1) // columns >= first:
            # The oldest rows of this line are gone.
            rest = text[(first - number) * columns :]
            lines.append(LogicalLine(first, rest.rstrip(" "), columns, None))
        number += (size - 1) // columns + 1 if size > columns else 1
    return lines


def _log_text(raw: UnparsedLines) -> str:
    data = raw.text
    text = (_SEQUENCE.sub(b"", data) if b"\x1b" in data else data).decode("ascii")
    # In an unparsed log no line with tabs is longer than a row.
    return text.expandtabs(TAB_WIDTH) if "\t" in text else text
