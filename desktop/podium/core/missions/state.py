"""The state of a mission's run, kept on disk so that it can go on after whatever has ended it.

One file for each mission file, replaced as a whole after every step that must not be done twice.
"""

import hashlib
import re
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import msgspec

from podium.core.costs import Cost
from podium.core.missions.state_checks import fault_in
from podium.core.system.app_dirs import state_folder
from podium.core.system.private_files import read_small
from podium.core.system.process_identity import ProcessIdentity

STATE_VERSION: Final = 1
MODEL_VARIABLE: Final = "PODIUM_MODEL"
"""Names the model of a run's agents that name none."""
_MAX_BYTES: Final = 8 << 20
_SLUG = re.compile(r"[^A-Za-z0-9]+")


class Stage(StrEnum):
    """The progress of an agent's turn in this round."""

    PREPARING = "preparing"
    RUNNING = "running"
    ENDED = "ended"
    """Its program has ended; its work is not delivered yet."""
    DELIVERED = "delivered"


class Delivery(StrEnum):
    """The outcome of a turn's work."""

    NONE = ""
    SHARED = "shared"
    """It lies in the folder everybody works in."""
    UNCHANGED = "unchanged"
    MERGED = "merged"
    CONFLICT = "conflict"
    BROKE_GATE = "broke-gate"
    UNFINISHED = "unfinished"
    """The turn failed: its work is kept on its branch, and left out."""
    LOST = "lost"
    """It could not be committed; it still lies in its worktree, unless that was removed."""
    KEPT = "kept"
    """It is committed on its branch, and could not be merged for a reason that is not its own."""


class TurnState(msgspec.Struct):
    """An agent's turn in the round that runs."""

    stage: Stage = Stage.PREPARING
    attempts: int = 0
    seconds: float = 0.0
    summary: str = ""
    reason: str = ""
    done: bool = False
    branch: str = ""
    start: str = ""
    """The commit its worktree began with."""
    commit: str = ""
    delivery: Delivery = Delivery.NONE
    detail: str = ""
    """The obstacle to its work: the files in conflict, the gate it broke."""
    comments: list[str] = []
    """The person's comments that this turn gets."""


class AgentMemory(msgspec.Struct):
    """An agent's state from round to round."""

    last_round: int = 0
    retired: bool = False
    session: str = ""
    session_rounds: int = 0
    session_totals: dict[str, Any] = {}
    """The tool's count of the whole session so far; the next turn's share is the difference."""
    failures: int = 0
    """In a row; ``successes`` likewise."""
    successes: int = 0
    escalated: bool = False
    feedback: str = ""
    """Feedback for its next turn: a conflict, a broken gate."""
    comments: list[str] = []
    """The person's comments since its last turn began."""
    last_delivery: Delivery = Delivery.NONE
    """The outcome of its last turn's work; ``last_reason`` is why that turn failed."""
    last_reason: str = ""
    cost: Cost = Cost()
    """Its cost in this run: a copy, like that of the run, in case the ledger loses it."""


class GateState(msgspec.Struct, frozen=True):
    name: str
    passed: bool
    required: bool = True
    reason: str = ""
    last_lines: tuple[str, ...] = ()


class RoundState(msgspec.Struct):
    number: int = 0
    """0 before the first round."""
    complete: bool = True
    started_at: float = 0.0
    turns: dict[str, TurnState] = {}
    skipped: list[str] = []


class CheckoutState(msgspec.Struct):
    """One worktree: which folder it is, and what was last saved of it."""

    folder: str
    """Its name below the run's folder."""
    device: int = 0
    inode: int = 0
    """Identity of the folder that was made; another one at the same place is not accepted."""
    ready: bool = False
    """It was set up to its end."""
    used: bool = False
    """An agent has worked in it."""
    branch: str = ""
    commit: str = ""
    ignored: list[str] = []
    """Ignored files that no agent made: left by setup, or reported already."""
    copied: list[str] = []
    """The person's own files that were put there."""


class KeptWork(msgspec.Struct, frozen=True):
    """Work that could not be committed and lies where it was made."""

    path: str
    agent: str
    reason: str
    files: tuple[str, ...] = ()


class WorktreesState(msgspec.Struct):
    """The mission's branch and checkouts. ``gates`` are those of ``head``."""

    repository: str
    """The folder git is asked in."""
    root: str
    """Holds all worktrees of the run."""
    branch: str
    base: str
    head: str
    """The last accepted commit; the branch points to it."""
    subfolder: str = ""
    """The mission's folder, relative to the repository's top."""
    gates: list[GateState] = []
    gates_known: bool = False
    checkouts: dict[str, CheckoutState] = {}
    kept: list[KeptWork] = []


