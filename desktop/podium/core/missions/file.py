"""Reading a mission file so that every fault is found in one go.

msgspec would stop at the first fault and can't say what to do about it, so the file is read by the small
tables of ``mission_keys``: one row for each key says how its value is checked.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from podium.core.config.toml_checks import WrongValue, kind
from podium.core.config.toml_file import UnreadableToml, likely_name, read_toml
from podium.core.missions.agents import AgentReading
from podium.core.missions.faults import Fault as Fault
from podium.core.missions.faults import MissionFileError as MissionFileError
from podium.core.missions.keys import AGENT_KEYS, GATE_KEYS, MISSION_KEYS, WORKSPACE_KEYS, Key
from podium.core.missions.order import cycles
from podium.core.missions.programs import program_fault
from podium.core.missions.spec import AgentSpec as AgentSpec
from podium.core.missions.spec import GateSpec as GateSpec
from podium.core.missions.spec import Mission as Mission
from podium.core.missions.spec import WorkspaceSpec


def load_mission(path: Path) -> Mission:
    """Read and check the mission file at ``path``. Raises MissionFileError with every fault found."""
    reading = _Reading(str(path))
    document = reading.document(path)
    mission = reading.mission(path.absolute(), document) if document is not None else None
    if mission is None or reading.faults:
        raise MissionFileError(tuple(reading.faults))
    return mission


class _Reading:
    """One reading of one file; collects faults as it goes."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.faults: list[Fault] = []

    def fault(self, key: str, reason: str, fix: str) -> None:
        self.faults.append(Fault(self._file, key, reason, fix))

    def document(self, path: Path) -> dict[str, Any] | None:
        """The file as TOML, or None when it can't be read at all."""
        try:
            return read_toml(path, "a mission file")
        except FileNotFoundError:
            self.fault("", "There is no such file.", "Check the path.")
        except UnreadableToml as error:
            self.faults.append(error.fault)
        return None

    def mission(self, file: Path, document: Mapping[str, Any]) -> Mission | None:
        """The mission, or None if something it needs is missing; look at ``faults`` in any case."""
        values = self._table("", document, MISSION_KEYS)
        folder = self._folder(file, values.pop("folder", ""))
        workspace = self._table("workspace", values.pop("workspace", {}), WORKSPACE_KEYS)
        agents = self._entries("agents", values.pop("agents", ()), AGENT_KEYS)
        gates = self._entries("gates", values.pop("gates", ()), GATE_KEYS)
        self._unique("id", agents)
        self._unique("name", gates)
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

    def _table(self, path: str, table: Mapping[str, Any], keys: Sequence[Key]) -> dict[str, Any]:
        """The valid values of ``table``; everything else becomes a fault."""
        prefix = f"{path}." if path else ""
        names = [key.name for key in keys]
        mistyped = set()
        for name in table:
            if name not in names:
                near = likely_name(name, names, table)
                mistyped.add(near)
                fix = f"Write “{near}”." if near else f"Take it out; the keys are {', '.join(names)}."
                self.fault(prefix + name, "There is no such key.", fix)
        values: dict[str, Any] = {}
        for key in keys:
            if key.name in table:
                try:
                    values[key.name] = key.check(table[key.name])
                except WrongValue as wrong:
                    self.fault(prefix + key.name, wrong.reason, wrong.fix)
            elif key.required and key.name not in mistyped:  # One slip of the finger is one fault, not two.
                self.fault(prefix + key.name, "It is missing.", f"Add {key.example}.")
        return values

    def _entries(
        self, path: str, entries: Sequence[object], keys: Sequence[Key]
    ) -> dict[str, dict[str, Any]]:
        """The tables of a list by their key path: ``{"agents[0]": {"id": …}}``."""
        tables: dict[str, dict[str, Any]] = {}
        for number, entry in enumerate(entries):
            key = f"{path}[{number}]"
            if isinstance(entry, dict):
                tables[key] = self._table(key, entry, keys)
            else:
                self.fault(key, f"This is {kind(entry)}, not a table.", f"Write it as [[{path}]].")
        return tables

    def _unique(self, name: str, tables: Mapping[str, Mapping[str, Any]]) -> None:
        first: dict[str, str] = {}
        for key, table in tables.items():
            value = table.get(name)
            if value in first:
                self.fault(
                    f"{key}.{name}",
                    f"“{value}” is the {name} of {first[value]} already.",
                    "Choose another one.",
                )
            elif value is not None:
                first[value] = key

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

    def _folder(self, file: Path, text: str) -> Path | None:
        try:
            folder = file.parent / Path(text).expanduser()
        except RuntimeError:
            self.fault("folder", f"There is no home folder for “{text}”.", "Write the whole path.")
            return None
        try:
            there, usable = folder.exists(), folder.is_dir()
        except (
            OSError
        ) as error:  # Such as a name that is too long, or a folder around it that is somebody else's.
            self.fault("folder", f"{folder} can't be used: {error.strerror}.", "Correct the path.")
            return None
        if not usable:
            reason = f"{folder} is not a folder." if there else f"There is no folder {folder}."
            self.fault(
                "folder", reason, "Create it, or correct the path (it is relative to the mission file)."
            )
            return None
        return folder.resolve()
