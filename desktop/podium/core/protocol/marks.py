"""What a shell says about its lines (OSC 133 and 7), as a session tells it."""

from enum import IntEnum

import msgspec


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
