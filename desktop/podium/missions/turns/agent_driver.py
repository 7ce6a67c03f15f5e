"""An agent's tool as a turn sees it: how one attempt is started, and how its output is judged."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec

from podium.core.costs import Cost
from podium.missions.processes import Ending, Output
from podium.missions.text import plain
from podium.missions.turns.results import AttemptResult

DONE_MARK: Final = "PODIUM: DONE"
"""A line with these words alone, last in what an agent says: nothing is left to do for it."""


class AttemptCallbacks(msgspec.Struct, frozen=True):
    """The callbacks of one attempt while its program runs."""

    show: Callable[[str], None]
    """A line for the log."""
    progress: Callable[[], None]
    """The agent makes progress."""
    give_up: Callable[[str], None]
    """The agent will never end by itself, for this reason: end it."""
    spent: Callable[[Cost, Mapping[str, Any]], None]
    """The cost since the last call, and the tool's own count of the session."""
    session: Callable[[str], None]
    """The session can be resumed under this id from now on."""
    wait: Callable[[asyncio.Event], Awaitable[None]]
    """Returns when more may be read; at once when the program, whose event this is, has exited."""


class Task(msgspec.Struct, frozen=True):
    """The task of one attempt."""

    prompt: str
    folder: Path
    scratch: Path
    """A folder of its own outside the work tree; it exists."""
    model: str = ""
    session: str = ""
    """The session to resume; empty: a new one."""
    totals: Mapping[str, Any] = {}
    budget_usd: float | None = None
    """The budget, for tools that take one."""


class Start(msgspec.Struct, frozen=True):
    """The command to run. ``environment`` is added to the inherited one after ``unset`` was removed from it."""

    argv: tuple[str, ...]
    environment: Mapping[str, str] = {}
    unset: tuple[str, ...] = ()


class CommandError(Exception):
    """The command line can't be made; the message gives the reason."""


class AgentDriver(Protocol):
    """One attempt of one agent."""

    @property
    def output(self) -> Output: ...

    @property
    def errors(self) -> Output | None:
        """The destination of its error output; None: ``output`` too."""

    @property
    def simulates(self) -> bool:
        """Whether it may be a program of the demo's kind, whose costs are no real money when it says so."""

    def start(self) -> Start:
        """Raises CommandError or OSError."""

    def result(self, ending: Ending, failure: str) -> AttemptResult:
        """The outcome. ``failure`` is the reason that the exit alone gives, empty for exit code 0. Call it once."""


def says_done(text: str) -> bool:
    """Whether the last line of ``text`` that says something is the mark."""
    lines = [line.strip() for line in plain(text).splitlines()]
    return next((line for line in reversed(lines) if line), "").strip("*` ") == DONE_MARK
