"""The mission file: its schema, and a reading of it that finds every fault in one go.

msgspec would stop at the first fault and can't say what to do about it, so the file is read by the small
tables below: one row for each key says how its value is checked.
"""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from podium.core.file_values import WrongValue, kind, line, text, whole_number
from podium.core.mission_values import argv, gate_command, identifier, prompt, seconds, tables
from podium.core.self_command import OWN_PROGRAM
from podium.core.toml_file import Fault, UnreadableToml, likely_name, read_toml

DEFAULT_ROUNDS: Final = 5
DEFAULT_CONCURRENCY: Final = 1
"""Agents share one folder, so only who asks for it gets several at once."""
DEFAULT_AGENT_TIMEOUT: Final = 3600.0
DEFAULT_GATE_TIMEOUT: Final = 600.0


class AgentSpec(msgspec.Struct, frozen=True):
    """An agent: an argv, run once a round, with the prompt in ``PODIUM_PROMPT`` and for ``{prompt}``."""

    id: str
    command: tuple[str, ...]
    name: str = ""
    prompt: str = ""
    timeout: float = DEFAULT_AGENT_TIMEOUT
    """Seconds."""


class GateSpec(msgspec.Struct, frozen=True):
    """A check after each round: it passes when its command exits with 0."""

    name: str
    command: tuple[str, ...]
    timeout: float = DEFAULT_GATE_TIMEOUT
    """Seconds."""


class Mission(msgspec.Struct, frozen=True):
    """A valid mission. ``file`` and ``folder`` are absolute."""

    file: Path
    name: str
    folder: Path
    agents: tuple[AgentSpec, ...]
    gates: tuple[GateSpec, ...] = ()
    max_rounds: int = DEFAULT_ROUNDS
    max_concurrency: int = DEFAULT_CONCURRENCY
    description: str = ""


