"""Questions of agents at work to the person: the mission as a whole waits as long as one of them does."""

from collections.abc import Callable
from typing import Final

from podium.core.protocol.events import ProgramEvent, ProgramWaiting, ProgramWorking

_LONGEST: Final = 1024
"""Characters of a question."""


class AgentQuestions:
    """The oldest question is the mission's; ``write`` gets the events for the window, each change once."""

    def __init__(self, write: Callable[[ProgramEvent], None]) -> None:
        self._write = write
        self._asked: dict[str, str] = {}
        """By agent, the oldest first."""
        self._told = ""

    def ask(self, agent: str, name: str, question: str | None) -> None:
        """``agent`` waits for a person; None: it does no longer. ``name`` is for people."""
        if question is None:
            self._asked.pop(agent, None)
        else:
            self._asked[agent] = f"{name}: {question[:_LONGEST]}" if question else f"{name} waits for you"
        now = next(iter(self._asked.values()), "")
        if now != self._told:
            self._told = now
            self._write(ProgramWaiting(now) if now else ProgramWorking())
