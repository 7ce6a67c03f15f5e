"""Marks of a shell on rows and lines. They live on the row they were made on, so they move and go with it."""

from typing import Final

from podium.core.protocol.marks import MarkKind, ShellMark
from podium.terminal.screen.row import Row
from podium.terminal.screen.row_mark import RowMark
from podium.terminal.screen.state import Terminal

MAX_MARKS: Final = 8
"""Marks of one row; the oldest are dropped first."""
_FOLDER: Final = int(MarkKind.FOLDER)
_PROMPT: Final = int(MarkKind.PROMPT)
_OUTPUT: Final = int(MarkKind.OUTPUT)
_DONE: Final = int(MarkKind.DONE)


def add_mark(
    t: Terminal,
    kind: int,
    exit_code: int | None = None,
    folder: int = 0,
    seconds: float = -1.0,
    command: int = 0,
    number: int = 0,
    began: float = -1.0,
) -> None:
    """Mark the cursor's place. The alternate screen gets no marks: what draws there is no shell at its prompt."""
    if t.alternate:
        return
    column = t.x + 1 if t.pending else t.x
    row = t.rows[t.y]
    same = [mark for mark in row.marks if mark.kind != kind or mark.column != column]
    mark = RowMark(kind, column, exit_code, folder, seconds, command, number, began)
    row.marks = (*same, mark)[-MAX_MARKS:]
    if kind != _FOLDER:
        t.mark_changes += 1
        t.change += 1


def enter_folder(t: Terminal, path: str) -> None:
    """The shell is in folder ``path`` from the cursor's line on; "" is a folder of another computer."""
    t.folder = path
    add_mark(t, _FOLDER, folder=t.folders.number(path))


def begin_prompt(t: Terminal) -> None:
    """A prompt begins; what was run at the one before may go on, as a shell that has another one in it."""
    t.command_open = False
    add_mark(t, _PROMPT)


def begin_command(t: Terminal, command: str) -> None:
    """The output of a command begins here; ``command`` is its command line, "" when the shell does not tell it."""
    if t.command_open:
        # One that was typed as several: shells say so before each of them.
        add_mark(t, _OUTPUT, command=t.command_line, number=t.command_number, began=t.command_started)
        return
    t.command_open = True
    t.command_began = t.clock()
    t.command_started = t.wall_clock()
    t.command_number += 1
    t.command_line = t.command_lines.number(command) if command else 0
    add_mark(t, _OUTPUT, command=t.command_line, number=t.command_number, began=t.command_started)


def end_command(t: Terminal, exit_code: int | None) -> float | None:
    """The output of a command has ended; returns how many seconds the command took.

    A prompt that is drawn again says so again, and that changes nothing.
    """
    t.command_open = False
    if t.command_began < 0.0:
        if _last_of(t.rows[t.y], _DONE) is None:
            add_mark(t, _DONE, exit_code)
        return None
    seconds = max(0.0, t.clock() - t.command_began)
    t.command_began = -1.0
    # What it printed may push the mark of its beginning out of the scrollback.
    add_mark(
        t,
        _DONE,
        exit_code,
        seconds=seconds,
        command=t.command_line,
        number=t.command_number,
        began=t.command_started,
    )
    return seconds


def erase_marks(t: Terminal, start: int, end: int) -> None:
    """Drop the marks of the rows ``start`` to ``end`` (exclusive). What comes there is printed in the same folder."""
    folder = 0
    for row in t.rows[start:end]:
        for mark in row.marks:
            folder = mark.folder or folder
        if row.marks:
            row.marks = ()
            t.mark_changes += 1
    if folder:
        t.rows[start].marks = (RowMark(_FOLDER, 0, folder=folder),)


def marks_between(t: Terminal, first: int, last: int) -> list[ShellMark]:
    """The marks of the lines ``first`` to ``last``, both inclusive, in order."""
    found = [
        _placed(t, number, mark)
        for number, marks in t.scrollback.marked_lines(first, last + 1)
        for mark in marks
    ]
    top = t.scrollback.end
    for y in range(max(0, first - top), min(len(t.rows), last + 1 - top)):
        found += [_placed(t, top + y, mark) for mark in t.rows[y].marks]
    return found


def mark_before(t: Terminal, line: int, kind: int) -> ShellMark | None:
    """The nearest mark of this kind above ``line``."""
    top = t.scrollback.end
    for y in range(min(line - top, len(t.rows)) - 1, -1, -1):
        if (mark := _last_of(t.rows[y], kind)) is not None:
            return _placed(t, top + y, mark)
    for number, marks in t.scrollback.marked_backwards(min(line, top)):
        for mark in reversed(marks):
            if mark.kind == kind:
                return _placed(t, number, mark)
    return None


def mark_after(t: Terminal, line: int, kind: int) -> ShellMark | None:
    """The nearest mark of this kind below ``line``."""
    top = t.scrollback.end
    for number, marks in t.scrollback.marked_lines(line + 1, top):
        for mark in marks:
            if mark.kind == kind:
                return _placed(t, number, mark)
    for y in range(max(0, line + 1 - top), len(t.rows)):
        for mark in t.rows[y].marks:
            if mark.kind == kind:
                return _placed(t, top + y, mark)
    return None


def folder_at(t: Terminal, line: int) -> str:
    """The shell's folder when it printed ``line``; "" when it is not known, or one of another computer."""
    if t.alternate and line >= t.scrollback.end:
        return t.folder
    mark = mark_before(t, line + 1, _FOLDER)
    return mark.folder if mark is not None else t.folders.path(t.scrollback.folder_before)


def _last_of(row: Row, kind: int) -> RowMark | None:
    for mark in reversed(row.marks):
        if mark.kind == kind:
            return mark
    return None


def _placed(t: Terminal, line: int, mark: RowMark) -> ShellMark:
    folder = t.folders.path(mark.folder) if mark.folder else ""
    return ShellMark(line, mark.column, MarkKind(mark.kind), mark.exit_code, folder)
