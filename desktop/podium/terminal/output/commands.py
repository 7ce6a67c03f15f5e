"""The commands of a shell, as its marks tell: where each was typed, what it printed, what has become of it."""

from collections.abc import Iterator
from typing import Final

from podium.core.protocol.marks import SHOWN_COMMAND, CommandState, MarkKind, ShellCommand
from podium.terminal.output.lines import text_between
from podium.terminal.screen.marks import mark_after, mark_before
from podium.terminal.screen.row_mark import RowMark
from podium.terminal.screen.state import Terminal

Place = tuple[int, int]
"""An absolute line and a column."""

_PROMPT: Final = int(MarkKind.PROMPT)
_INPUT: Final = int(MarkKind.INPUT)
_OUTPUT: Final = int(MarkKind.OUTPUT)
_DONE: Final = int(MarkKind.DONE)
_FOLDER: Final = int(MarkKind.FOLDER)


def commands_between(t: Terminal, first: int, last: int) -> list[ShellCommand]:
    """The commands that cover any of the lines ``first`` to ``last``, both inclusive, in order."""
    begin = mark_before(t, first + 1, _PROMPT)
    start = begin.line if begin is not None else first
    found: list[ShellCommand] = []
    for group in mark_groups(t, start):
        if group[0][0] > last:
            break
        found.append(summary(t, group))
    return found


def command_at(t: Terminal, line: int) -> ShellCommand | None:
    """The command that covers ``line``."""
    found = commands_between(t, line, line)
    return found[-1] if found else None


def prompt_before(t: Terminal, line: int) -> ShellCommand | None:
    """The command at the nearest prompt above ``line``."""
    mark = mark_before(t, line, _PROMPT)
    return command_at(t, mark.line) if mark is not None else None


def prompt_after(t: Terminal, line: int) -> ShellCommand | None:
    """The command at the nearest prompt below ``line``."""
    mark = mark_after(t, line, _PROMPT)
    return command_at(t, mark.line) if mark is not None else None


def command_text(t: Terminal, line: int) -> str:
    """The command line of the command that covers ``line``; "" where there is none."""
    begin = mark_before(t, line + 1, _PROMPT)
    return full_text(t, next(mark_groups(t, begin.line), [])) if begin is not None else ""


def full_text(t: Terminal, marks: list[tuple[int, RowMark]]) -> str:
    """The command line as its shell told it, or else as it stands on the screen, without the prompts in between."""
    parts: list[str] = []
    begin: Place | None = None
    for line, mark in marks:
        place = line, mark.column
        if mark.kind == _INPUT:
            begin = begin or place
        elif begin is not None and mark.kind != _FOLDER:
            parts.append(_between(t, begin, place))
            begin = None
        if mark.kind == _OUTPUT:
            return (t.command_lines.path(mark.command) if mark.command else "") or "\n".join(parts)
    if begin is not None:
        parts.append(_between(t, begin, (t.cursor_line() + 1, 0)))
    return "\n".join(parts)


def _between(t: Terminal, begin: Place, end: Place) -> str:
    return text_between(t, begin, (end[0], end[1] - 1), False).rstrip() if begin < end else ""


def _shown(text: str) -> str:
    line = " ".join(text.split("\n", 1)[0].split("\t"))
    return text if line == text and len(line) <= SHOWN_COMMAND else f"{line[: SHOWN_COMMAND - 1]}…"


def mark_groups(t: Terminal, first: int) -> Iterator[list[tuple[int, RowMark]]]:
    """The marks from line ``first`` on, each with its line, cut where a prompt begins. What is in front of the first
    prompt is left out.
    """
    group: list[tuple[int, RowMark]] = []
    has_output = False
    for line, mark in marks_from(t, first):
        if mark.kind == _PROMPT and group and (group[0][0] != line or has_output):
            yield group
            group = []
        if not group:
            has_output = False
            if mark.kind != _PROMPT:
                continue
        group.append((line, mark))
        has_output = has_output or mark.kind == _OUTPUT
    if group:
        yield group


def marks_from(t: Terminal, first: int) -> Iterator[tuple[int, RowMark]]:
    """All marks from line ``first`` on, each with its line."""
    top = t.scrollback.end
    for number, marks in t.scrollback.marked_lines(first, top):
        for mark in marks:
            yield number, mark
    for y in range(max(0, first - top), len(t.rows)):
        for mark in t.rows[y].marks:
            yield top + y, mark


def summary(t: Terminal, marks: list[tuple[int, RowMark]]) -> ShellCommand:
    """The command of one group of marks."""
    typed: Place | None = None
    output: Place | None = None
    end: Place | None = None
    exit_code: int | None = None
    seconds: float | None = None
    for line, mark in marks:
        if mark.kind == _INPUT and typed is None:
            typed = line, mark.column
        elif mark.kind == _OUTPUT and output is None:
            output = line, mark.column
        elif mark.kind == _DONE and output is not None and end is None:
            end = line, mark.column
            exit_code = mark.exit_code
            seconds = mark.seconds if mark.seconds >= 0.0 else None
    state = CommandState.TYPED
    if output is not None:
        state = CommandState.ENDED
        if end is None and t.command_began >= 0.0 and mark_after(t, marks[0][0], _PROMPT) is None:
            state, seconds = CommandState.RUNNING, max(0.0, t.clock() - t.command_began)
    text = _shown(full_text(t, marks)) if output is not None else ""
    return ShellCommand(marks[0][0], state, typed, output, end, exit_code, seconds, text)
