"""Commands of a marking shell that have ended, for the window: those that took long enough for a person to leave."""

from collections.abc import Callable, Iterable
from typing import Final

from podium.core.protocol.reports import CommandEndedReport, Report
from podium.terminal import Emulator
from podium.terminal.screen.events import Event, PromptMark

LEAST_SECONDS: Final = 1.0
_LONGEST: Final = 200


class EndedCommands:
    """Reports ends. What takes a second each can't flood the window."""

    def __init__(self, emulator: Emulator, emit: Callable[[Report], None]) -> None:
        self._emulator = emulator
        self._emit = emit
        self._command = ""

    def report(self, events: Iterable[Event]) -> None:
        began: PromptMark | None = None
        for event in events:
            match event:
                case PromptMark(kind="C"):
                    began = event
                case PromptMark(kind="D", seconds=seconds):
                    if seconds is not None and seconds >= LEAST_SECONDS:
                        self._emit(CommandEndedReport(seconds, event.exit_code, self._command))
                    began, self._command = None, ""
        if began is not None:
            # Read now: it may clear the screen.
            text = " ".join(self._emulator.command_text(began.line - 1).split())
            self._command = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
