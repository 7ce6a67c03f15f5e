"""Which voice an agent speaks with: that of its tool, or of any command."""

from functools import cached_property

from podium.core.adapters.pricing import Prices, load_prices
from podium.core.adapters.shelf import load_adapters
from podium.core.config.toml_file import Fault
from podium.core.missions.agents import COMMAND_ADAPTER
from podium.core.missions.spec import AgentSpec, Mission
from podium.missions.turns.adapter_voice import AdapterVoice
from podium.missions.turns.command_voice import CommandVoice
from podium.missions.turns.voice import Ears, Task, Voice


class Voices:
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

    def voice(self, agent: AgentSpec, task: Task, ears: Ears) -> Voice:
        """For one attempt."""
        if agent.adapter == COMMAND_ADAPTER:
            return CommandVoice(agent, task, ears, lambda: self._tools)
        return AdapterVoice(self._adapters[agent.adapter], agent, task, ears, self._prices)
