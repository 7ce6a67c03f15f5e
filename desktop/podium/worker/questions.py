"""Answers what the window asks about a session's screen; a question changes nothing."""

from collections.abc import Callable, Collection
from typing import Final

from podium.core.protocol.command_reports import (
    MAX_COMMAND_LINE,
    MAX_FAILED,
    MAX_RAN,
    FailedReport,
    RanOutputReport,
    RanReport,
)
from podium.core.protocol.command_requests import (
    CommandsWanted,
    CommandTextWanted,
    FailedWanted,
    PromptWanted,
    RanOutputWanted,
    RanWanted,
)
from podium.core.protocol.finding import Find, FindLines, FindOn, Unfind
from podium.core.protocol.marks import ShellCommand
from podium.core.protocol.reports import (
    MAX_REPORTED_LINES,
    CommandsReport,
    ErrorReport,
    FoldersReport,
    ForegroundReport,
    LinesReport,
    Report,
    StaleReport,
    TextReport,
)
from podium.core.protocol.requests import (
    FoldersWanted,
    ForegroundWanted,
    LinesWanted,
    Request,
    ScreenWanted,
    Tap,
    TapCredit,
    TextWanted,
    Untap,
    Unwatch,
    Watch,
)
from podium.terminal import Emulator
from podium.worker.observers.output_observers import screen_report
from podium.worker.program.foreground import Job

QUESTIONS: Final = (
    LinesWanted,
    TextWanted,
    CommandsWanted,
    PromptWanted,
    CommandTextWanted,
    FailedWanted,
    RanWanted,
    RanOutputWanted,
    ScreenWanted,
    Watch,
    Unwatch,
    Tap,
    TapCredit,
    Untap,
    Find,
    FindOn,
    Unfind,
    FindLines,
)
"""Requests that look and change nothing, whichever part of a session carries them out."""

_RAN_SIZE: Final = 48 * 1024
"""Characters of all command lines and folders in one list."""
_COMMAND_SIZE: Final = 100


class Questions:
    """Answers from one emulator, and from the program that draws on it."""

    def __init__(
        self,
        emulator: Emulator,
        emit: Callable[[Report], None],
        job: Callable[[], Job],
        tool: Callable[[Collection[str]], str],
        folder: Callable[[], str],
    ) -> None:
        """``job``, ``tool`` and ``folder`` are those that the program has now."""
        self._emulator = emulator
        self._emit = emit
        self._job = job
        self._tool = tool
        self._folder = folder

    def answer(self, request: Request) -> bool:
        """Answer a question; False for any other request."""
        match request:
            case LinesWanted():
                self._send_lines(request)
            case TextWanted(line_epoch=epoch) if epoch not in (None, self._emulator.line_epoch):
                self._emit(StaleReport(request.request))
            case TextWanted():
                text = self._emulator.text_between(request.first, request.last, request.block)
                self._emit(TextReport(request.request, text))
            case CommandsWanted(first=first, last=last):
                last = min(last, first + MAX_REPORTED_LINES - 2)
                self._send_commands(request.request, self._emulator.commands_between(first, last))
            case PromptWanted(line=line, above=above):
                find = self._emulator.prompt_before if above else self._emulator.prompt_after
                found = find(line)
                self._send_commands(request.request, [found] if found is not None else [])
            case CommandTextWanted(line=line):
                self._emit(TextReport(request.request, self._emulator.command_text(line)))
            case FailedWanted(number, first):
                start, reached, lines = self._emulator.failed_prompts(first, MAX_FAILED)
                epoch = self._emulator.line_epoch
                self._emit(FailedReport(number, epoch, start, reached, tuple(lines)))
            case RanWanted():
                self._send_ran(request)
            case RanOutputWanted():
                self._send_output(request)
            case ScreenWanted():
                self._send_screen(request)
            case ForegroundWanted(number, tools):
                tool = self._tool(tools) if tools else ""
                self._emit(ForegroundReport(number, *self._job(), tool))
            case FoldersWanted(number, lines):
                # Where no shell tells its folder, the present one is the best guess.
                folders = [self._emulator.folder_at(line) or self._folder() for line in lines]
                self._emit(FoldersReport(number, tuple(folders)))
            case _:
                return False
        return True

    def _send_commands(self, request: int, commands: list[ShellCommand]) -> None:
        self._emit(CommandsReport(request, self._emulator.line_epoch, tuple(commands)))

    def _send_ran(self, wanted: RanWanted) -> None:
        most = max(1, min(wanted.most, MAX_RAN))
        commands, older = self._emulator.ran_commands(wanted.before, most)
        size = 0
        for i, command in enumerate(reversed(commands)):
            size += len(command.text) + len(command.folder) + _COMMAND_SIZE
            if i and size > _RAN_SIZE:
                commands, older = commands[-i:], True
                break
        self._emit(RanReport(wanted.request, self._emulator.line_epoch, tuple(commands), older))

    def _send_output(self, wanted: RanOutputWanted) -> None:
        found = self._emulator.command_output(wanted.number)
        if found is None:
            which = f"command {wanted.number}" if wanted.number else "command that its shell has marked"
            self._emit(ErrorReport(f"It has no {which}, or keeps it no more.", wanted.request))
            return
        line = found.line[:MAX_COMMAND_LINE]
        self._emit(RanOutputReport(wanted.request, found.command, line, found.left_out))
        self._emit(TextReport(wanted.request, found.text))

    def _send_lines(self, wanted: LinesWanted) -> None:
        first, lines, attributes = self._emulator.lines_between(
            wanted.first, min(wanted.count, MAX_REPORTED_LINES)
        )
        self._emit(
            LinesReport(wanted.request, self._emulator.line_epoch, first, tuple(lines), tuple(attributes))
        )

    def _send_screen(self, wanted: ScreenWanted) -> None:
        report = screen_report(self._emulator, wanted.request)
        self._emit(report)
        first, count = wanted.first, wanted.count
        if first is None:
            first, count = report.first_line, report.lines
        elif first < 0:
            first = max(report.oldest_line, report.first_line + first)
            count = min(count, report.first_line - first)
        self._send_lines(LinesWanted(wanted.request, first, count))
