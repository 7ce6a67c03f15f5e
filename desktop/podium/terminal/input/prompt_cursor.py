"""What a click at a marked prompt sends: presses of Left and Right that bring the cursor there, or the click itself."""

from typing import Final

from podium.core.protocol.frames import RGB_FLAG, Attributes, Style
from podium.core.protocol.marks import MarkKind
from podium.terminal.screen.row import BLANK, RIGHT_HALF, Row
from podium.terminal.screen.state import Terminal

SCREEN_REPORTS: Final = 1
"""A shell wants to hear of clicks as a mouse would tell them: where on the screen they were."""
PROMPT_REPORTS: Final = 2
"""It does, with rows counted from its prompt's first one."""
_PROMPT: Final = int(MarkKind.PROMPT)
_CONTINUATION: Final = int(MarkKind.CONTINUATION)
_INPUT: Final = int(MarkKind.INPUT)
_FOLDER: Final = int(MarkKind.FOLDER)
_DIM: Final = int(Style.DIM)
_BRIGHT_BLACK: Final = 8
_FIRST_GREY: Final = 232
_LAST_GREY: Final = 247
"""Of the palette's ramp; what follows is as bright as text."""
_MOST_TINT: Final = 0x28
"""The most by which the parts of a grey differ."""
_WHITE: Final = 0xD0
"""A grey is darker."""


def at_prompt(t: Terminal) -> bool:
    """Whether a shell is at its marked prompt: nothing that it has marked since says that it runs a command."""
    return input_place(t) is not None


def input_is_empty(t: Terminal) -> bool:
    """Whether nothing is typed at the prompt yet, as far as the cursor tells; a further line of a command goes on with
    what is.
    """
    return input_place(t) == (t.y, t.x) and not _is_further_line(t.rows[t.y])


def _is_further_line(row: Row) -> bool:
    """Whether the last prompt in ``row`` is one for a further line."""
    for mark in reversed(row.marks):
        if mark.kind in (_PROMPT, _CONTINUATION):
            return mark.kind == _CONTINUATION
    return False


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


def click_report(t: Terminal, line: int, column: int) -> bytes:
    """The press of the left button that the shell at its prompt asked for; empty where there is no such prompt."""
    top = _prompt_row(t)
    y = line - t.scrollback.end
    if not t.click_reports or not 0 <= top <= y < len(t.rows):
        return b""
    row = y - top if t.click_reports == PROMPT_REPORTS else y
    return f"\x1b[<0;{column + 1};{row + 1}M".encode()


def _prompt_row(t: Terminal) -> int:
    """The screen's row where the prompt that a shell is at begins, the top row if that is above; -1 without one.

    A shell that marks no input is at its prompt until it marks output.
    """
    if t.alternate:
        return -1
    found = False
    for y in range(t.y, -1, -1):
        for mark in reversed(t.rows[y].marks):
            if mark.kind == _PROMPT:
                return y
            if mark.kind in (_INPUT, _CONTINUATION):
                found = True
            elif mark.kind != _FOLDER:
                return y if found else -1
    return 0 if found else -1


def steps_to(t: Terminal, line: int, column: int) -> int:
    """Presses of Right, or of Left where negative, that bring the cursor to the character at ``column`` of ``line``.

    A wide character or a cluster is one press, and so is the end of a line where the prompt says that the keys go on
    from there. 0 where the cursor can't go: without a prompt, and outside of the line that the cursor is in. Beyond
    either end of the input it is the way to that end.
    """
    begin = input_place(t)
    y = line - t.scrollback.end
    if begin is None or not begin[0] <= y < len(t.rows):
        return 0
    if not t.moves_between_lines:
        for between in range(begin[0], max(t.y, y)):
            if not t.rows[between].wrapped:
                return 0
    cursor = t.y, t.x + t.pending
    end = max(_input_end(t, begin[0]), cursor)
    if t.rows[y].is_right_half(column):
        column -= 1
    target = min(max((y, column), begin), end)
    if target < cursor:
        return -_characters(t, target, cursor)
    return _characters(t, cursor, target)


def _input_end(t: Terminal, y: int) -> tuple[int, int]:
    """The end of what is typed, the first row of which is ``y``."""
    if _suggests(t):
        return t.y, t.x + t.pending
    last = len(t.rows) - 1
    while y < last and (t.rows[y].wrapped or (t.moves_between_lines and y < _last_text(t))):
        y += 1
    return y, _row_end(t.rows[y])


def _last_text(t: Terminal) -> int:
    y = len(t.rows) - 1
    while y > t.y and not _row_end(t.rows[y]):
        y -= 1
    return y


def _row_end(row: Row) -> int:
    return len(row.text.rstrip(BLANK))


def _suggests(t: Terminal) -> bool:
    """Whether what stands at the cursor is a suggestion: grey up to its end, where nothing but blanks follow.

    Shells show one where all is typed in front of the cursor; Right would take it over. What was typed in grey goes on
    as it began.
    """
    x, y = t.x + t.pending, t.y
    if x >= t.columns and y + 1 < len(t.rows):
        x, y = 0, y + 1
    row = t.rows[y]
    styles = row.styles
    if x >= min(len(styles), _row_end(row)) or (x and styles[x - 1] == styles[x]):
        return False
    if not _is_muted(t.styles.styles[ord(styles[x])].attributes):
        return False
    end = x
    while end < len(styles) and styles[end] == styles[x]:
        end += 1
    return not row.text[end : end + 2].strip(BLANK)


def _is_muted(attributes: Attributes) -> bool:
    color = attributes.foreground
    if attributes.style & _DIM or color == _BRIGHT_BLACK:
        return True
    if color & RGB_FLAG and color > 0:
        parts = (color >> 16 & 0xFF, color >> 8 & 0xFF, color & 0xFF)
        return max(parts) - min(parts) <= _MOST_TINT and max(parts) < _WHITE
    return _FIRST_GREY <= color <= _LAST_GREY


def _characters(t: Terminal, start: tuple[int, int], stop: tuple[int, int]) -> int:
    """The number of characters that begin in the cells from ``start`` to ``stop``, exclusive, and of ends of lines."""
    count = 0
    for y in range(start[0], stop[0] + 1):
        row = t.rows[y]
        left = start[1] if y == start[0] else 0
        right = stop[1] if y == stop[0] else t.columns
        if y < stop[0]:
            if not row.wrapped:
                right = max(left, _row_end(row))
                count += 1
            elif _ends_in_filler(row, t.rows[y + 1], t.columns):
                right = min(right, t.columns - 1)
        count += max(0, right - left) - row.text[left:right].count(RIGHT_HALF)
    return count


def _ends_in_filler(row: Row, below: Row, columns: int) -> bool:
    """The last column is blank because the wide character that begins the next row did not fit."""
    return below.text[1:2] == RIGHT_HALF and row.text[columns - 1 : columns] in ("", BLANK)
