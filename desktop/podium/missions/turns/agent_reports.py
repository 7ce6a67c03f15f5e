"""The sum of what an agent reports over its own event channel."""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from podium.core.costs import Cost
from podium.core.protocol.events import (
    MAX_EVENT_BYTES,
    AgentComplete,
    AgentError,
    FilesChanged,
    OrchestratorLog,
    ProgramEvent,
    ProgramWaiting,
    ProgramWorking,
    decode_line,
    typed_event,
)
from podium.core.protocol.program_channels import LineBuffer
from podium.missions.session_ids import refusal, usable_session
from podium.missions.text import one_line


class AgentReports:
    """``forward`` gets the events for the window, ``on_cost`` each cost as it comes."""

    def __init__(
        self,
        agent: str,
        forward: Callable[[ProgramEvent], None],
        on_cost: Callable[[Cost], None],
        *,
        simulates: Callable[[], bool] = lambda: False,
        ask: Callable[[str | None], None] = lambda _: None,
    ) -> None:
        """``simulates``: whether the agent may report simulated costs; those of all others are real. ``ask`` gets the
        question that the agent has for a person, and None when it has none any more.
        """
        self._agent = agent
        self._forward = forward
        self._on_cost = on_cost
        self._simulates = simulates
        self._ask = ask
        self._asks = False
        self.lines = 0
        """The number of lines read so far."""
        self.cost = Cost()
        self.summary = ""
        self.reason = ""
        self.done = False
        self.session = ""
        self.retry_after: float | None = None
        self.fault: Exception | None = None
        """A fault of Podium's own. The lines after it are read and dropped, so that the agent can go on."""

    async def listen(self, pieces: AsyncIterator[bytes]) -> None:
        lines = LineBuffer(MAX_EVENT_BYTES)
        async for data in pieces:
            if self.fault is not None:
                continue
            try:
                for line in lines.feed(data):
                    self.lines += 1
                    self._read_line(line)
            except Exception as error:
                self.fault = error

    def end_question(self) -> None:
        """The agent has ended, or no longer waits for a person."""
        if self._asks:
            self._asks = False
            self._ask(None)

    def _read_line(self, line: bytes) -> None:
        try:
            event = decode_line(line)
            typed = self._typed(event.event, event.data)
        except (ValueError, RecursionError):
            return  # An agent whose events are broken still does its work.
        self._take(typed)

    def _typed(self, name: str, data: Mapping[str, Any]) -> ProgramEvent | None:
        return typed_event(name, {**data, "agent": self._agent} if name.startswith("agent:") else dict(data))

    def _take(self, event: ProgramEvent | None) -> None:
        if isinstance(event, AgentComplete | AgentError):
            self._take_cost(event)
            self._take_session(event.session)
            if isinstance(event, AgentComplete):
                self.summary, self.reason, self.done = one_line(event.summary), "", event.done
                self.retry_after = None
            else:
                self.reason = one_line(event.reason) or "it says that it failed"
                self.retry_after = event.retry_after
        elif isinstance(event, OrchestratorLog | FilesChanged):
            self._forward(event)
        elif isinstance(event, ProgramWaiting):
            self._asks = True
            self._ask(event.question)
        elif isinstance(event, ProgramWorking):
            self.end_question()

    def _take_session(self, session: str) -> None:
        if usable_session(session):
            self.session = session
        elif session:
            self._forward(OrchestratorLog(refusal(session)))

    def _take_cost(self, event: AgentComplete | AgentError) -> None:
        known = event.cost_usd is not None and 0 <= event.cost_usd < 1e9
        cost = Cost(
            event.cost_usd if known else None,
            _natural(event.tokens_in),
            _natural(event.tokens_out),
            event.estimated,
            event.simulated and known and self._simulates(),
        )
        if cost.known:
            self.cost = self.cost + cost
            self._on_cost(cost)


def _natural(number: int | None) -> int | None:
    return number if number is not None and 0 <= number < 2**53 else None
