"""A workspace file made of instances: what ``file`` reads, written so that others can use it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import tomlkit

from podium.core.config.toml_checks import WrongValue
from podium.core.instances import InstancePolicy, InstanceSpec, Kind, RestartWhen, StopBy, StopMethod
from podium.core.protocol.stop_notation import parse_stop
from podium.core.workspace_files.keys import INSTANCE_KEYS, View
from podium.core.workspace_files.paths import folder_of

_HEAD: Final = (
    "Podium opens this file: podium open FILE. It asks before anything of it runs.",
    "Paths are relative to the folder of this file.",
)
_SECRET: Final = re.compile(
    r"TOKEN|SECRET|PASS(WORD|WD|PHRASE)|CREDENTIAL|(^|_)(API_?)?KEY($|_)|(^|_)AUTH($|_)", re.I
)
_CHECKS: Final = {key.name: key.check for key in INSTANCE_KEYS}


class WrittenWorkspace(msgspec.Struct, frozen=True):
    """``left_out`` says, a sentence each, what of the instances the text does not have."""

    text: str
    left_out: tuple[str, ...]


def workspace_text(
    name: str, view: View | None, specs: Iterable[InstanceSpec], file: Path, home: Path
) -> WrittenWorkspace:
    """The text of a workspace file at ``file`` that adds these instances.

    Paths below the file's folder become relative, others below ``home`` begin with ``~``. Variables that look like
    secrets are left out, and so are the rights that an instance was given.
    """
    document = tomlkit.document()
    for line in _HEAD:
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    document.add("name", tomlkit.item(name))
    if view is not None:
        document.add("view", tomlkit.item(view.value))
    instances = tomlkit.aot()
    writer = _Writer(folder_of(file), home)
    for spec in specs:
        values = writer.values(spec)
        if values is not None:
            instances.append(_table(values))
    document.add("instances", instances)
    return WrittenWorkspace(tomlkit.dumps(document), tuple(writer.left_out))


def _table(values: Mapping[str, Any]) -> tomlkit.items.Table:
    table = tomlkit.table()
    for key, value in values.items():
        if isinstance(value, dict):
            inline = tomlkit.inline_table()
            inline.update(value)
            table.add(key, inline)
        else:
            table.add(key, value)
    return table


def _is_written(stop: StopMethod) -> bool:
    """Whether a file can say it: what it says is told by its form."""
    try:
        return parse_stop(stop.value) == stop
    except ValueError:
        return False


class _Writer:
    def __init__(self, beside: Path, home: Path) -> None:
        self._beside = beside
        self._home = home
        self._names: set[str] = set()
        self.left_out: list[str] = []

    def values(self, spec: InstanceSpec) -> dict[str, Any] | None:
        """What stands in the file; None when it can't hold the instance."""
        values = dict(self._pairs(spec))
        for key, value in values.items():
            try:
                _CHECKS[key](value)
            except WrongValue as wrong:
                self.left_out.append(f"{spec.name} is left out ({key}): {wrong.reason}")
                return None
        self._names.add(values["name"])
        return values

    def _pairs(self, spec: InstanceSpec) -> Iterator[tuple[str, Any]]:
        yield "name", self._unique(spec.name)
        kind = Kind.COMMAND if spec.command and spec.kind is Kind.SHELL else spec.kind
        if kind is Kind.COMMAND:
            yield "command", list(spec.command)
        if spec.agent is not None:
            yield "agent", spec.agent.tool
        if kind is Kind.MISSION:
            yield "mission", self._path(spec.mission)
        if (folder := self._path(spec.folder)) != ".":
            yield "folder", folder
        yield "theme", spec.theme.value
        if environment := self._environment(spec):
            yield "environment", environment
        if spec.alerts.value != "normal":
            yield "alerts", spec.alerts.value
        yield from self._policy(spec, shell=kind is not spec.kind)
        if spec.memory_max_mib:
            yield "memory_max_mib", spec.memory_max_mib
        if spec.cpu_percent:
            yield "cpu_percent", spec.cpu_percent

    def _policy(self, spec: InstanceSpec, *, shell: bool) -> Iterator[tuple[str, Any]]:
        """``shell``: it becomes a command, which would be run again after a crash."""
        policy = spec.policy
        restart = policy.restart or (RestartWhen.NEVER if shell else None)
        if restart is not None:
            yield "restart", restart.value
        if policy.success_codes != InstancePolicy().success_codes:
            yield "success_codes", list(policy.success_codes)
        if policy.failure_codes:
            yield "failure_codes", list(policy.failure_codes)
        if policy.stop.by is not StopBy.USUAL:
            if _is_written(policy.stop):
                yield "stop", policy.stop.value
            else:
                self.left_out.append(f"{spec.name}: its way to stop is left out; a file can't say it.")

    def _environment(self, spec: InstanceSpec) -> dict[str, str]:
        secret = [name for name in spec.environment if _SECRET.search(name)]
        if secret:
            named = ", ".join(secret)
            self.left_out.append(f"{spec.name}: {named} is left out, as it looks like a secret.")
        return {name: value for name, value in spec.environment.items() if name not in secret}

    def _unique(self, name: str) -> str:
        tried, number = name, 2
        while tried in self._names:
            tried, number = f"{name} {number}", number + 1
        return tried

    def _path(self, text: str) -> str:
        path = Path(text)
        for folder, before in ((self._beside, ""), (self._home, "~/")):
            if path.is_relative_to(folder):
                rest = path.relative_to(folder).as_posix()
                if rest.startswith("~"):
                    return text  # Relative it would be read as somebody's home folder.
                return before + rest if rest != "." or not before else "~"
        return text
