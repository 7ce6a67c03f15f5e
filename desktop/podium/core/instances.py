"""Instances: the part of them that survives their worker and the window."""

from enum import StrEnum
from typing import Final

import msgspec

from podium.core.ids import InstanceId

MAX_INSTANCES: Final = 64
MAX_FIRST_PROMPT: Final = 100_000
"""Characters: a longer one belongs into a file."""
MIN_MEMORY_MIB: Final = 16
"""With less a shell could not even say what is wrong."""
MAX_MEMORY_MIB: Final = 16 << 20
MAX_CPU_PERCENT: Final = 100_000


class Kind(StrEnum):
    SHELL = "shell"
    COMMAND = "command"
    MISSION = "mission"


class TerminalName(StrEnum):
    """The terminal that programs are told they run in (TERM)."""

    XTERM = "xterm-256color"
    """Known on every computer."""
    PODIUM = "podium"
    """All that Podium can do, on this computer alone."""


class ThemeName(StrEnum):
    """The themes, in the order new instances take them in turn."""

    INDIGO = "indigo"
    EMERALD = "emerald"
    AMBER = "amber"
    ROSE = "rose"


class RestartWhen(StrEnum):
    """Whether a program that ended is run again unasked."""

    NEVER = "never"
    ON_CRASH = "on-crash"


class StopBy(StrEnum):
    """The way a program is asked to end before its tree is killed."""

    USUAL = "usual"
    """A shell loses its terminal (SIGHUP); all else gets *stop now* on its control channel and SIGTERM."""
    MESSAGE = "message"
    """*Stop now* on its control channel, and nothing else."""
    KEYS = "keys"
    TEXT = "text"
    SIGNAL = "signal"


class StopMethod(msgspec.Struct, frozen=True, omit_defaults=True):
    """``value`` is what ``by`` sends: keys ("Ctrl+C Ctrl+C"), a line of text ("/exit"), a signal ("SIGINT")."""

    by: StopBy = StopBy.USUAL
    value: str = ""


class InstancePolicy(msgspec.Struct, frozen=True, omit_defaults=True):
    """The course of events when a program ends, and the way it is ended.

    A crash is an end by a signal or with a code that is neither in ``success_codes`` nor in ``failure_codes``; no
    failure codes means 1 to 127. Ctrl+C (SIGINT, 130) is a person's wish, never a crash.
    """

    restart: RestartWhen | None = None
    """None: never for shells, on a crash for commands and missions."""
    success_codes: tuple[int, ...] = (0,)
    failure_codes: tuple[int, ...] = ()
    stop: StopMethod = StopMethod()


class AlertLevel(StrEnum):
    """How an instance may call for a person outside its pane."""

    NORMAL = "normal"
    IMPORTANT = "important"
    """Also during quiet hours and while a person does not want to be disturbed."""
    MUTED = "muted"
    """Not at all: what it asks shows in the window alone."""


class AgentLaunch(msgspec.Struct, frozen=True, omit_defaults=True):
    """An agent's tool that a person works with in an instance's terminal."""

    tool: str
    """The name of its adapter."""
    session: str = ""
    """The tool's own id of the conversation, by which it goes on with it; "" while it is not known."""
    first_prompt: str = ""
    """Is typed when the tool's screen is ready for it, at the first start; "" once it was submitted."""
    setup: str = ""
    """A shell command that is run in its terminal before the tool, until it has succeeded once."""
    setup_mark: str = ""
    """The path of the file that says that it has."""
    branch: str = ""
    """The branch of the worktree that was made for it; "" where it works in a folder that was there."""


class InstanceSpec(msgspec.Struct, frozen=True):
    """An instance as it is created, saved and started again.

    ``command`` is the argv of a command (empty for a shell: the login shell; for a mission: derived from
    ``mission``, the path of its file). ``environment`` is added to the person's own. ``memory_max_mib`` (MiB) and
    ``cpu_percent`` (% of one CPU) limit what a program may use with all it starts; 0 is no limit.
    """

    id: InstanceId
    name: str
    kind: Kind
    theme: ThemeName
    folder: str
    command: tuple[str, ...] = ()
    mission: str = ""
    environment: dict[str, str] = {}
    policy: InstancePolicy = InstancePolicy()
    may_control: bool = False
    """Its programs may do everything over the API; without it they report only their own state."""
    may_write_clipboard: bool = False
    """Its programs may write to the clipboard unasked, unless the settings deny it to all."""
    memory_max_mib: int = 0
    cpu_percent: int = 0
    alerts: AlertLevel = AlertLevel.NORMAL
    agent: AgentLaunch | None = None
    """The agent's tool that ``command`` runs, where a person has chosen one."""
