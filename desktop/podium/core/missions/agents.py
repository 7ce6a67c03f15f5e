"""Completing an agent's table of a mission file: the texts of its prompt and role, and a program that exists."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from podium.core.adapters.model import Adapter
from podium.core.adapters.registry import AdapterRegistry, load_adapters, user_folder
from podium.core.config.toml_checks import WrongValue
from podium.core.missions.faults import AddFault, Fault
from podium.core.missions.keys import AGENT_KEYS
from podium.core.missions.programs import program_fault
from podium.core.missions.roles import is_own_role, role_names, role_text
from podium.core.missions.spec import AgentType
from podium.core.missions.values import MAX_PROMPT_BYTES, prompt

_NAMES = [key.name for key in AGENT_KEYS]
COMMAND_ADAPTER = "command"


class AgentReading:
    """Completes agents' tables. ``base`` is the mission file's folder, ``folder`` where agents run, if it is known."""

    def __init__(self, base: Path, folder: Path | None, fault: AddFault) -> None:
        self._base = base
        self._folder = folder
        self._fault = fault
        self._adapters: AdapterRegistry | None = None
        self._reported: list[Fault] = []

    def complete(self, key: str, agent: dict[str, Any], written: Mapping[str, Any]) -> None:
        """Turn the checked values of the table at ``key`` into the fields of an AgentSpec. ``written`` is the
        table as it stands in the file, with what is wrong in it.
        """
        self._prompt(key, agent, written)
        self._role(key, agent)
        if len(agent.get("prompt", "")) + len(agent.get("instructions", "")) > MAX_PROMPT_BYTES:
            self._fault(
                f"{key}.prompt",
                f"The prompt and the role are longer than {MAX_PROMPT_BYTES:,} characters together.",
                "Put the long part into a file of the project and let the prompt name it.",
            )
        self._program(key, agent, written)
        if (
            "min_frequency_rounds" in agent
            and agent.get("type") is not AgentType.CONTINUOUS
            and "type" not in _wrong(agent, written)
        ):
            self._fault(
                f"{key}.min_frequency_rounds",
                "Only continuous agents have a frequency.",
                'Take it out, or add type = "continuous".',
            )

    def _prompt(self, key: str, agent: dict[str, Any], written: Mapping[str, Any]) -> None:
        name = agent.pop("prompt_file", None)
        if name is not None and "prompt" in written:
            self._fault(
                f"{key}.prompt_file", "There is a prompt already.", "Keep prompt or prompt_file, not both."
            )
        elif name is not None and (found := self._file(f"{key}.prompt_file", name)) is not None:
            agent["prompt_path"], content = found
            try:
                agent["prompt"] = prompt(content)
            except WrongValue as wrong:
                self._fault(f"{key}.prompt_file", wrong.reason, wrong.fix)

    def _role(self, key: str, agent: dict[str, Any]) -> None:
        role = agent.get("role")
        if role is None:
            return
        content: str | None = None
        if is_own_role(role):
            if (found := self._file(f"{key}.role", role)) is not None:
                agent["role_path"], content = found
        else:
            content = role_text(role)
            if content is None:
                names = role_names()
                near = difflib.get_close_matches(role, names, n=1)
                fix = (
                    f"Write “{near[0]}”."
                    if near
                    else f"The roles are {', '.join(names)}; your own ends in .md."
                )
                self._fault(f"{key}.role", f"There is no role “{role}”.", fix)
        if content is not None:
            agent["instructions"] = content

    def _program(self, key: str, agent: dict[str, Any], written: Mapping[str, Any]) -> None:
        adapter = agent.get("adapter", COMMAND_ADAPTER)
        if adapter != COMMAND_ADAPTER:
            self._adapter(key, adapter, agent, written)
            return
        missing = "command" not in written and not _mistyped({"command", "adapter"}, written)
        if missing and "adapter" not in _wrong(agent, written):
            self._fault(
                f"{key}.command",
                "It is missing.",
                'Add command = ["program", "argument"], or an adapter such as adapter = "claude".',
            )
        if "permission" in written:
            self._fault(
                f"{key}.permission", "A command may do what it does.", "Take it out; it is for adapters."
            )
        command = agent.get("command", ())
        if command and self._folder is not None and (wrong := program_fault(command[0], self._folder)):
            self._fault(f"{key}.command", *wrong)
        if any("{prompt}" in word for word in command) and not _has_task(written):
            self._fault(
                f"{key}.prompt",
                "The command asks for {prompt}, but there is none.",
                "Write the prompt, or take {prompt} out of the command.",
            )

    def _adapter(self, key: str, name: str, agent: dict[str, Any], written: Mapping[str, Any]) -> None:
        registry = self._registry()
        found = registry.adapters.get(name)
        if found is None:
            near = difflib.get_close_matches(name, registry.adapters, n=1)
            names = ", ".join(registry.adapters)
            fix = (
                f"Write “{near[0]}”."
                if near
                else f"The adapters are {names}; your own go into {user_folder()}."
            )
            self._fault(f"{key}.adapter", f"There is no adapter “{name}”.", fix)
        else:
            agent["program"] = found.program
            self._installed(key, found)
        for fault in registry.faults:
            if Path(fault.file).stem == name and fault not in self._reported:
                self._reported.append(fault)
                self._fault(f"{key}.adapter", f"{fault.file}: {fault.key}: {fault.reason}", fault.fix)
        if "command" in agent:
            self._fault(
                f"{key}.command",
                f"The adapter “{name}” brings its own command.",
                "Keep command or adapter, not both.",
            )
        if not _has_task(written):
            self._fault(f"{key}.prompt", "It is missing.", 'Add prompt = "…", or prompt_file = "task.md".')

    def _installed(self, key: str, adapter: Adapter) -> None:
        program = adapter.program
        if program and self._folder is not None and program_fault(program, self._folder):
            fix = "Install it, or choose another adapter."
            if adapter.install:
                fix = f"Install it: {adapter.install}"
            self._fault(f"{key}.adapter", f"There is no program “{program}” on the PATH.", fix)

    def _registry(self) -> AdapterRegistry:
        if self._adapters is None:
            self._adapters = load_adapters()
        return self._adapters

    def _file(self, key: str, name: str) -> tuple[Path, str] | None:
        """The real path of a file that the mission names, and its text; or None and a fault."""
        try:
            path = self._base / Path(name).expanduser()
        except RuntimeError:
            self._fault(key, f"There is no home folder for “{name}”.", "Write the whole path.")
            return None
        try:
            if not path.is_file():
                self._fault(
                    key,
                    f"There is no file {path}.",
                    "Create it, or correct the path (it is relative to this file).",
                )
                return None
            place = path.resolve(strict=True)  # What is read is what is told: a link may lead anywhere.
            with place.open("rb") as file:
                data = file.read(MAX_PROMPT_BYTES + 1)
            if len(data) > MAX_PROMPT_BYTES:
                self._fault(key, f"{path} is longer than {MAX_PROMPT_BYTES:,} bytes.", "Shorten it.")
                return None
            return place, data.decode("utf-8-sig")
        except OSError as error:
            self._fault(key, f"{path} can't be read: {error.strerror}.", "Check its permissions.")
        except UnicodeDecodeError:
            self._fault(key, f"{path} is not UTF-8.", "Save it as UTF-8.")
        return None


def _wrong(agent: Mapping[str, Any], written: Mapping[str, Any]) -> set[str]:
    """Keys that are there with a value that can't be used: a fault of their own already."""
    return {name for name in written if name in _NAMES and name not in agent}


def _has_task(written: Mapping[str, Any]) -> bool:
    return any(written.get(name) for name in ("prompt", "prompt_file", "role"))


def _mistyped(names: set[str], written: Mapping[str, Any]) -> bool:
    unknown = [name for name in written if name not in _NAMES]
    return any(
        difflib.get_close_matches(name, _NAMES, n=1)[:1] == [near] for name in unknown for near in names
    )
