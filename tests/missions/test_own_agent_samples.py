"""Outputs that we recorded ourselves (``tests/agents/record.py``) in, what their case means out."""

from pathlib import Path

import pytest
from tests.missions.test_agent_samples import SAMPLES, play

from podium.core.adapters.model import Kind
from podium.missions.streams.updates import SessionTotals, Tokens

CASES = {
    "401": Kind.AUTH,
    "429": Kind.LIMIT,
    "429once": Kind.OK,
    "529": Kind.OVERLOAD,
    "cut": Kind.NETWORK,
    "cut-once": Kind.OK,
    "refused": Kind.NETWORK,
    "no-key": Kind.AUTH,
    "resume": Kind.OK,
    "resume-missing": Kind.SESSION,
    "fork": Kind.OK,
    "used-id": Kind.SESSION,
    "max-turns": Kind.TURNS,
    "max-budget": Kind.BUDGET,
    "refused-tool": Kind.OK,
    "read-only": Kind.OK,
}
MADE_TO_END = {
    # These wait without end. True: they said for what, and it may be better later.
    "own/codex/refused": True,
    "own/opencode/cut": True,
    "own/opencode/refused": False,
    "own/opencode/no-key": False,
    # It tries again for more than a minute, whatever it is told.
    "own/aider/429": True,
    "own/aider/529": True,
    "own/aider/cut": True,
    "own/aider/refused": True,
}
REFUSED = {
    "own/claude/refused-tool": ("Bash",),
    "own/codex/read-only": ("command_execution",),
    "own/opencode/refused-tool": ("bash",),
    "own/copilot/refused-tool": ("bash",),
}
COUNTED_ON = {
    # The tool's count goes on over the session, so the run before has to be taken off.
    "own/codex/resume": SessionTotals("before", 0.0, Tokens(1200, 25, 500)),
    "own/codex/fork": SessionTotals("before", 0.0, Tokens(1200, 25, 500)),
    "own/claude/resume": SessionTotals("before", 0.002625, Tokens(1200, 25, 500)),
    "own/claude/fork": SessionTotals("before", 0.002625, Tokens(1200, 25, 500)),
}
OWN = sorted(name for name in SAMPLES if name.startswith("own/"))


@pytest.mark.parametrize("name", OWN)
def test_a_case_gives_the_report_of_its_meaning(name: str, tmp_path: Path) -> None:
    report = play(name, tmp_path, previous=COUNTED_ON.get(name)).report
    kind = Kind.KILLED if name in MADE_TO_END else CASES[name.rsplit("/", 1)[1]]
    assert (report.kind, report.ok) == (kind, kind is Kind.OK)
    assert report.transient == MADE_TO_END.get(name, kind.transient)
    assert report.refused == REFUSED.get(name, ())
    assert not report.degraded
    assert bool(report.reason) != report.ok
    assert (report.session_id == "") or kind is not Kind.SESSION


@pytest.mark.parametrize("name", sorted(COUNTED_ON))
def test_a_session_that_goes_on_costs_its_own_share(name: str, tmp_path: Path) -> None:
    report = play(name, tmp_path, previous=COUNTED_ON[name]).report
    assert report.tokens == Tokens(1200, 25, 500)
    assert report.cost_usd is None or report.cost_estimated or report.cost_usd == pytest.approx(0.002625)
    assert report.totals.tokens == Tokens(2400, 50, 1000) or report.totals.cost_usd == pytest.approx(0.00525)


@pytest.mark.parametrize("name", [name for name in OWN if name.split("/")[1] in {"claude", "opencode"}])
def test_money_that_was_spent_is_told_for_runs_that_failed_too(name: str, tmp_path: Path) -> None:
    report = play(name, tmp_path, previous=COUNTED_ON.get(name)).report
    spent = bool(report.tokens and report.tokens.used_in)
    assert bool(report.cost_usd) == spent
