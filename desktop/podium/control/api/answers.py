"""What the API answers: snapshots, made on the window's thread and written as JSON on the server's.

Times are in seconds, costs in US dollars.
"""

import msgspec

from podium.core.protocol.frames import Attributes


class Answer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of all answers."""


class Health(Answer, frozen=True, kw_only=True):
    status: str = "ok"
    version: str
    pid: int
    mode: str
    """``window`` or ``serve``."""
    isolated: bool
    """Whether each instance has a process of its own."""
    uptime: float
    instances: int
    epoch: str
    """The events' epoch; another one means that Podium was started anew."""


class PoolStatus(Answer, frozen=True):
    """An instance's worker. ``state`` is one of starting, running, stopping, stopped, backoff, failed."""

    state: str
    pid: int | None
    generation: int
    restart_count: int
    retry_in: float | None
    reason: str
    last_output: tuple[str, ...]


class InstanceInfo(Answer, frozen=True):
    """An instance as the window shows it. ``poolStatus`` is null without a pool, and before the first start."""

    id: str
    name: str
    kind: str
    theme: str
    folder: str
    command: tuple[str, ...]
    mission: str
    number: int
    state: str
    word: str
    reason: str
    detail: str
    title: str
    exit_code: int | None
    exit_signal: int | None
    round: int | None
    max_rounds: int | None
    agents_running: int
    agents_total: int
    agents_worked: int
    cost_usd: float | None
    cost_simulated: bool
    seconds: float | None
    waiting_seconds: float | None
    question: str
    pool_status: PoolStatus | None


class Instances(Answer, frozen=True):
    instances: tuple[InstanceInfo, ...]


class WorkerHealth(Answer, frozen=True):
    worker_id: str
    healthy: bool
    pool_status: PoolStatus | None


class WorkersHealth(Answer, frozen=True):
    healthy: bool
    isolated: bool
    workers: tuple[WorkerHealth, ...]


class Done(Answer, frozen=True):
    """It was carried out, or passed on to the program."""

    ok: bool = True


class CursorInfo(Answer, frozen=True):
    x: int
    y: int
    visible: bool


class StyledRun(Answer, frozen=True):
    """Neighbouring cells with one look. Colours: -1 default, 0–255 palette, 0x1000000 | 0xRRGGBB; ``style`` bits:
    1 bold, 2 dim, 4 italic, 8 blink, 16 reverse, 32 hidden, 64 strike, 128 overline; ``underline`` as in SGR 4:n.
    """

    text: str
    columns: int
    foreground: int
    background: int
    style: int
    underline: int
    underline_color: int
    link: str

    @classmethod
    def of(cls, text: str, columns: int, look: Attributes) -> "StyledRun":
        return cls(
            text=text,
            columns=columns,
            foreground=look.foreground,
            background=look.background,
            style=look.style,
            underline=look.underline,
            underline_color=look.underline_color,
            link=look.link,
        )


class ScreenInfo(Answer, frozen=True):
    """The visible screen; one string a row, without the blanks at its end. ``runs`` only when asked for.

    ``firstLine`` is the absolute number of its top row, ``oldestLine`` that of the oldest line kept; the numbers
    hold within one ``lineEpoch``.
    """

    columns: int
    rows: int
    lines: tuple[str, ...]
    cursor: CursorInfo
    title: str
    alternate: bool
    first_line: int
    oldest_line: int
    line_epoch: int
    runs: tuple[tuple[StyledRun, ...], ...] | None = None


class ScrollbackInfo(Answer, frozen=True):
    """Lines from absolute number ``from`` to ``to`` (exclusive): what is kept of those that were asked for."""

    first: int = msgspec.field(name="from")
    to: int
    lines: tuple[str, ...]
    first_line: int
    oldest_line: int
    line_epoch: int
    runs: tuple[tuple[StyledRun, ...], ...] | None = None


