"""Reading a workspace file by the rows of ``keys``, so that every fault is found in one go."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from podium.core.config.keyed_tables import KeyedReading
from podium.core.config.toml_file import FaultyFile
from podium.core.ids import InstanceId
from podium.core.instances import AgentLaunch, AlertLevel, InstancePolicy, InstanceSpec, Kind, ThemeName
from podium.core.visible_text import escape_bytes
from podium.core.workspace_files.keys import INSTANCE_KEYS, WORKSPACE_FILE_KEYS, View
from podium.core.workspace_files.paths import SUFFIX, folder_of


class WorkspaceEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An instance of a workspace file. ``folder`` and ``mission`` are absolute paths; ``environment`` has the variables
    of the whole workspace too.
    """

    name: str
    kind: Kind
    folder: str
    command: tuple[str, ...] = ()
    agent: str = ""
    """The name of an adapter."""
    mission: str = ""
    environment: dict[str, str] = {}
    alerts: AlertLevel = AlertLevel.NORMAL
    theme: ThemeName | None = None
    """None: the one that is next in turn."""
    start: bool = True
    policy: InstancePolicy = InstancePolicy()
    memory_max_mib: int = 0
    cpu_percent: int = 0

    def spec(self, id: InstanceId, next_theme: ThemeName) -> InstanceSpec:
        """The instance as it is added under this id."""
        return InstanceSpec(
            id=id,
            name=self.name,
            kind=self.kind,
            theme=self.theme or next_theme,
            folder=self.folder,
            command=self.command,
            mission=self.mission,
            environment=self.environment,
            policy=self.policy,
            memory_max_mib=self.memory_max_mib,
            cpu_percent=self.cpu_percent,
            alerts=self.alerts,
            agent=AgentLaunch(self.agent) if self.agent else None,
        )


def identity(instance: InstanceSpec | WorkspaceEntry) -> tuple[object, ...]:
    """What tells two instances apart for a person who opens the same file again."""
    return instance.name, instance.kind, instance.folder, instance.command, instance.mission


class WorkspaceFile(msgspec.Struct, frozen=True, kw_only=True):
    """``view`` None leaves the window's as it is."""

    file: Path
    name: str
    view: View | None = None
    instances: tuple[WorkspaceEntry, ...]

    def missing(self, there: Iterable[InstanceSpec]) -> tuple[WorkspaceEntry, ...]:
        """Its instances that are not among those that are ``there``."""
        known = {identity(spec) for spec in there}
        return tuple(entry for entry in self.instances if identity(entry) not in known)


class WorkspaceFileError(FaultyFile):
    """A workspace file that can't be used."""


def load_workspace_file(path: Path) -> WorkspaceFile:
    """Read and check the file at ``path``. Raises WorkspaceFileError with every fault found."""
    reading = _Reading(str(path), "a workspace file")
    document = reading.document(path)
    workspace = reading.workspace(path.absolute(), document) if document is not None else None
    if workspace is None or reading.faults:
        raise WorkspaceFileError(tuple(reading.faults))
    return workspace


class _Reading(KeyedReading):
    """One reading of one workspace file."""

    def workspace(self, file: Path, document: Mapping[str, Any]) -> WorkspaceFile | None:
        """The workspace, or None after a fault."""
        values = self.table("", document, WORKSPACE_FILE_KEYS)
        tables = self.entries("instances", values.pop("instances", ()), INSTANCE_KEYS)
        self.unique("name", tables)
        folder = folder_of(file)
        shared = values.pop("environment", {})
        entries = [self._entry(key, table, folder, shared) for key, table in tables.items()]
        if self.faults:
            return None
        values.setdefault("name", _usual_name(file))
        return WorkspaceFile(file=file, instances=tuple(filter(None, entries)), **values)

    def _entry(
        self, key: str, table: dict[str, Any], beside: Path, shared: Mapping[str, str]
    ) -> WorkspaceEntry | None:
        folder = self.folder(f"{key}.folder", beside, table.pop("folder", ""))
        mission = self._mission(f"{key}.mission", beside, table.pop("mission", ""))
        kind = table.pop("kind", None)
        if kind is None:
            kind = Kind.MISSION if mission != "" else Kind.COMMAND if "command" in table else Kind.SHELL
        self._check_kind(key, kind, command="command" in table, mission=mission != "")
        if "agent" in table and kind is not Kind.COMMAND:
            self.fault(f"{key}.agent", f"A {kind} runs no agent's tool.", "Add its command, or take it out.")
        table["environment"] = {**shared, **table.get("environment", {})}
        policy = {
            name: table.pop(name)
            for name in ("restart", "success_codes", "failure_codes", "stop")
            if name in table
        }
        if folder is None or mission is None or "name" not in table:
            return None
        if not (self._storable(f"{key}.folder", str(folder)) and self._storable(f"{key}.mission", mission)):
            return None
        return WorkspaceEntry(
            kind=kind, folder=str(folder), mission=mission, policy=InstancePolicy(**policy), **table
        )

    def _check_kind(self, key: str, kind: Kind, *, command: bool, mission: bool) -> None:
        """What a kind needs, and what it has no use for."""
        if kind is Kind.COMMAND and not command:
            self.fault(f"{key}.command", "It is missing.", 'Add command = ["program", "argument"].')
        elif kind is not Kind.COMMAND and command:
            fix = 'Write kind = "command", or take it out.'
            self.fault(f"{key}.command", f"A {kind} runs no command.", fix)
        if kind is Kind.MISSION and not mission:
            self.fault(f"{key}.mission", "It is missing.", 'Add mission = "FILE".')
        elif kind is not Kind.MISSION and mission:
            fix = 'Write kind = "mission", or take it out.'
            self.fault(f"{key}.mission", f"A {kind} has no mission file.", fix)

    def _storable(self, key: str, path: str) -> bool:
        """Whether a saved window can hold it. What a link leads to may be named in any bytes."""
        try:
            path.encode()
        except UnicodeEncodeError:
            self.fault(key, f"{escape_bytes(path)} is no UTF-8 text.", "Rename it, or choose another one.")
            return False
        return True

    def _mission(self, key: str, beside: Path, text: str) -> str | None:
        """The absolute path; "" without one, None after a fault."""
        if not text:
            return ""
        try:
            path = beside / Path(text).expanduser()
            if path.is_file():
                return str(path.resolve())
            reason = f"{path} is not a file." if path.exists() else f"There is no file {path}."
        except (OSError, RuntimeError) as error:
            reason = f"“{text}” can't be used: {error}."
        self.fault(key, reason, "Correct the path (it is relative to the workspace file).")
        return None


def _usual_name(file: Path) -> str:
    """The name of a workspace whose file gives none: the file's, or that of the folder which carries it."""
    if folder_of(file) != file.parent:
        return folder_of(file).name or file.name
    return file.name.removesuffix(SUFFIX) or file.name
