"""The costs of one run: in the ledger first, then in the sums everybody asks for."""

import time
from collections.abc import Callable

from podium.core.costs import Cost, CostEntry, CostLedger, total
from podium.core.mission_state import MissionState


class CostBook:
    """Sums by agent, round and run. What a killed run had told is there again when it goes on."""

    def __init__(
        self,
        ledger: CostLedger,
        state: MissionState,
        mission_file: str,
        instance: str = "",
        wall: Callable[[], float] = time.time,
    ) -> None:
        """``instance`` is the instance it runs in, "" in a plain terminal."""
        self._ledger = ledger
        self._state = state
        self._file = mission_file
        self._instance = instance
        self._unwritten: list[CostEntry] = []
        """Those the ledger could not take; they are tried again with the next one."""
        self._wall = wall
        self._entries: dict[str, CostEntry] = {}
        for entry in ledger.of_run(state.run, state.started_at):
            self._entries[entry.id] = entry
        self._lost = _missing(state.cost, total(entry.cost for entry in self._entries.values()))

    def add(self, agent: str, round_number: int, attempt: int, number: int, cost: Cost) -> None:
        """Remember the ``number``-th cost of an agent's ``attempt``. Raises OSError; the sums count it all the same."""
        run = self._state.run
        id = f"{run}/{round_number}/{agent}/{attempt}/{number}"
        if id in self._entries:
            return
        entry = CostEntry(id, run, agent, round_number, self._wall(), cost, self._file, self._instance)
        self._entries[id] = entry
        self._state.cost = self.whole
        self._unwritten.append(entry)
        self.write()

    def write(self) -> None:
        """Write down what could not be written before. Raises OSError."""
        while self._unwritten:
            self._ledger.add(self._unwritten[0])
            del self._unwritten[0]

    @property
    def whole(self) -> Cost:
        return self._lost + total(entry.cost for entry in self._entries.values())

    def of_agent(self, agent: str) -> Cost:
        return total(entry.cost for entry in self._entries.values() if entry.agent == agent)

    def of_round(self, number: int) -> Cost:
        return total(entry.cost for entry in self._entries.values() if entry.round == number)

    def of_turn(self, agent: str, round_number: int) -> Cost:
        return total(
            entry.cost
            for entry in self._entries.values()
            if (entry.agent, entry.round) == (agent, round_number)
        )

    def spent_today(self) -> float | None:
        """Real US dollars of all missions since midnight, local time."""
        now = time.localtime(self._wall())
        midnight = time.mktime((now.tm_year, now.tm_mon, now.tm_mday, 0, 0, 0, 0, 0, -1))
        return self._ledger.spent_since(midnight)


def _missing(remembered: Cost, found: Cost) -> Cost:
    """What the state remembers and the ledger, set aside or unreadable, does not. It was spent all the same."""
    missing = (remembered.usd or 0.0) - (found.usd or 0.0)
    if missing < 1e-9:
        return Cost()
    return Cost(missing, estimated=remembered.estimated, simulated=remembered.simulated)
