"""Events in, what a run has cost out."""

from podium.core.costs import Cost
from podium.core.protocol.events import (
    AgentComplete,
    AgentContinuation,
    AgentError,
    AgentStart,
    OrchestratorStarted,
)
from podium.workspace.progress import Progress


def test_costs_of_a_turn_that_runs_are_shown_and_counted_once() -> None:
    progress = Progress()
    progress.apply(OrchestratorStarted("x", 5, 2, resumed=True, cost_usd=1.0))
    progress.apply(AgentStart("a", 1))
    progress.apply(AgentContinuation("a", 1, "busy", 5.0))
    assert progress.cost.usd == 1.0
    progress.apply(AgentContinuation("a", 1, cost_usd=0.5, tokens_in=10, estimated=True))
    progress.apply(AgentContinuation("a", 1, cost_usd=0.75, tokens_in=20))
    assert progress.cost == Cost(1.75, 20)
    progress.apply(AgentComplete("a", 1, cost_usd=1.0, tokens_in=30))
    assert progress.cost == Cost(2.0, 30)
    progress.apply(AgentContinuation("a", 1, cost_usd=9.0))  # Too late: its turn has been told whole.
    progress.apply(AgentError("b", 1))
    assert progress.cost.usd == 2.0
