"""A run's reports about its rounds, agents and cost, added up."""

from dataclasses import dataclass, field

from podium.core.costs import Cost, total
from podium.core.protocol.events import (
    AgentComplete,
    AgentContinuation,
    AgentError,
    AgentStart,
    OrchestratorStarted,
    OrchestratorStopped,
    ProgramEvent,
    RoundComplete,
    RoundStart,
)


@dataclass
class Progress:
    """Of one run; ``apply`` takes its events in their order."""

    round: int | None = None
    max_rounds: int | None = None
    agents_total: int = 0
    agents_worked: int = 0
    running: set[str] = field(default_factory=set)
    ended_cost: Cost = field(default_factory=Cost)
    """The cost of ended turns."""
    turn_costs: dict[str, Cost] = field(default_factory=dict)
    """The cost so far of turns that run, by agent."""

    tool_costs: dict[str, Cost] = field(default_factory=dict)
    """The cost so far of tools that a person works with, by adapter's name."""

    @property
    def cost(self) -> Cost:
        return total((self.ended_cost, *self.turn_costs.values(), *self.tool_costs.values()))

    def apply(self, event: ProgramEvent) -> None:
        match event:
            case OrchestratorStarted():
                self.max_rounds = event.max_rounds
                self.agents_total = event.agents
                if event.resumed and event.cost_usd is not None:
                    # What it cost before it was interrupted is not reported again.
                    self.ended_cost = Cost(
                        event.cost_usd, estimated=event.estimated, simulated=event.simulated
                    )
            case RoundStart(round=number, max_rounds=max_rounds):
                self.round = number
                self.max_rounds = max_rounds if max_rounds is not None else self.max_rounds
            case RoundComplete():
                self.running.clear()
            case AgentStart(agent=agent):
                self.running.add(agent)
            case AgentComplete() | AgentError():
                self.running.discard(event.agent)
                self.agents_worked += 1
                self.turn_costs.pop(event.agent, None)
                self.ended_cost += _cost_of(event)
            case AgentContinuation():
                if (cost := _cost_of(event)).known and event.agent in self.running:
                    self.turn_costs[event.agent] = cost
            case OrchestratorStopped():
                self.running.clear()


def _cost_of(event: AgentComplete | AgentError | AgentContinuation) -> Cost:
    reported = event.cost_usd is not None or event.tokens_in is not None
    return Cost(
        event.cost_usd,
        event.tokens_in,
        event.tokens_out,
        reported and event.estimated,
        reported and event.simulated,
    )