class MissionFileError(Exception):
    """A mission file that can't be used; ``faults`` holds everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def load_mission(path: Path) -> Mission:
    """Read and check the mission file at ``path``. Raises MissionFileError with every fault found."""
    reading = _Reading(str(path))
    document = reading.document(path)
    mission = reading.mission(path.absolute(), document) if document is not None else None
    if mission is None or reading.faults:
        raise MissionFileError(tuple(reading.faults))
    return mission


class _Key(NamedTuple):
    """A row of a table: how the value of one key is checked and what to write when it is missing."""

    name: str
    check: Callable[[Any], Any]
    example: str
    required: bool = False


_MISSION_KEYS: Final = (
    _Key("name", line, 'name = "Fix the flaky tests"', required=True),
    _Key("description", text, ""),
    _Key("folder", line, ""),
    _Key("max_rounds", whole_number(1, 1000), ""),
    _Key("max_concurrency", whole_number(1, 64), ""),
    _Key("agents", tables("agents", at_least=1), "[[agents]] with its id and command", required=True),
    _Key("gates", tables("gates"), ""),
)
_AGENT_KEYS: Final = (
    _Key("id", identifier, 'id = "builder"', required=True),
    _Key("name", line, ""),
    _Key("command", argv, 'command = ["program", "argument"]', required=True),
    _Key("prompt", prompt, ""),
    _Key("timeout", seconds, ""),
)
_GATE_KEYS: Final = (
    _Key("name", line, 'name = "tests"', required=True),
    _Key("command", gate_command, 'command = "make test"', required=True),
    _Key("timeout", seconds, ""),
)


class _Reading:
    """One reading of one file; collects faults as it goes."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.faults: list[Fault] = []

    def _fault(self, key: str, reason: str, fix: str) -> None:
        self.faults.append(Fault(self._file, key, reason, fix))

    def document(self, path: Path) -> dict[str, Any] | None:
        """The file as TOML, or None when it can't be read at all."""
        try:
            return read_toml(path, "a mission file")
        except FileNotFoundError:
            self._fault("", "There is no such file.", "Check the path.")
        except UnreadableToml as unreadable:
            self.faults.append(unreadable.fault)
        return None

    def mission(self, file: Path, document: Mapping[str, Any]) -> Mission | None:
        """The mission, or None if something it needs is missing; look at ``faults`` in any case."""
        values = self._table("", document, _MISSION_KEYS)
        folder = self._folder(file, values.pop("folder", ""))
        agents = self._entries("agents", values.pop("agents", ()), _AGENT_KEYS)
        gates = self._entries("gates", values.pop("gates", ()), _GATE_KEYS)
        self._unique("id", agents)
        self._unique("name", gates)
        for key, entry in (*agents.items(), *gates.items()):
            if folder is not None and "command" in entry:
                self._program(f"{key}.command", entry["command"][0], folder)
        for key, agent in agents.items():
            if any("{prompt}" in word for word in agent.get("command", ())) and not agent.get("prompt"):
                self._fault(
                    f"{key}.prompt",
                    "The command asks for {prompt}, but there is none.",
                    "Write the prompt, or take {prompt} out of the command.",
                )
        if self.faults or folder is None:
            return None
        return Mission(
            file=file,
            folder=folder,
            agents=tuple(AgentSpec(**agent) for agent in agents.values()),
            gates=tuple(GateSpec(**gate) for gate in gates.values()),
            **values,
        )

    def _table(self, path: str, table: Mapping[str, Any], keys: Sequence[_Key]) -> dict[str, Any]:
        """The valid values of ``table``; everything else becomes a fault."""
        prefix = f"{path}." if path else ""
        names = [key.name for key in keys]
        mistyped = set()
        for name in table:
            if name not in names:
                near = likely_name(name, names, table)
                mistyped.add(near)
                fix = f"Write “{near}”." if near else f"Take it out; the keys are {', '.join(names)}."
                self._fault(prefix + name, "There is no such key.", fix)
        values: dict[str, Any] = {}
        for key in keys:
            if key.name in table:
                try:
                    values[key.name] = key.check(table[key.name])
                except WrongValue as wrong:
                    self._fault(prefix + key.name, wrong.reason, wrong.fix)
            elif key.required and key.name not in mistyped:  # One slip of the finger is one fault, not two.
                self._fault(prefix + key.name, "It is missing.", f"Add {key.example}.")
        return values

    def _entries(
        self, path: str, entries: Sequence[object], keys: Sequence[_Key]
    ) -> dict[str, dict[str, Any]]:
        """The tables of a list by their key path: ``{"agents[0]": {"id": …}}``."""
        tables: dict[str, dict[str, Any]] = {}
        for number, entry in enumerate(entries):
            key = f"{path}[{number}]"
            if isinstance(entry, dict):
                tables[key] = self._table(key, entry, keys)
            else:
                self._fault(key, f"This is {kind(entry)}, not a table.", f"Write it as [[{path}]].")
        return tables

    def _unique(self, name: str, tables: Mapping[str, Mapping[str, Any]]) -> None:
        first: dict[str, str] = {}
        for key, table in tables.items():
            value = table.get(name)
            if value in first:
                self._fault(
                    f"{key}.{name}",
                    f"“{value}” is the {name} of {first[value]} already.",
                    "Choose another one.",
                )
            elif value is not None:
                first[value] = key

    def _folder(self, file: Path, text: str) -> Path | None:
        try:
            folder = file.parent / Path(text).expanduser()
        except RuntimeError:
            self._fault("folder", f"There is no home folder for “{text}”.", "Write the whole path.")
            return None
        if not folder.is_dir():
            reason = f"{folder} is not a folder." if folder.exists() else f"There is no folder {folder}."
            self._fault(
                "folder", reason, "Create it, or correct the path (it is relative to the mission file)."
            )
            return None
        return folder.resolve()

    def _program(self, key: str, program: str, folder: Path) -> None:
        if program == OWN_PROGRAM:
            return
        if "/" in program:
            path = folder / Path(program)
            if not path.is_file():
                self._fault(key, f"There is no program {path}.", "Correct the path, or create the program.")
            elif not os.access(path, os.X_OK):
                self._fault(key, f"{path} may not be run.", f"Make it executable: chmod +x {path}")
        elif shutil.which(program) is None:
            self._fault(
                key,
                f"There is no program “{program}” on the PATH.",
                "Install it, correct its name, or write its whole path.",
            )
