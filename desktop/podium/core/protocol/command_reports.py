"""Reports about the commands that a marking shell has run (OSC 133). A part of ``Report``."""

from typing import Annotated, Final

import msgspec

from podium.core.protocol.marks import RanCommand

MAX_FAILED: Final = 2000
"""Failed commands that one answer names."""
MAX_RAN: Final = 200
"""Commands that one answer lists."""
MAX_COMMAND_LINE: Final = 8000
"""Characters of a command line that is told whole."""


class FailedReport(msgspec.Struct, frozen=True, tag="failedReply"):
    """The lines of the prompts from line ``first`` on whose command failed, in order: the newest of them. From line
    ``reached`` on this may become out of date. Line numbers hold within ``line_epoch``.
    """

    request: int
    line_epoch: int
    first: int
    reached: int
    lines: Annotated[tuple[int, ...], msgspec.Meta(max_length=MAX_FAILED)] = ()


class RanReport(msgspec.Struct, frozen=True, tag="ranReply"):
    """Commands that were run, from the oldest on, and whether there are ``older`` ones."""

    request: int
    line_epoch: int
    commands: Annotated[tuple[RanCommand, ...], msgspec.Meta(max_length=MAX_RAN)] = ()
    older: bool = False


class RanOutputReport(msgspec.Struct, frozen=True, tag="ranOutput"):
    """A command whose output follows, without the ``left_out`` oldest lines of it. ``line`` is its whole command line,
    at most ``MAX_COMMAND_LINE`` characters.
    """

    request: int
    command: RanCommand
    line: str = ""
    left_out: int = 0
