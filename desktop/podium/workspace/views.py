"""Views of instances, computed in one place for window and API alike."""

from enum import StrEnum

import msgspec

from podium.attention.signals import Attention, AttentionState
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind
from podium.core.protocol.reports import ProgressReport


class InstanceState(StrEnum):
    """The state of an instance, in the words of ``tokens.toml``: worker state and program state in one."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    FINISHING = "finishing"
    WAITING = "waiting"
    DONE = "done"
    RESTARTING = "restarting"
    STOPPING = "stopping"
    EXITED = "exited"
    FAILED = "failed"


BUSY_STATES = frozenset(
    {
        InstanceState.STARTING,
        InstanceState.RUNNING,
        InstanceState.FINISHING,
        InstanceState.WAITING,
        InstanceState.RESTARTING,
        InstanceState.STOPPING,
    }
)
"""States in which closing the instance would end something."""


class InstanceView(msgspec.Struct, frozen=True):
    """One instance as it shows. Times are in seconds, costs in US dollars."""

    spec: InstanceSpec
    number: int
    """Its place in the order, from 1."""
    state: InstanceState
    label: str
    """The state in words: "Running", "Exited 1", "Restarting in 4 s"."""
    reason: str = ""
    """Why it failed, restarts or could not start."""
    detail: str = ""
    """The program: the command line, the mission's file, the shell."""
    title: str = ""
    """The title that the program gives its window."""
    exit_code: int | None = None
    exit_signal: int | None = None
    round: int | None = None
    max_rounds: int | None = None
    agents_running: int = 0
    agents_total: int = 0
    agents_worked: int = 0
    """Runs of agents that ended, over all rounds."""
    cost_usd: float | None = None
    cost_simulated: bool = False
    cost_estimated: bool = False
    """Priced from tokens, not told."""
    tokens_in: int | None = None
    tokens_out: int | None = None
    seconds: float | None = None
    """The time the program has run, or ran; None before its first start."""
    attempt: int = 0
    """While restarting: which restart is waited for, of ``attempts``; 0 when it is not known."""
    attempts: int = 0
    resumable: bool = False
    """A mission that was interrupted can go on in its round, or an agent's tool with its session."""
    left_behind: tuple[str, ...] = ()
    """Processes its shell left running, as ``name (pid)``, until a person says what becomes of them."""
    attention: Attention = Attention()
    """Whether its program needs a person. ``since`` is a time of the workspace's clock."""
    attention_seconds: float = 0.0
    """For how long that has been so."""
    waiting_seconds: float | None = None
    question: str = ""
    """While waiting: what it asks."""
    task: ProgressReport = ProgressReport()
    """How far its program says it is with what it does."""
    clipboard_write: str = ""
    """The beginning of what its program wants to write to the clipboard, until a person says whether it may."""
    clipboard_size: int = 0
    """All of that, in characters."""
    prompt_waits_for: str = ""
    """Why its tool's first prompt was not submitted yet; "" where there is none, or nothing keeps it."""
    startable: bool = True
    """False while Podium closes: nothing starts any more."""
    marks_prompts: bool = False
    """It is a shell that is made to mark its prompts."""

    @property
    def id(self) -> InstanceId:
        return self.spec.id

    @property
    def busy(self) -> bool:
        return self.state in BUSY_STATES

    @property
    def shown_state(self) -> InstanceState:
        """The state as it looks: a shell at its prompt runs, and looks idle, so that only work looks like running."""
        return InstanceState.IDLE if self._at_prompt else self.state

    @property
    def shown_label(self) -> str:
        return "At prompt" if self._at_prompt else self.label

    @property
    def _at_prompt(self) -> bool:
        quiet = self.attention.state is AttentionState.QUIET
        return quiet and self.spec.kind is Kind.SHELL and self.state is InstanceState.RUNNING
