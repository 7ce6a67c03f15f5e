"""The commands that a marking shell has run, by number: which failed, what each was, what it printed."""

from collections.abc import Iterator
from typing import Final

from podium.core.protocol.marks import MAX_RAN_TEXT, CommandState, MarkKind, RanCommand
from podium.terminal.output.commands import Place, full_text, mark_groups, marks_from, summary
from podium.terminal.output.lines import oldest_line, text_between
from podium.terminal.screen.marks import folder_at, mark_before
from podium.terminal.screen.row_mark import RowMark
from podium.terminal.screen.state import Terminal

MAX_OUTPUT_ROWS: Final = 10_000
MAX_OUTPUT_CHARACTERS: Final = 1 << 20
"""Of one command's output; the newest are given."""
_PROMPT: Final = int(MarkKind.PROMPT)
_OUTPUT: Final = int(MarkKind.OUTPUT)
_DONE: Final = int(MarkKind.DONE)
_FOLDER: Final = int(MarkKind.FOLDER)


class CommandOutput:
    """What a command printed, as far as it is kept; ``left_out`` are the lines of it that are too many. ``line`` is its
    whole command line.
    """

    def __init__(self, command: RanCommand, line: str, text: str, left_out: int) -> None:
        self.command = command
        self.line = line
        self.text = text
        self.left_out = left_out


class _Ran:
    """A command, its whole command line, and where its output stands; ``end`` is exclusive, None for the cursor."""

    def __init__(self, command: RanCommand, line: str, output: Place, end: Place | None) -> None:
        self.command = command
        self.line = line
        self.output = output
        self.end = end


def failed_prompts(t: Terminal, first: int, most: int) -> tuple[int, int, list[int]]:
    """The lines of prompts whose command failed, the newest ``most`` of those from line ``first`` on: the line that
    they were looked for from, the line from which on more may come, and their lines in order.
    """
    begin = mark_before(t, first + 1, _PROMPT)
    start = begin.line if begin is not None else first
    reached = start
    lines: list[int] = []
    for group in mark_groups(t, start):
        reached = group[0][0]
        began = False
        for _, mark in group:
            began = began or mark.kind == _OUTPUT
            if began and mark.kind == _DONE:
                if mark.exit_code:
                    lines.append(reached)
                break
    if len(lines) > most:
        start = lines[-most]
        lines = lines[-most:]
    return start, reached, lines


def ran_commands(t: Terminal, before: int, most: int) -> tuple[list[RanCommand], bool]:
    """The newest ``most`` commands with numbers below ``before``, the oldest of them first, and whether there are older
    ones.
    """
    found = [ran.command for ran in _ran_from(t, _start(t, before, most + 1)) if ran.command.number < before]
    return found[-most:], len(found) > most


def command_output(t: Terminal, number: int, characters: int = MAX_OUTPUT_CHARACTERS) -> CommandOutput | None:
    """What command ``number`` has printed, 0 for the newest one; None when it is not kept."""
    before = number + 1 if number else t.command_number + 1
    ran = [one for one in _ran_from(t, _start(t, before, 1)) if not number or one.command.number == number]
    if not ran:
        return None
    last = ran[-1]
    end = last.end if last.end is not None else (t.cursor_line(), t.x)
    begin = max(last.output, (end[0] - MAX_OUTPUT_ROWS, 0))
    text = text_between(t, begin, (end[0], end[1] - 1), False) if begin < end else ""
    left_out = begin[0] - last.output[0]
    if len(text) > characters:
        cut = text.find("\n", len(text) - characters) + 1 or len(text) - characters
        left_out += text.count("\n", 0, cut)
        text = text[cut:]
    return CommandOutput(last.command, last.line, text, left_out)


