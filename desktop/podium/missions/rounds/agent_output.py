"""Brings an agent's lines into the log, and no more of them than anybody would read."""

from typing import Final

from podium.core.missions.spec import AgentSpec
from podium.missions.log import MissionLog
from podium.missions.text import count

_SHOWN_LINES: Final = 2000
"""Lines of one agent's turn that go into the log."""


class AgentOutput:
    def __init__(self, agent: AgentSpec, log: MissionLog) -> None:
        self._agent = agent
        self._log = log
        self._lines = 0

    def show(self, text: str) -> None:
        self._lines += 1
        if self._lines <= _SHOWN_LINES:
            self._log.agent_printed(self._agent, text)

    def close(self) -> None:
        if self._lines > _SHOWN_LINES:
            more = count(self._lines - _SHOWN_LINES, "more line")
            self._log.agent_printed(self._agent, f"… {more} not shown")
