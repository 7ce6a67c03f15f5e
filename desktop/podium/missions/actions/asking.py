"""Asking the person something: in the terminal, and told to whoever runs this program."""

import os

from podium.core.events import ProgramWaiting, ProgramWorking
from podium.core.program_channels import EventWriter


def ask(prompt: str) -> str:
    """The line that was typed. Until then the window and the API say that the mission waits for it.

    Raises EOFError, KeyboardInterrupt.
    """
    # A copy: the run itself takes the channel over when it begins.
    events = EventWriter.from_environment(dict(os.environ))
    events.write(ProgramWaiting(prompt.strip()))
    try:
        return input(prompt)
    finally:
        events.write(ProgramWorking())
