"""The costs of one run: counted at once, written to the ledger soon after."""

import time
from collections import defaultdict
from collections.abc import Callable
from typing import Final

import msgspec

from podium.core.costs import Cost, CostEntry, CostLedger, Day, Grant, LedgerBusy
from podium.core.missions.state import AgentMemory, MissionState

_ASK_EVERY: Final = 0.5
"""Seconds between two questions for the day's sum of all missions."""
_STILL_TRUE: Final = 60.0
"""Seconds for which the last answer counts while another program holds the ledger."""


class _Today(msgspec.Struct):
    midnight: float
    asked: float
    usd: float | None


class CostBook:
    """Sums by agent and by round. A resumed run begins with the sums of the killed one.

    ``write`` writes the costs that were added; until then costs of the same attempt are joined, so that a flood of
    them becomes a few entries.
    """

    def __init__(
        self,
        ledger: CostLedger,
        state: MissionState,
        mission_file: str,
        instance: str = "",
        wall: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``instance`` is the instance it runs in, "" in a plain terminal."""
        self._ledger = ledger
        self._state = state
        self._file = mission_file
        self._instance = instance
        self._wall = wall
        self._clock = clock
        self._joining: dict[tuple[str, int, int], CostEntry] = {}
        """Costs since the last ``write``, by agent, round and attempt."""
        self._unwritten: list[CostEntry] = []
        """Entries that the ledger may have or not: they are written again under the same ids."""
        self._entries: list[CostEntry] = []
        """Entries in the ledger, to be written again if another ledger takes its place."""
        self._numbers: dict[tuple[str, int, int], int] = {}
        self._agents: defaultdict[str, Cost] = defaultdict(Cost)
        self._rounds: defaultdict[int, Cost] = defaultdict(Cost)
        self._known = Cost()
        self._today: _Today | None = None
        for entry in self._found():
            self._entries.append(entry)
            self._count(entry.agent, entry.round, entry.cost)
            self._remember_number(entry)
        self._lost = _missing(state.cost, self._known)
        self._lost_of = {
            agent: _missing(memory.cost, self._agents[agent]) for agent, memory in state.agents.items()
        }

    def _found(self) -> list[CostEntry]:
        try:
            return list(self._ledger.of_run(self._state.run))
        except OSError:
            return []  # The state remembers the sum, and the first cost that can't be written stops the mission.

    def add(self, agent: str, round_number: int, attempt: int, number: int, cost: Cost) -> None:
        """Count the ``number``-th cost of an agent's ``attempt``; it survives a kill from the next ``write`` on."""
        key = (agent, round_number, attempt)
        if number <= self._numbers.get(key, 0):
            return
        self._numbers[key] = number
        run = self._state.run
        id = f"{run}/{round_number}/{agent}/{attempt}/{number}"
        joined = self._joining.get(key)
        if joined is not None and joined.cost.simulated == cost.simulated:
            self._joining[key] = msgspec.structs.replace(joined, id=id, cost=joined.cost + cost)
        else:
            if joined is not None:
                self._unwritten.append(joined)
            self._joining[key] = CostEntry(
                id, run, agent, round_number, self._wall(), cost, self._file, self._instance
            )
        self._count(agent, round_number, cost)
        self._state.cost = self.whole
        self._state.agents.setdefault(agent, AgentMemory()).cost = self.of_agent(agent)
        if self._today is not None and cost.usd is not None and not cost.simulated:
            self._today.usd = (self._today.usd or 0.0) + cost.usd

    def write(self) -> None:
        """Write the costs since the last time to the ledger. Raises OSError; the next call retries."""
        self._unwritten += self._joining.values()
        self._joining.clear()
        if self._unwritten:
            self._ledger.add(*self._unwritten)
            self._entries += self._unwritten
            self._unwritten = []
        if self._ledger.renewed:
            self._ledger.rewrite(self._state.run, self._entries)
            self._ledger.renewed = False

    def take_notice(self) -> str:
        """A notice about the ledger for a person, once."""
        return self._ledger.take_notice()

    @property
    def unwritten(self) -> int:
        """The number of entries that wait for ``write``."""
        return len(self._unwritten) + len(self._joining)

    @property
    def whole(self) -> Cost:
        return self._lost + self._known

    def of_agent(self, agent: str) -> Cost:
        return self._lost_of.get(agent, Cost()) + self._agents[agent]

    def of_round(self, number: int) -> Cost:
        return self._rounds[number]

    def spent_today(self) -> float | None:
        """Real US dollars of all missions since midnight, local time. Raises OSError when that is unknown."""
        midnight, now = self._midnight(), self._clock()
        today = self._today
        if today is None or today.midnight != midnight or now - today.asked >= _ASK_EVERY:
            try:
                spent = self._ledger.spent_since(midnight)
            except LedgerBusy:
                if today is None or today.midnight != midnight or now - today.asked >= _STILL_TRUE:
                    raise
                return today.usd
            waiting = [
                entry.cost.usd
                for entry in (*self._unwritten, *self._joining.values())
                if entry.cost.usd is not None and not entry.cost.simulated
            ]
            if waiting:
                spent = (spent or 0.0) + sum(waiting)
            self._today = today = _Today(midnight, now, spent)
        return today.usd

    def reserve(self, agent: str, wanted: float | None, day_usd: float | None, among: int) -> Grant:
        """Reserve what an agent may spend: of ``wanted``, and of the day's budget, which ``among`` agents of this
        mission share just now. Raises OSError.
        """
        self.write()
        day = Day(day_usd, self._midnight()) if day_usd is not None else None
        return self._ledger.reserve(self._state.run, agent, wanted, day, among)

    def release(self, agent: str) -> None:
        """Free the part of ``agent``'s reservation that it has not spent. Raises OSError."""
        self.write()
        self._ledger.release(self._state.run, agent)

    def _midnight(self) -> float:
        now = time.localtime(self._wall())
        return time.mktime((now.tm_year, now.tm_mon, now.tm_mday, 0, 0, 0, 0, 0, -1))

    def _count(self, agent: str, round_number: int, cost: Cost) -> None:
        self._known += cost
        self._agents[agent] += cost
        self._rounds[round_number] += cost

    def _remember_number(self, entry: CostEntry) -> None:
        *_, attempt, number = entry.id.split("/") if entry.id.count("/") >= 2 else ("", "")
        if attempt.isdecimal() and number.isdecimal():
            key = (entry.agent, entry.round, int(attempt))
            self._numbers[key] = max(self._numbers.get(key, 0), int(number))


def _missing(remembered: Cost, found: Cost) -> Cost:
    """The costs that the state has and the ledger, set aside or unreadable, has not. They were spent all the same."""
    missing = (remembered.usd or 0.0) - (found.usd or 0.0)
    if missing < 1e-9:
        return Cost()
    return Cost(missing, estimated=remembered.estimated, simulated=remembered.simulated)
