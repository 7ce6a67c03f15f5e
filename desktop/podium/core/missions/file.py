"""Reading a mission file by the rows of ``keys``, so that every fault is found in one go."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from podium.core.config.keyed_tables import KeyedReading
from podium.core.config.toml_file import likely_name
from podium.core.missions.agents import AgentReading
from podium.core.missions.faults import Fault as Fault
from podium.core.missions.faults import MissionFileError as MissionFileError
from podium.core.missions.keys import AGENT_KEYS, GATE_KEYS, MISSION_KEYS, WORKSPACE_KEYS
from podium.core.missions.order import cycles
from podium.core.missions.programs import program_fault
from podium.core.missions.spec import AgentSpec as AgentSpec
from podium.core.missions.spec import GateSpec as GateSpec
from podium.core.missions.spec import Mission as Mission
from podium.core.missions.spec import WorkspaceSpec


def load_mission(path: Path) -> Mission:
    """Read and check the mission file at ``path``. Raises MissionFileError with every fault found."""
    reading = _Reading(str(path), "a mission file")
    document = reading.document(path)
    mission = reading.mission(path.absolute(), document) if document is not None else None
    if mission is None or reading.faults:
        raise MissionFileError(tuple(reading.faults))
    return mission


class _Reading(KeyedReading):
    """One reading of one mission file."""

    def mission(self, file: Path, document: Mapping[str, Any]) -> Mission | None:
        """The mission, or None if something it needs is missing; look at ``faults`` in any case."""
        values = self.table("", document, MISSION_KEYS)
        folder = self.folder("folder", file.parent, values.pop("folder", ""))
        workspace = self.table("workspace", values.pop("workspace", {}), WORKSPACE_KEYS)
        agents = self.entries("agents", values.pop("agents", ()), AGENT_KEYS)
        gates = self.entries("gates", values.pop("gates", ()), GATE_KEYS)
        self.unique("id", agents)
        self.unique("name", gates)
        self._order(agents)
        if folder is not None:
            for key, entry in (("workspace", workspace), *gates.items()):
                for name in ("setup", "teardown", "command"):
                    if name in entry and (wrong := program_fault(entry[name][0], folder)):
                        self.fault(f"{key}.{name}", *wrong)
        written = document.get("agents")
        reading = AgentReading(file.parent, folder, self.fault)
        for key, agent in agents.items():
            assert isinstance(written, list)
            reading.complete(key, agent, written[int(key[len("agents[") : -1])])
        if self.faults or folder is None:
            return None
        return Mission(
            file=file,
            folder=folder,
            agents=tuple(AgentSpec(**agent) for agent in agents.values()),
            gates=tuple(GateSpec(**gate) for gate in gates.values()),
            workspace=WorkspaceSpec(**workspace),
            **values,
        )

    def _order(self, agents: Mapping[str, Mapping[str, Any]]) -> None:
        """Every id that is waited for exists, and there is no cycle."""
        keys = {agent["id"]: key for key, agent in agents.items() if "id" in agent}
        for key, agent in agents.items():
            for needed in agent.get("depends_on", ()):
                if needed not in keys:
                    near = likely_name(needed, keys, ())
                    fix = f"Write “{near}”." if near else f"The ids are {', '.join(keys)}."
                    self.fault(f"{key}.depends_on", f"There is no agent “{needed}”.", fix)
        needs = {agent["id"]: agent.get("depends_on", ()) for agent in agents.values() if "id" in agent}
        for ring in cycles(needs):
            self.fault(
                f"{keys[ring[0]]}.depends_on",
                f"These agents wait for each other: {' → '.join(ring)}.",
                "Take one of them out of a depends_on.",
            )
