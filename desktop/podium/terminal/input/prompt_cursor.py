"""The way of the cursor to another place of what is typed at a marked prompt, in presses of Left and Right."""

from typing import Final

from podium.core.protocol.marks import MarkKind
from podium.terminal.screen.row import BLANK, RIGHT_HALF, Row
from podium.terminal.screen.state import Terminal

_INPUT: Final = int(MarkKind.INPUT)
_FOLDER: Final = int(MarkKind.FOLDER)


def at_prompt(t: Terminal) -> bool:
    """Whether a shell is at its marked prompt: nothing that it has marked since says that it runs a command."""
    return input_place(t) is not None


def input_is_empty(t: Terminal) -> bool:
    """Whether nothing is typed at the prompt yet, as far as the cursor tells."""
    return input_place(t) == (t.y, t.x)


def input_place(t: Terminal) -> tuple[int, int] | None:
    """Row and column of the screen where the input at the prompt begins; None while there is no prompt."""
    if t.alternate:
        return None
    for y in range(len(t.rows) - 1, -1, -1):
        for mark in reversed(t.rows[y].marks):
            if mark.kind == _INPUT:
                return (y, mark.column) if (y, mark.column) <= (t.y, t.x + t.pending) else None
            if mark.kind != _FOLDER:
                return None
    return None


def steps_to(t: Terminal, line: int, column: int) -> int:
    """Presses of Right, or of Left where negative, that bring the cursor to the character at ``column`` of ``line``.

    A wide character or a cluster is one press. 0 where the cursor can't go: without a prompt, and outside of the
    wrapped line that the cursor is in. Beyond either end of the input it is the way to that end.
    """
    begin = input_place(t)
    y = line - t.scrollback.end
    if begin is None or not begin[0] <= y < len(t.rows):
        return 0
    for between in range(begin[0], max(t.y, y)):
        if not t.rows[between].wrapped:
            return 0
    cursor = t.y, t.x + t.pending
    end = max(_text_end(t, begin[0]), cursor)
    if t.rows[y].is_right_half(column):
        column -= 1
    target = min(max((y, column), begin), end)
    if target < cursor:
        return -_characters(t, target, cursor)
    return _characters(t, cursor, target)


def _text_end(t: Terminal, y: int) -> tuple[int, int]:
    """The end of the text of the wrapped line that begins at row ``y``."""
    while t.rows[y].wrapped and y + 1 < len(t.rows):
        y += 1
    return y, len(t.rows[y].text.rstrip(BLANK))


def _characters(t: Terminal, start: tuple[int, int], stop: tuple[int, int]) -> int:
    """The number of characters that begin in the cells from ``start`` to ``stop``, exclusive."""
    count = 0
    for y in range(start[0], stop[0] + 1):
        row = t.rows[y]
        left = start[1] if y == start[0] else 0
        right = stop[1] if y == stop[0] else t.columns
        if y < stop[0] and _ends_in_filler(row, t.rows[y + 1], t.columns):
            right = min(right, t.columns - 1)
        count += max(0, right - left) - row.text[left:right].count(RIGHT_HALF)
    return count


def _ends_in_filler(row: Row, below: Row, columns: int) -> bool:
    """The last column is blank because the wide character that begins the next row did not fit."""
    return below.text[1:2] == RIGHT_HALF and row.text[columns - 1 : columns] in ("", BLANK)