def _start(t: Terminal, before: int, most: int) -> int:
    """The line of the prompt of the ``most``-th newest command with a number below ``before``, or the oldest line."""
    begun = last = 0
    for line, mark in _marks_backwards(t):
        if mark.kind == _OUTPUT and mark.number < before and mark.number != last:
            # One that was typed as several has a mark for each of them.
            last = mark.number
            begun += 1
        elif mark.kind == _PROMPT and begun >= most:
            return line
    return oldest_line(t)


def _marks_backwards(t: Terminal) -> Iterator[tuple[int, RowMark]]:
    """All marks, each with its line, from the newest on."""
    top = t.scrollback.end
    for y in range(len(t.rows) - 1, -1, -1):
        for mark in reversed(t.rows[y].marks):
            yield top + y, mark
    for number, marks in t.scrollback.marked_backwards(top):
        for mark in reversed(marks):
            yield number, mark


def _ran_from(t: Terminal, start: int) -> list[_Ran]:
    """The commands from line ``start`` on that were run, oldest first."""
    folder = folder_at(t, start)
    groups = list(mark_groups(t, start))
    found: list[_Ran] = []
    if start == oldest_line(t):
        cut_off = _cut_off(t, start, groups[0][0] if groups else None, folder)
        if cut_off is not None:
            found.append(cut_off)
    for i, group in enumerate(groups):
        began: RowMark | None = None
        before = folder
        for _, mark in group:
            if mark.kind == _OUTPUT and began is None:
                began, before = mark, folder
            elif mark.kind == _FOLDER:
                folder = t.folders.path(mark.folder)
        if began is None:
            continue
        shown = summary(t, group)
        if shown.output is None:
            continue
        end = shown.end
        if end is None and i + 1 < len(groups):
            end = _place(groups[i + 1][0])
        text = full_text(t, group)
        command = _ran(began, shown.line, shown.state, text, before, shown.exit_code, shown.seconds)
        found.append(_Ran(command, text, shown.output, end))
    return found


def _cut_off(t: Terminal, start: int, prompt: tuple[int, RowMark] | None, folder: str) -> _Ran | None:
    """The command whose own prompt is gone: all that is kept above the first ``prompt`` is of its output."""
    output: Place = (start, 0)
    began: RowMark | None = None
    for line, mark in marks_from(t, start):
        if prompt is not None and mark is prompt[1]:
            break
        if mark.kind == _OUTPUT and mark.number:
            began, output = mark, (line, mark.column)
        elif mark.kind == _DONE and mark.number:
            seconds = mark.seconds if mark.seconds >= 0.0 else None
            text = t.command_lines.path(mark.command) if mark.command else ""
            ended = _ran(mark, start, CommandState.ENDED, text, folder, mark.exit_code, seconds)
            return _Ran(ended, text, output, (line, mark.column))
    if prompt is None and t.command_began >= 0.0:
        text = t.command_lines.path(t.command_line) if t.command_line else ""
        mark = RowMark(_OUTPUT, 0, number=t.command_number, began=t.command_started)
        seconds = max(0.0, t.clock() - t.command_began)
        running = _ran(mark, start, CommandState.RUNNING, text, folder, None, seconds)
        return _Ran(running, text, output, None)
    if began is None:
        return None
    text = t.command_lines.path(began.command) if began.command else ""
    lost = _ran(began, start, CommandState.ENDED, text, folder, None, None)
    return _Ran(lost, text, output, _place(prompt) if prompt is not None else None)


def _ran(
    mark: RowMark,
    line: int,
    state: CommandState,
    text: str,
    folder: str,
    exit_code: int | None,
    seconds: float | None,
) -> RanCommand:
    began = mark.began if mark.began >= 0.0 else None
    return RanCommand(mark.number, line, state, _cut(text), folder, exit_code, began, seconds)


def _place(mark: tuple[int, RowMark]) -> Place:
    return mark[0], mark[1].column


def _cut(text: str) -> str:
    return text if len(text) <= MAX_RAN_TEXT else f"{text[: MAX_RAN_TEXT - 1]}…"
