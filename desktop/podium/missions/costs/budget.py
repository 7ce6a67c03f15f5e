"""Budgets of agents, the mission and the day: a warning at 80 %, nothing new from 100 % on, and a share for each agent
that starts, so that those at work together can't spend the same money.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from podium.core.config.loading import load_settings
from podium.core.costs import Cost
from podium.core.missions.spec import AgentSpec, Mission
from podium.missions.costs.book import CostBook
from podium.missions.text import cost as shown

_WARN_AT: Final = 0.8
_SECTION: Final = "missions"
_NOTHING: Final = 1e-6
"""US dollars; less is no money."""


class Share(msgspec.Struct, frozen=True):
    """The amount an agent may spend now: ``usd``, None for no limit. With ``wait``, all that is left is reserved by
    the others that it names; with ``reason``, nothing is left.
    """

    usd: float | None = None
    wait: str = ""
    reason: str = ""


class Budgets:
    """Compares costs with budgets. ``note`` shows each warning once in a run."""

    def __init__(
        self, mission: Mission, book: CostBook, day_usd: float | None, note: Callable[[str], None]
    ) -> None:
        self._mission_usd = mission.budget_usd
        self._book = book
        self._day_usd = day_usd
        self._note = note
        self._warned: set[str] = set()
        self._reserved: dict[str, float | None] = {}
        """By running agent: its total cost once it has spent its share."""
        self._noted: set[str] = set()
        """The agents that the ledger has a row for, including those that wait."""

    def change_mission_budget(self, usd: float | None) -> None:
        """The mission may cost this much from now on."""
        if usd != self._mission_usd:
            self._mission_usd = usd
            self._warned -= {"mission", "over mission"}

    def used_up(self) -> str:
        """Why nothing at all may start any more: the mission's or the day's budget. "" while there is money."""
        mission = self._check("mission", "the mission’s budget", self._book.whole.usd, self._mission_usd)
        if mission or self._day_usd is None:
            return mission
        try:
            spent = self._book.spent_today()
        except OSError as error:
            return f"the day’s budget of {shown(self._day_usd)} can’t be checked: {error}"
        return self._check("day", "the day’s budget", spent, self._day_usd)

    def used_up_by(self, agent: AgentSpec) -> str:
        """Why this agent may not start any more; "" while it may."""
        if agent.budget_usd is None:
            return ""
        spent = self._book.of_agent(agent.id).usd
        return self._check(agent.id, _budget_of(agent), spent, agent.budget_usd)

    def reserve(self, agent: AgentSpec, among: int) -> Share:
        """Reserve what ``agent`` may spend in its next attempt: its part of what is free of each budget, where
        ``among`` agents that may be at work together share it. ``release`` it when the attempt has ended. Raises
        OSError.
        """
        self._reserved.pop(agent.id, None)
        spent = self._book.of_agent(agent.id).usd or 0.0
        parts = []
        if agent.budget_usd is not None:
            parts.append(agent.budget_usd - spent)
        if self._mission_usd is not None:
            left = self._mission_usd - (self._book.whole.usd or 0.0)
            free = left - self._held()
            if free < _NOTHING < left:
                return Share(
                    wait=f"the other agents have reserved what is left of {shown(self._mission_usd)}"
                )
            parts.append(free / among)
        wanted = max(0.0, min(parts)) if parts else None
        if wanted is not None and wanted < _NOTHING:
            return Share(reason=self.used_up() or self.used_up_by(agent) or "its budget is used up")
        if wanted is None and self._day_usd is None:
            self._reserved[agent.id] = None
            return Share()
        grant = self._book.reserve(agent.id, wanted, self._day_usd, among)
        self._noted.add(agent.id)
        if grant.usd is not None and grant.usd < _NOTHING:
            if grant.held > _NOTHING and self._day_usd is not None:
                return Share(
                    wait=f"agents at work, of other missions too, have reserved {shown(grant.held)}, all that is "
                    f"left of the day’s budget of {shown(self._day_usd)}"
                )
            return Share(reason=self.used_up() or "the day’s budget is used up")
        self._reserved[agent.id] = None if grant.usd is None else spent + grant.usd
        return Share(grant.usd)

    def release(self, agent: AgentSpec) -> None:
        """Its attempt has ended, or it waits no longer: what it has not spent is free again. Raises OSError."""
        if self._reserved.pop(agent.id, None) is not None:
            self._note_unknown(agent)
        if agent.id in self._noted:
            self._book.release(agent.id)
            self._noted.discard(agent.id)

    @property
    def holders(self) -> frozenset[str]:
        """The agents that have a share now."""
        return frozenset(self._reserved)

    def overshoot(self) -> list[str]:
        """By how much budgets were overshot so far, for people."""
        pairs = [("the mission’s budget", self._book.whole.usd, self._mission_usd)]
        if self._day_usd is not None:
            try:
                pairs.append(("the day’s budget", self._book.spent_today(), self._day_usd))
            except OSError:
                pass  # It was told that this can't be checked.
        return [
            f"{what[0].upper()}{what[1:]} of {shown(budget)} was overshot by {shown(spent - budget)} "
            f"({shown(spent)} spent)"
            for what, spent, budget in pairs
            if budget is not None and spent is not None and spent - budget >= 0.005
        ]

    def note_simulated(self, agent: AgentSpec, cost: Cost) -> None:
        """Note that a simulated cost does not count."""
        if cost.simulated and self._day_usd is not None and f"simulated {agent.id}" not in self._warned:
            self._warned.add(f"simulated {agent.id}")
            name = agent.name or agent.id
            self._note(f"{name} says that its costs are simulated: they do not count in the day’s budget")

    def _held(self) -> float:
        """US dollars that agents at work may still spend of the mission's budget."""
        return sum(
            max(0.0, limit - (self._book.of_agent(id).usd or 0.0))
            for id, limit in self._reserved.items()
            if limit is not None
        )

    def _note_unknown(self, agent: AgentSpec) -> None:
        key = f"unknown {agent.id}"
        if self._book.of_agent(agent.id).usd is None and key not in self._warned:
            self._warned.add(key)
            self._note(f"{agent.name or agent.id} does not tell what it costs: no budget can hold it")

    def _check(self, key: str, what: str, spent: float | None, budget: float | None) -> str:
        if budget is None or spent is None:
            return ""
        if spent >= budget - 1e-9:
            self._report_overspent(key, what, spent, budget)
            return f"{what} of {shown(budget)} is used up ({shown(spent)} spent)"
        if spent >= budget * _WARN_AT - 1e-9 and key not in self._warned:
            self._warned.add(key)
            self._note(f"{shown(spent)} of {what} of {shown(budget)} is spent ({spent / budget:.0%})")
        return ""

    def _report_overspent(self, key: str, what: str, spent: float, budget: float) -> None:
        """Note the overshoot once; later costs of running agents are in the final note."""
        if spent - budget >= 0.005 and f"over {key}" not in self._warned:
            self._warned.add(f"over {key}")
            self._note(f"{shown(spent - budget)} more than {what} of {shown(budget)} is spent")


def _budget_of(agent: AgentSpec) -> str:
    return f"the budget of {agent.name or agent.id}"


def day_budget(settings_file: Path) -> float | None:
    """The person's budget for a day and all missions together, None for none.

    Raises ValueError when that can't be told: an amount that is meant must not be passed over.
    """
    loaded = load_settings(settings_file)
    if wrong := loaded.faults_of(_SECTION):
        raise ValueError(
            f"{wrong[0]} No mission starts until the settings file is corrected or removed: it may set a budget for "
            "the day."
        )
    return loaded.settings.missions.day_budget_usd or None
