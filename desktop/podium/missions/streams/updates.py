"""The events of an agent's output: updates while it runs, and one report at its end."""

import msgspec

from podium.core.adapters.model import Kind


class Tokens(msgspec.Struct, frozen=True):
    """Tokens, counted the same way for every tool: ``used_in`` counts all that went in, cached or not."""

    used_in: int = 0
    used_out: int = 0
    cached: int = 0
    """Of ``used_in``: read from a cache."""
    written: int = 0
    """Of ``used_in``: written to a cache."""
    thought: int = 0
    """Beside ``used_out``, and paid like it, for tools that count it apart."""

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(
            self.used_in + other.used_in,
            self.used_out + other.used_out,
            self.cached + other.cached,
            self.written + other.written,
            self.thought + other.thought,
        )


class SessionTotals(msgspec.Struct, frozen=True):
    """A tool's own count of a session at the end of a run: kept for the next run of that session.

    Hand it to the next AgentReader when, and only when, that run resumes or forks this session. It survives being
    stored as JSON (msgspec).
    """

    session_id: str = ""
    cost_usd: float = 0.0
    tokens: Tokens = Tokens()


class Progress(msgspec.Struct, frozen=True):
    """The agent made progress: the inactivity timer starts again. Retries and empty steps give none."""


class SessionKnown(msgspec.Struct, frozen=True):
    """The id to resume with."""

    session_id: str


class Said(msgspec.Struct, frozen=True):
    """Text of the agent. ``delta``: a piece of a text that goes on."""

    text: str
    delta: bool = False


class ToolUsed(msgspec.Struct, frozen=True):
    """A tool is used, such as ``Bash`` for ``make test``."""

    name: str
    detail: str = ""


class ToolFailed(msgspec.Struct, frozen=True):
    """A tool did not do its work."""

    name: str
    text: str = ""


class Refused(msgspec.Struct, frozen=True):
    """The agent was not allowed to use a tool."""

    name: str
    text: str = ""


class Trouble(msgspec.Struct, frozen=True):
    """Something went wrong that the tool tries to get over: a retry, a reconnection."""

    text: str
    kind: Kind
    status: int | None = None


class Note(msgspec.Struct, frozen=True):
    """A remark of Podium's about the tool's output."""

    text: str


class LimitHit(msgspec.Struct, frozen=True):
    """A limit of requests or of use is reached. ``until``: seconds since 1970, None if unknown."""

    until: float | None
    text: str


class Waiting(msgspec.Struct, frozen=True):
    """The tool asks a person; without a terminal there is no answer, so it is best ended."""

    text: str


class Cost(msgspec.Struct, frozen=True):
    """The cost of this run so far, without a previous run's share. ``usd`` None: unknown."""

    usd: float | None
    estimated: bool
    tokens: Tokens | None


class Looping(msgspec.Struct, frozen=True):
    """The agent runs in circles: ``count`` errors, empty steps or same calls in a row. Best ended.

    Told again with each further one.
    """

    count: int
    text: str


Update = (
    Progress
    | SessionKnown
    | Said
    | ToolUsed
    | ToolFailed
    | Refused
    | Trouble
    | Note
    | LimitHit
    | Waiting
    | Cost
    | Looping
)


class AgentReport(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a run, according to the output."""

    ok: bool
    kind: Kind
    reason: str = ""
    """Why it failed, for a person; empty when it did not."""
    transient: bool = False
    """Worth another try, after a while (after ``limit_until`` if that is known)."""
    session_id: str = ""
    """To resume with; empty: not known, so start afresh."""
    cost_usd: float | None = None
    """Of this run alone. None: unknown, which is not 0."""
    cost_estimated: bool = False
    """The cost was worked out from tokens and the table of prices."""
    tokens: Tokens | None = None
    """Of this run alone. None: unknown."""
    model: str = ""
    turns: int | None = None
    final_text: str = ""
    refused: tuple[str, ...] = ()
    """Names of tools that were not allowed, each use once, at most 100."""
    failed_tools: int = 0
    limit_until: float | None = None
    """Seconds since 1970."""
    degraded: bool = False
    """The output matched no rule of the adapter; the exit code decided, and ``final_text`` is the end of the output."""
    notes: tuple[str, ...] = ()
    """A note for the person, such as about lines that could not be read."""
    totals: SessionTotals = SessionTotals()
    """For the next run of the same session."""
