"""Requests about the commands of a marking shell (OSC 133), and to its prompt. A part of ``Request``."""

from typing import TypeAlias

import msgspec


class CommandsWanted(msgspec.Struct, frozen=True, tag="commands"):
    """Ask for the commands that cover any of the lines ``first`` to ``last``, both inclusive (a CommandsReport)."""

    request: int
    first: int
    last: int


class PromptWanted(msgspec.Struct, frozen=True, tag="prompt"):
    """Ask for the command at the nearest prompt below ``line``, or above it. Answered by a CommandsReport with at most
    one.
    """

    request: int
    line: int
    above: bool = False


class CommandTextWanted(msgspec.Struct, frozen=True, tag="commandText"):
    """Ask for the command line of the command that covers ``line``. Answered by a TextReport."""

    request: int
    line: int


class FailedWanted(msgspec.Struct, frozen=True, tag="failed"):
    """Ask for the prompts from line ``first`` on whose command failed (a FailedReport)."""

    request: int
    first: int = 0


class RanWanted(msgspec.Struct, frozen=True, tag="ran"):
    """Ask for the newest ``most`` commands that were run, of those with a number below ``before`` (a RanReport)."""

    request: int
    before: int
    most: int


class RanOutputWanted(msgspec.Struct, frozen=True, tag="ranOutput"):
    """Ask for what the command of this number has printed; 0 is the newest one. Answered by a RanOutputReport and
    then a TextReport, or by an ErrorReport.
    """

    request: int
    number: int = 0


class RunAtPrompt(msgspec.Struct, frozen=True, tag="runAtPrompt"):
    """A SendText with ``submit`` for a shell at its marked, empty prompt. An ErrorReport when there is none."""

    request: int
    text: str


class MoveCursor(msgspec.Struct, frozen=True, tag="moveCursor"):
    """Bring the cursor to a place in what is typed at a marked prompt, or tell its shell of a click there, as it asked.
    Elsewhere nothing happens.
    """

    line: int
    column: int


CommandRequest: TypeAlias = (
    CommandsWanted
    | PromptWanted
    | CommandTextWanted
    | FailedWanted
    | RanWanted
    | RanOutputWanted
    | RunAtPrompt
    | MoveCursor
)
