"""From an adapter, a prompt and a session to the command line that runs one turn."""

from enum import StrEnum
from pathlib import Path

import msgspec

from podium.core.adapters.model import Adapter


class Permission(StrEnum):
    """What an agent may do by itself."""

    READ = "read"
    EDIT = "edit"
    FULL = "full"


class NewSession(msgspec.Struct, frozen=True):
    """A fresh session; ``id`` is used where the tool lets one choose it (make it with uuid4)."""

    id: str = ""


class ResumeSession(msgspec.Struct, frozen=True):
    """Go on with a session; ``fork``: with a copy of it, under a new id."""

    id: str
    fork: bool = False


Session = NewSession | ResumeSession


class CommandOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What else a run is given. None and empty: the tool's own default."""

    permission: Permission = Permission.EDIT
    budget_usd: float | None = None
    max_turns: int | None = None
    files: tuple[str, ...] = ()
    """Files to work on, for tools that want them named (aider), relative to the folder."""
    scratch: Path | None = None
    """An own folder for this run outside the work tree: settings, long prompts and reports go there. Needed by
    most adapters; keep it until the report is made."""
    command: tuple[str, ...] = ()
    """For the adapter “command”: the program and its arguments; ``{prompt}`` is replaced."""


class CommandFault(Exception):
    """The command line can't be made; the text says why and what to do."""


class AgentCommand(msgspec.Struct, frozen=True, kw_only=True):
    """All that is needed to start one turn. stdin is /dev/null, always: an open pipe hangs several tools."""

    argv: tuple[str, ...]
    folder: Path
    environment: dict[str, str]
    """To be set on top of the environment that is inherited."""
    unset: tuple[str, ...]
    """To be taken out of it before."""
    write: dict[Path, str]
    """Files to write before the start (``prepare`` does it)."""
    reports: dict[str, Path]
    """Files that the tool writes, by the name the adapter's rules know them by."""

    def full_environment(self, inherited: dict[str, str]) -> dict[str, str]:
        """``inherited`` without ``unset`` and with ``environment``."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Write the files that the tool needs, for the user only. Raises OSError."""
        raise NotImplementedError

    def read_reports(self) -> dict[str, bytes]:
        """What the tool wrote, for ``AgentReader.end``: at most 16 MiB each; what is not there is left out."""
        raise NotImplementedError


def command_for(
    adapter: Adapter,
    prompt: str,
    *,
    folder: Path,
    model: str = "",
    session: Session | None = None,
    options: CommandOptions = CommandOptions(),
) -> AgentCommand:
    """The command line of one turn. Raises CommandFault when the adapter can't do what is asked.

    A tool that cannot resume is given a fresh session: look at ``can_resume`` first.
    """
    raise NotImplementedError


def can_resume(adapter: Adapter) -> bool:
    """Whether a session of this tool can go on in a later round."""
    raise NotImplementedError
