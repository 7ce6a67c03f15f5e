"""What a shell says about its lines (OSC 133 and 7), as a session tells it."""

from enum import IntEnum, StrEnum
from typing import Final

import msgspec

SHOWN_COMMAND: Final = 60
"""Characters of a command line that are told with a command."""
MAX_RAN_TEXT: Final = 1000
"""Characters of a command line in a list of commands that were run."""


class MarkKind(IntEnum):
    """What begins at a mark. A command goes from PROMPT over INPUT and OUTPUT to DONE."""

    PROMPT = 1
    CONTINUATION = 2
    """The prompt of a command's further lines."""
    INPUT = 3
    """The command that a person types."""
    OUTPUT = 4
    DONE = 5
    """The output has ended."""
    FOLDER = 6
    """From here on the shell is in another folder."""


class ShellMark(msgspec.Struct, frozen=True):
    """A mark at column ``column`` of the line with the absolute number ``line``."""

    line: int
    column: int
    kind: MarkKind
    exit_code: int | None = None
    """Of DONE, where the shell tells it."""
    folder: str = ""
    """Of FOLDER: an absolute path of this computer; "" when it is on another one, or not known any more."""


class CommandState(StrEnum):
    """What has become of the command at a prompt."""

    TYPED = "typed"
    """Nothing: it may still be typed, or was given up."""
    RUNNING = "running"
    ENDED = "ended"
    """Its output has ended, with or without a known exit code."""


class ShellCommand(msgspec.Struct, frozen=True):
    """A prompt and what was run at it. Places are (line, column), lines are absolute numbers."""

    line: int
    """The prompt's first line."""
    state: CommandState
    input: tuple[int, int] | None = None
    """Where the command line begins."""
    output: tuple[int, int] | None = None
    """Where its output begins."""
    end: tuple[int, int] | None = None
    """Where its output ends, exclusive; None while it runs, and where the shell did not tell."""
    exit_code: int | None = None
    seconds: float | None = None
    """How long it took, or has taken until now."""
    text: str = ""
    """Its command line in one line, cut after ``SHOWN_COMMAND`` characters; "" before it runs."""


class RanCommand(msgspec.Struct, frozen=True):
    """A command that was run at a marked prompt. ``line`` is its prompt's first one, or the oldest line that is kept
    when that is gone.
    """

    number: int
    """Counted from 1 for as long as the session lasts."""
    line: int
    state: CommandState
    text: str = ""
    """Its command line, cut after ``MAX_RAN_TEXT`` characters; its lines as they were typed."""
    folder: str = ""
    """Where it was run, on this computer; "" when that is not known."""
    exit_code: int | None = None
    began: float | None = None
    """Seconds since 1970."""
    seconds: float | None = None
    """How long it took, or has taken until now."""
