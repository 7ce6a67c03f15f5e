"""The short cut for logs: whole lines go from the program to the scrollback without being parsed.

A program that prints faster than a person reads shows only its last screenful. Passes at C speed decide about the rest
of a chunk: whether it is text, tabs, colours and new lines alone, and how many rows it fills. If so, it becomes
scrollback unparsed, and is parsed when it is read. The last screenful is deferred: it is parsed when it is read, and
becomes scrollback unparsed when more comes first.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from podium.terminal.parsing.dispatch import MAX_PARAMETER_TEXT
from podium.terminal.screen.lines.packed import UnparsedLines
from podium.terminal.screen.row import Row, blank_row
from podium.terminal.screen.sgr import select
from podium.terminal.screen.state import DEFAULT_TABS, TAB_WIDTH, Terminal

if TYPE_CHECKING:
    from mypy_extensions import i64

SMALLEST: Final = 8 * 1024
"""Bytes below which the decision would cost more than it saves."""
_LARGEST_CHUNK: Final = 32 * 1024
"""Bytes kept unparsed as one chunk: so much is parsed at once when a line of it is read."""
_MOST_ROWS: Final = 1024
"""Rows of such a chunk, unless one line has more."""
_MOST_OF_A_CELL: Final = 16
"""Bytes kept unparsed for each cell of the rows they fill, as many as a cell of random colours takes when packed. A
line of nothing but colours has no end, and the scrollback counts rows."""
_TEXT: Final = bytes([*range(0x20, 0x7F), *range(0x80, 0x100)])
_OTHER_CONTROL: Final = re.compile(b"[^\r\n\t\x1b]")
_OTHER_SEQUENCE: Final = re.compile(b"\x1b(?!\\[[0-9;:]*m|\\[0?K)")
_SGR: Final = re.compile(b"\x1b\\[([0-9;:]*)m")
_BACKGROUND: Final = re.compile(b"\x1b\\[(?:[0-9;:]*[;:])?(?:4[0-8]|10[0-7])")
_SHORTEST_SEQUENCE: Final = 3


class BulkResult:
    """The part of a log that was taken; ``deferred`` is its last screenful, which is still to be parsed."""

    __slots__ = ("deferred", "size")

    def __init__(self, size: int, deferred: bytes) -> None:
        self.size = size
        """Bytes taken from the front, the deferred ones among them; 0 when it is no log."""
        self.deferred = deferred


def take_bulk(t: Terminal, data: bytes, parse: Callable[[bytes], int]) -> BulkResult:
    """Take whole lines from the front of ``data``.

    The parser is to be between two characters and in its ground state. ``parse`` feeds it.
    """
    if not _is_plain(t):
        return BulkResult(0, b"")
    end = data.rfind(b"\n") + 1
    controls = data[:end].translate(None, _TEXT)
    if _OTHER_CONTROL.search(controls) is not None:
        return BulkResult(0, b"")
    if b"\x1b" in controls and _OTHER_SEQUENCE.search(data, 0, end) is not None:
        return BulkResult(0, b"")
    start = 0
    while t.x or t.y != t.lines - 1:
        # The rows above the last one fill up first.
        after = data.find(b"\n", start) + 1
        if not after or end - after < SMALLEST:
            return BulkResult(start, b"")
        parse(data[start:after])
        start = after
    if not (_is_on_a_new_row(t) and _is_plain(t)):
        return BulkResult(start, b"")
    deferred = _take_lines(t, data[start:end], b"\t" in controls)
    if not deferred:
        return BulkResult(start, b"")
    if not data[end:].translate(None, _TEXT):
        # The beginning of the next line; should it be half a character, the rest comes with the next chunk.
        return BulkResult(len(data), deferred + data[end:])
    return BulkResult(end, deferred)


def _is_plain(t: Terminal) -> bool:
    """Printing and new lines do nothing but that."""
    pen = t.pen
    return (
        not t.alternate
        and t.top == 0
        and t.bottom == t.lines - 1
        and t.full_width()
        and t.lines > 1
        and t.autowrap
        and not t.insert
        and not t.bidi
        and not t.origin
        and t.character_map is None
        and not t.single_shift
        and not pen.protected
        and not pen.link_size
        and not t.iso_protection
    )


def _is_on_a_new_row(t: Terminal) -> bool:
    """Whether the cursor's row is new: blanks in the pen's background, neither wrapped nor continued."""
    row = t.rows[t.y]
    new = blank_row(t.columns, t.eraser.style_code)
    return (
        row.text == new.text
        and row.styles == new.styles
        and not row.clusters
        and not row.images
        and not row.wrapped
        and not t.rows[t.y - 1].wrapped
    )


def _take_lines(t: Terminal, data: bytes, tabs: bool) -> bytes:
    """Store all of ``data``, which ends with a new line, but the last screenful.

    Returns that, or nothing when only parsing shows what ``data`` does.
    """
    if tabs and t.tabs != DEFAULT_TABS:
        return b""
    ends: list[int] = []
    rows: list[int] = []
    longest = _measure(data, t.columns, tabs, ends, rows)
    if longest < 0:
        return b""
    if t.eraser is not t.styles.default or _BACKGROUND.search(data) is not None:
        # Erasing and scrolling may fill rows to their end.
        longest = max(longest, t.columns)
    screenful = t.lines - 1
    last = len(ends)
    shown = 0
    while last and shown < screenful:
        last -= 1
        shown += rows[last]
    if last < screenful or ends[-1] > _MOST_OF_A_CELL * t.columns * sum(rows):
        return b""
    for row in t.rows[:screenful]:
        t.scrollback.push(row, t.styles)
    begin = _store(t, data, ends[:last], rows, longest)
    # From here on every row pushes out one of these, which never were.
    t.rows[:] = [Row() for _ in range(screenful)]
    t.rows.append(blank_row(t.columns, t.eraser.style_code))
    t.scrollback.skip_rows = screenful
    return data[begin:]


def _measure(data: bytes, columns: int, tabs: bool, ends: list[int], rows: list[int]) -> int:
    """The end of each line and the number of rows it fills.

    Returns how many columns the longest one has at most, -1 when it takes parsing to tell.
    """
    limit: i64 = columns
    at: i64 = 0
    found: i64 = 0
    longest: i64 = 0
    lines = data.split(b"\n")
    lines.pop()
    for line in lines:
        size: i64 = len(line)
        at += size + 1
        whole: i64 = size
        # A terminal's driver may double the CR.
        while size and line[size - 1] == 13:
            size -= 1
        if size == whole:
            return -1
        found += whole - size
        count = 1
        if size > limit or tabs:
            size = _line_columns(line[:size], columns)
            if size < 0:
                return -1
            if size > limit:
                count = (size + columns - 1) // columns
        longest = max(longest, size)
        ends.append(at)
        rows.append(count)
    return longest if found == data.count(b"\r") else -1


def _line_columns(line: bytes, columns: int) -> int:
    """The most columns a line has; exact if that is more than ``columns``. -1 when that takes parsing."""
    size = len(line) - _SHORTEST_SEQUENCE * line.count(b"\x1b") + (TAB_WIDTH - 1) * line.count(b"\t")
    if size <= columns:
        return size
    text = _SGR.sub(b"", line) if b"\x1b" in line else line
    if b"\t" in text or b"\x1b" in text:
        return -1
    if text.isascii():
        return len(text)
    # Decoded before the sequences go: one in the middle of a character breaks it into several broken ones.
    characters = len(line.decode("utf-8", "replace")) - (len(line) - len(text))
    # Nothing is wider than two columns.
    size = 2 * characters
    return size if size <= columns else -1


def _store(t: Terminal, data: bytes, ends: list[int], rows: list[int], longest: int) -> int:
    """Keep the lines that end at ``ends`` unparsed; the pen is as they leave it. Returns where the last one ends."""
    begin = 0
    count = 0
    for number, end in enumerate(ends):
        count += rows[number]
        if end - begin >= _LARGEST_CHUNK or count >= _MOST_ROWS or number == len(ends) - 1:
            text = data[begin:end]
            t.scrollback.push_unparsed(
                UnparsedLines(text, count, t.columns, longest, t.pen.attributes, t.graphemes)
            )
            _leave_pen(t, text)
            begin = end
            count = 0
    return begin


def _leave_pen(t: Terminal, text: bytes) -> None:
    """The pen as it is after ``text``; what came before the last reset does not matter."""
    reset = max(text.rfind(b"\x1b[0m"), text.rfind(b"\x1b[m"), 0)
    for parameters in _SGR.findall(text, reset):
        select(t, parameters[:MAX_PARAMETER_TEXT].decode())
