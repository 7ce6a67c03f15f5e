"""Choosing the driver for an agent: that of its tool, or that of any command."""

from functools import cached_property

from podium.core.adapters.pricing import Prices, load_prices
from podium.core.adapters.registry import load_adapters
from podium.core.config.toml_file import Fault
from podium.core.missions.agents import COMMAND_ADAPTER
from podium.core.missions.spec import AgentSpec, Mission
from podium.missions.turns.adapter_driver import AdapterDriver
from podium.missions.turns.agent_driver import AgentDriver, AttemptCallbacks, Task
from podium.missions.turns.command_driver import CommandDriver


class AgentDrivers:
    """The tools and prices of one mission, read once."""

    def __init__(self, mission: Mission) -> None:
        needed = any(agent.adapter != COMMAND_ADAPTER for agent in mission.agents)
        self._adapters = load_adapters().adapters if needed else {}
        self._prices: Prices | None = None
        self.price_faults: tuple[Fault, ...] = ()
        if needed:
            self._prices, self.price_faults = load_prices()

    @cached_property
    def _tools(self) -> frozenset[str]:
        adapters = self._adapters or load_adapters().adapters
        return frozenset(adapter.program for adapter in adapters.values() if adapter.program)

    def driver(self, agent: AgentSpec, task: Task, callbacks: AttemptCallbacks) -> AgentDriver:
        """For one attempt."""
        if agent.adapter == COMMAND_ADAPTER:
            return CommandDriver(agent, task, callbacks, lambda: self._tools)
        return AdapterDriver(self._adapters[agent.adapter], agent, task, callbacks, self._prices)
