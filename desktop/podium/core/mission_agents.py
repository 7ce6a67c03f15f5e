"""What an agent's table of a mission file still needs: its prompt's and role's texts, and a program that exists."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from podium.core.mission_document import AddFault
from podium.core.mission_keys import AGENT_KEYS
from podium.core.mission_programs import program_fault
from podium.core.mission_roles import is_own_role, role_names, role_text
from podium.core.mission_spec import AgentType
from podium.core.mission_values import MAX_PROMPT_BYTES, WrongValue, prompt

_NAMES = [key.name for key in AGENT_KEYS]
COMMAND_ADAPTER = "command"


class AgentReading:
    """Completes agents' tables. ``base`` is the mission file's folder, ``folder`` where agents run, if it is known."""

    def __init__(self, base: Path, folder: Path | None, fault: AddFault) -> None:
        self._base = base
        self._folder = folder
        self._fault = fault

    def complete(self, key: str, agent: dict[str, Any], written: Mapping[str, Any]) -> None:
        """Turn the checked values of the table at ``key`` into the fields of an AgentSpec. ``written`` is the
        table as it stands in the file, with what is wrong in it.
        """
        self._prompt(key, agent, written)
        self._role(key, agent)
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
        elif name is not None and (content := self._file(f"{key}.prompt_file", name)) is not None:
            try:
                agent["prompt"] = prompt(content)
            except WrongValue as wrong:
                self._fault(f"{key}.prompt_file", wrong.reason, wrong.fix)

    def _role(self, key: str, agent: dict[str, Any]) -> None:
        role = agent.get("role")
        if role is None:
            return
        if is_own_role(role):
            content = self._file(f"{key}.role", role)
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
        if not agent.get("adapter") or agent["adapter"] == COMMAND_ADAPTER:
            missing = "command" not in written and not _mistyped({"command", "adapter"}, written)
            if missing and "adapter" not in _wrong(agent, written):
                self._fault(
                    f"{key}.command",
                    "It is missing.",
                    'Add command = ["program", "argument"], or an adapter such as adapter = "claude".',
                )
        command = agent.get("command", ())
        if command and self._folder is not None and (wrong := program_fault(command[0], self._folder)):
            self._fault(f"{key}.command", *wrong)
        asks = any("{prompt}" in word for word in command)
        if asks and not (agent.get("prompt") or agent.get("role") or "prompt_file" in written):
            self._fault(
                f"{key}.prompt",
                "The command asks for {prompt}, but there is none.",
                "Write the prompt, or take {prompt} out of the command.",
            )

    def _file(self, key: str, name: str) -> str | None:
        """The text of a file the mission names, or None and a fault."""
        try:
            path = self._base / Path(name).expanduser()
        except RuntimeError:
            self._fault(key, f"There is no home folder for “{name}”.", "Write the whole path.")
            return None
        if not path.is_file():
            self._fault(
                key,
                f"There is no file {path}.",
                "Create it, or correct the path (it is relative to this file).",
            )
            return None
        try:
            with path.open("rb") as file:
                data = file.read(MAX_PROMPT_BYTES + 1)
            if len(data) > MAX_PROMPT_BYTES:
                self._fault(key, f"{path} is longer than {MAX_PROMPT_BYTES:,} bytes.", "Shorten it.")
                return None
            return data.decode("utf-8-sig")
        except OSError as error:
            self._fault(key, f"{path} can't be read: {error.strerror}.", "Check its permissions.")
        except UnicodeDecodeError:
            self._fault(key, f"{path} is not UTF-8.", "Save it as UTF-8.")
        return None


def _wrong(agent: Mapping[str, Any], written: Mapping[str, Any]) -> set[str]:
    """Keys that are there with a value that can't be used: a fault of their own already."""
    return {name for name in written if name in _NAMES and name not in agent}


def _mistyped(names: set[str], written: Mapping[str, Any]) -> bool:
    unknown = [name for name in written if name not in _NAMES]
    return any(
        difflib.get_close_matches(name, _NAMES, n=1)[:1] == [near] for name in unknown for near in names
    )