class RunSettings(msgspec.Struct):
    """The person's settings for this run alone. ``…_in_file`` is what the mission file said then: a file that was
    changed since is newer, and wins.
    """

    model: str = ""
    """Of agents that name none."""
    budget_usd: float | None = None
    budget_usd_in_file: float | None = None
    max_rounds: int | None = None
    max_rounds_in_file: int | None = None


class MissionState(msgspec.Struct):
    """A run of a mission. ``outcome`` is empty until it has ended for good."""

    run: str
    file: str
    name: str = ""
    version: int = STATE_VERSION
    started_at: float = 0.0
    """Seconds since 1970."""
    seconds: float = 0.0
    """Time spent running, before the process that runs it now."""
    max_rounds: int = 0
    owner: ProcessIdentity = ProcessIdentity()
    commands: str = ""
    """The fingerprint of the commands the person has agreed to."""
    round: RoundState = msgspec.field(default_factory=RoundState)
    agents: dict[str, AgentMemory] = {}
    gates: list[GateState] = []
    """Their state after the last round."""
    worktrees: WorktreesState | None = None
    cost: Cost = Cost()
    """A copy for display; the ledger is what counts."""
    outcome: str = ""
    rounds_done: int = 0
    settings: RunSettings = msgspec.field(default_factory=RunSettings)


class ResumeInfo(msgspec.Struct, frozen=True):
    """A run that can go on: ``podium mission resume FILE``."""

    round: int
    max_rounds: int
    cost_usd: float | None
    started_at: float
    """Seconds since 1970."""
    simulated: bool = False
    estimated: bool = False


def states_folder() -> Path:
    """Holds the state files of all missions, and a lock for each. It may not exist."""
    return state_folder() / "missions"


def state_path(mission_file: Path) -> Path:
    """The state file of the mission at ``mission_file``; it need not exist."""
    file = mission_file.expanduser().absolute()
    try:
        file = file.resolve()
    except (OSError, RuntimeError):
        pass  # A ring of links: there is no such mission, and no state of it.
    slug = _SLUG.sub("-", file.parent.name).strip("-").lower()[:24] or "mission"
    digest = hashlib.sha256(str(file).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return states_folder() / f"{slug}-{digest}.json"


class UnusableState(Exception):
    """There is a state file, and this Podium can't use it. The message names the file and says why."""

    def __init__(self, path: Path, reason: str, newer: bool = False) -> None:
        super().__init__(f"{path} {reason}")
        self.path = path
        self.newer = newer
        """A newer Podium can use it."""


class _Head(msgspec.Struct):
    """The fields that every version of a state file has."""

    version: int = STATE_VERSION


def load_state(path: Path) -> MissionState | None:
    """The state in ``path``, checked; None when there is none. Raises UnusableState."""
    data = _content(path)
    if data is None:
        return None
    try:
        version = msgspec.json.decode(data, type=_Head).version
        if version > STATE_VERSION:
            raise UnusableState(path, f"was written by a newer Podium (version {version})", newer=True)
        if version != STATE_VERSION:
            raise UnusableState(path, f"is of version {version}, which no Podium writes")
        state = msgspec.json.decode(data, type=MissionState)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnusableState(path, f"is cut short or damaged ({error})") from None
    if fault := fault_in(state):
        raise UnusableState(path, f"makes no sense: {fault}")
    if path.name.partition(".")[0] != state_path(Path(state.file)).stem:
        raise UnusableState(path, f"is the state of another mission, {state.file}")
    return state


def _content(path: Path) -> bytes | None:
    try:
        return read_small(path, _MAX_BYTES)
    except FileNotFoundError:
        if path.is_symlink():
            raise UnusableState(path, "is a link that leads nowhere") from None
        return None
    except OSError as error:
        raise UnusableState(path, f"can’t be read: {error.strerror or error}") from None


def read_state(path: Path) -> MissionState | None:
    """The state in ``path``, or None when there is none that this Podium can use."""
    try:
        return load_state(path)
    except UnusableState:
        return None


def resumable(mission_path: Path) -> ResumeInfo | None:
    """Whether a run of the mission at ``mission_path`` was interrupted and can go on. Reads one small file and
    looks at one process; for use off the window's thread.
    """
    state = read_state(state_path(mission_path))
    if state is None or state.outcome or state.owner.alive:
        return None
    return ResumeInfo(
        max(state.round.number, 1),
        state.max_rounds,
        state.cost.usd,
        state.started_at,
        state.cost.simulated,
        state.cost.estimated,
    )
