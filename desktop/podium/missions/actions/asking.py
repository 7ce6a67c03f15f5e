"""Questions to the person: asked in the terminal, and reported to the parent of this program."""

import os
from typing import Final

from podium.core.protocol.events import ProgramWaiting, ProgramWorking
from podium.core.protocol.program_channels import EventWriter
from podium.core.system.terminal_modes import discard_typed
from podium.core.visible_text import safe_to_print

_STDIN: Final = 0
_STDOUT: Final = 1


def can_ask() -> bool:
    """Whether somebody may be there to read a question and to answer it."""
    return os.isatty(_STDIN) and os.isatty(_STDOUT)


def agrees(question: str) -> bool:
    """Whether the person types yes. No answer is no, and what was typed before the question was shown is none.

    Until then the window and the API say that the mission waits for it.
    """
    # A copy: the run itself takes the channel over when it begins.
    events = EventWriter.from_environment(dict(os.environ))
    try:
        return _answered(safe_to_print(f"{question} [y/n] "), events)
    finally:
        events.hand_back()


def _answered(prompt: str, events: EventWriter) -> bool:
    discard_typed(_STDIN)  # Before anybody is told: a program may answer at once.
    while True:
        events.write(ProgramWaiting(prompt.strip()))
        try:
            answer = input(prompt).strip().lower()
        except (EOFError, KeyboardInterrupt):
            print()
            return False
        finally:
            events.write(ProgramWorking())
        if answer in ("y", "yes", "n", "no", "q"):
            return answer in ("y", "yes")
