"""A mission after its file was read and checked."""

from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

DEFAULT_ROUNDS: Final = 5
DEFAULT_CONCURRENCY: Final = 1
"""Several at once cost money at once, so only who asks for it gets them."""
DEFAULT_AGENT_TIMEOUT: Final = 3600.0
DEFAULT_GATE_TIMEOUT: Final = 600.0
DEFAULT_SETUP_TIMEOUT: Final = 900.0


class AgentType(StrEnum):
    FEATURE = "feature"
    """Works until it is done."""
    CONTINUOUS = "continuous"
    """Never retires; runs again when ``min_frequency_rounds`` rounds have passed."""


class StopWhen(StrEnum):
    GATES_PASS = "gates-pass"
    AGENTS_DONE = "agents-done"
    NEVER = "never"


class Isolation(StrEnum):
    WORKTREE = "worktree"
    """Each agent works in a checkout of its own; its work is merged into a branch of the mission's."""
    SHARED = "shared"
    """All agents work in the mission's folder itself."""


class Permission(StrEnum):
    """The actions that a tool may take without asking; nobody is there to answer."""

    READ = "read"
    EDIT = "edit"
    """Change files."""
    FULL = "full"
    """Run any program."""


class WorkspaceSpec(msgspec.Struct, frozen=True):
    """The place agents work in. ``isolation`` None: worktrees in a git repository, else shared."""

    isolation: Isolation | None = None
    base: str = ""
    """The branch, tag or commit that the mission starts from; empty for the checked-out one."""
    setup: tuple[str, ...] = ()
    """Run in every new worktree."""
    teardown: tuple[str, ...] = ()
    """Run before a worktree is removed."""
    copy: tuple[str, ...] = ()
    """Globs, from the repository's top, of untracked files that worktrees need too."""
    keep: tuple[str, ...] = ()
    """Globs of files git ignores that are kept when their worktree is removed."""
    branch_prefix: str = "podium"
    """The prefix of the mission's branches."""
    setup_timeout: float = DEFAULT_SETUP_TIMEOUT
    """Seconds for either."""


class AgentSpec(msgspec.Struct, frozen=True):
    """An agent: a tool (``adapter``) or a command, run once a round with its prompt.

    Commands get the prompt in ``PODIUM_PROMPT`` and for ``{prompt}``.
    """

    id: str
    command: tuple[str, ...] = ()
    name: str = ""
    prompt: str = ""
    """The person's text, from ``prompt`` or ``prompt_file``."""
    timeout: float = DEFAULT_AGENT_TIMEOUT
    """Seconds."""
    type: AgentType = AgentType.FEATURE
    min_frequency_rounds: int = 1
    adapter: str = "command"
    permission: Permission = Permission.EDIT
    """Of an adapter's tool."""
    model: str = ""
    max_model: str = ""
    """The model after two failures, until two successes."""
    role: str = ""
    instructions: str = ""
    """The role's text; it comes before the prompt."""
    owns: tuple[str, ...] = ()
    """Globs of the files it may change; what else it changes is reported."""
    budget_usd: float | None = None
    silence_timeout: float | None = None
    """Seconds without progress after which it is ended; None: only ``timeout`` counts."""
    depends_on: tuple[str, ...] = ()
    prompt_path: Path | None = None
    """The file that the mission names for it, links resolved; likewise ``role_path``."""
    role_path: Path | None = None
    program: str = ""
    """The program that the adapter runs."""

    @property
    def task(self) -> str:
        """The whole text the agent is given: its role, then its prompt."""
        return "\n\n".join(part for part in (self.instructions.strip(), self.prompt) if part)


class GateSpec(msgspec.Struct, frozen=True):
    """A check: it passes when its command exits with 0."""

    name: str
    command: tuple[str, ...]
    timeout: float = DEFAULT_GATE_TIMEOUT
    """Seconds."""
    required: bool = True
    """Whether the mission is only done, and work only merged, when it passes."""


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
    budget_usd: float | None = None
    stop_when: StopWhen = StopWhen.GATES_PASS
    round_timeout: float | None = None
    """Seconds; what runs then is ended, and the round goes on to its gates."""
    workspace: WorkspaceSpec = WorkspaceSpec()
