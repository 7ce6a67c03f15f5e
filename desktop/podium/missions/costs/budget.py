"""Budgets of agents, the mission and the day: a warning at 80 %, nothing new from 100 % on."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from podium.core.mission_spec import AgentSpec, Mission
from podium.core.settings import load_settings
from podium.missions.costs.book import CostBook
from podium.missions.text import cost as shown

_WARN_AT: Final = 0.8
_SECTION: Final = "missions"


class Budgets:
    """Compares what was spent with what may be. ``note`` tells people, each warning once in a run."""

    def __init__(
        self, mission: Mission, book: CostBook, day_usd: float | None, note: Callable[[str], None]
    ) -> None:
        self._mission_usd = mission.budget_usd
        self._book = book
        self._day_usd = day_usd
        self._note = note
        self._warned: set[str] = set()

    def change_mission_budget(self, usd: float | None) -> None:
        """The mission may cost this much from now on."""
        if usd != self._mission_usd:
            self._mission_usd = usd
            self._warned.discard("mission")

    def used_up(self) -> str:
        """Why nothing at all may start any more: the mission's or the day's budget. "" while there is money."""
        mission = self._check("mission", "the mission’s budget", self._book.whole.usd, self._mission_usd)
        if mission or self._day_usd is None:
            return mission
        return self._check("day", "the day’s budget", self._book.spent_today(), self._day_usd)

    def used_up_by(self, agent: AgentSpec) -> str:
        """Why this agent may not start any more; "" while it may."""
        if agent.budget_usd is None:
            return ""
        spent = self._book.of_agent(agent.id).usd
        return self._check(agent.id, f"the budget of {agent.name or agent.id}", spent, agent.budget_usd)

    def left(self, agent: AgentSpec) -> float | None:
        """US dollars ``agent`` may still cost, the smallest of all budgets; None where there is none."""
        pairs = [
            (agent.budget_usd, self._book.of_agent(agent.id).usd),
            (self._mission_usd, self._book.whole.usd),
            (self._day_usd, self._book.spent_today() if self._day_usd is not None else None),
        ]
        rests = [budget - (spent or 0.0) for budget, spent in pairs if budget is not None]
        return max(0.01, min(rests)) if rests else None

    def _check(self, key: str, what: str, spent: float | None, budget: float | None) -> str:
        if budget is None or spent is None:
            return ""
        if spent >= budget - 1e-9:
            return f"{what} of {shown(budget)} is used up ({shown(spent)} spent)"
        if spent >= budget * _WARN_AT - 1e-9 and key not in self._warned:
            self._warned.add(key)
            self._note(f"{shown(spent)} of {what} of {shown(budget)} is spent ({spent / budget:.0%})")
        return ""


def day_budget(settings_file: Path) -> float | None:
    """The person's budget for a day and all missions together, None for none.

    Raises ValueError when the settings say something else: an amount that is meant must not be passed over.
    """
    loaded = load_settings(settings_file)
    for fault in loaded.faults:
        if not fault.key or fault.key.startswith(_SECTION) or fault.key.startswith("line "):
            raise ValueError(str(fault))
    return loaded.settings.missions.day_budget_usd or None