class Waited(Answer, frozen=True):
    """It came. ``text`` is the match or the state, ``exitCode`` and ``exitSignal`` how the program ended."""

    what: str
    text: str = ""
    exit_code: int | None = None
    exit_signal: int | None = None


class RunInfo(Answer, frozen=True):
    """One run. Times are seconds since 1970 (UTC); null is unknown, or is not for this kind of run."""

    id: str
    instance: str
    name: str
    kind: str
    what: str
    folder: str
    theme: str
    started_at: float
    ended_at: float | None
    seconds: float | None
    outcome: str
    exit_code: int | None
    exit_signal: int | None
    reason: str
    rounds: int | None
    agents: int | None
    cost_usd: float | None
    cost_simulated: bool
    cost_estimated: bool
    tokens_in: int | None
    tokens_out: int | None
    restarts: int


class HistoryPage(Answer, frozen=True):
    """``next`` is what to give as ``before`` for older runs; null after the last."""

    runs: tuple[RunInfo, ...]
    next: str | None


class UsageRow(Answer, frozen=True):
    """What one agent of an instance cost on one day (local time, ``2026-01-31``), over ``entries`` runs of it. Null
    is unknown; ``estimated`` says that a price table was asked, ``simulated`` that nobody was paid.
    """

    day: str
    instance: str
    agent: str
    cost_usd: float | None
    tokens_in: int | None
    tokens_out: int | None
    estimated: bool
    simulated: bool
    entries: int


class UsageInfo(Answer, frozen=True):
    """The sums leave out what is simulated, which is summed up apart. They count ``more`` rows too: the oldest, which
    are left out of a list of 10,000; ask for fewer days to see them.
    """

    rows: tuple[UsageRow, ...]
    more: int
    cost_usd: float | None
    simulated_usd: float | None
    tokens_in: int | None
    tokens_out: int | None
    estimated: bool


class MissionInfo(Answer, frozen=True):
    """A mission that an instance has; ``file`` is the path of its file."""

    instance: str
    name: str
    file: str
    state: str


class MissionsInfo(Answer, frozen=True):
    missions: tuple[MissionInfo, ...]


class MissionFault(Answer, frozen=True):
    """``key`` is where in the file, ``fix`` what to write instead."""

    file: str
    key: str
    reason: str
    fix: str


class MissionChecked(Answer, frozen=True):
    """``ok`` with what the mission is, or every fault of its file."""

    ok: bool
    name: str = ""
    folder: str = ""
    agents: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    max_rounds: int | None = None
    faults: tuple[MissionFault, ...] = ()
    terms: tuple[str, ...] = ()
    """What the file lets happen, a line for each thing, every character visible: commands, permissions, limits, files
    from outside the project, the first lines of prompts. What the repository makes git run is asked in the terminal."""
    agreed: bool = False
    """Whether the person has agreed to as much already; else the mission asks in its terminal before it runs."""


class StartPlan(Answer, frozen=True):
    """What a start would run; nothing was created or started, and nobody looked whether program and folder are there.
    ``new``: the instance would be created. ``check`` is what the check of a mission's file says, null for all else.
    """

    id: str
    new: bool
    name: str
    kind: str
    theme: str
    argv: tuple[str, ...]
    folder: str
    model: str = ""
    check: MissionChecked | None = None


class CommandInfo(Answer, frozen=True):
    id: str
    group: str
    title: str
    help: str
    keys: tuple[str, ...]
    argument: str
    needs_instance: bool
    possible: bool
    """Whether it would do anything now, for the current instance."""


class Commands(Answer, frozen=True):
    commands: tuple[CommandInfo, ...]


class WindowInfo(Answer, frozen=True):
    layout: str
    current: str | None
    zoomed: bool
    page: int
    pages: int
    visible: tuple[str, ...]


class Picture(Answer, frozen=True):
    """A PNG file's bytes; over HTTP they are the body."""

    png: bytes
