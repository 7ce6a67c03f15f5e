"""The contents of an adapter file: how a tool is started, and how its output is read."""

from enum import StrEnum
from typing import Any, Final

import msgspec

from podium.core.adapters.hooks import Hooks
from podium.core.protocol.attention import Marks

STDOUT: Final = "stdout"
STDERR: Final = "stderr"


class OutputFormat(StrEnum):
    """The format of a tool's output."""

    JSON = "json"
    """One JSON object on each line."""
    TEXT = "text"
    """Lines for people that rules match."""
    PLAIN = "plain"
    """Anything; nothing is read from it but its end."""


class Success(StrEnum):
    """The source that decides whether a run succeeded."""

    LINE = "line"
    """A line of the output. Without it the run failed, whatever the exit code."""
    LINE_AND_EXIT = "line-and-exit"
    """A line of the output, and exit code 0: for tools whose lines do not mark their own end."""
    EXIT = "exit"
    """Exit code 0."""


class Per(StrEnum):
    """The scope that the figures of a line count."""

    STEP = "step"
    """Something of this run that no other line counts: they are added up."""
    RUN = "run"
    """This run so far: the last one counts."""
    SESSION = "session"
    """All runs of the session: what the last run ended with is taken off."""
    DRAFT = "draft"
    """A first guess, for runs that end before they say more. Lines with one ``entry`` count once."""


class Kind(StrEnum):
    """The outcome of a run, or the subject of a passing trouble."""

    OK = "ok"
    ERROR = "error"
    """It failed for a reason of its own."""
    AUTH = "auth"
    """No key, a wrong key, nobody logged in, not allowed, not paid."""
    LIMIT = "limit"
    """Too many requests or all that was paid for is used; it goes on later."""
    OVERLOAD = "overload"
    """The model's server has a fault or too much to do."""
    NETWORK = "network"
    """The model's server was not reached, or the connection was cut."""
    BUDGET = "budget"
    """Its limit of money was reached."""
    TURNS = "turns"
    """Its limit of turns was reached."""
    SESSION = "session"
    """The session to go on with is not there (or in use): start a fresh one."""
    SETUP = "setup"
    """It was called in a way it doesn't take, or its settings are wrong."""
    WAITING = "waiting"
    """It asked for a person, and nobody can answer."""
    INCOMPLETE = "incomplete"
    """It ended in the middle: the line that says how it went is missing."""
    CRASHED = "crashed"
    """A fault of the program ended it (a signal such as SIGSEGV)."""
    KILLED = "killed"
    """It was made to end (SIGTERM, SIGKILL, SIGINT)."""

    @property
    def transient(self) -> bool:
        """Whether the same run may go better a little later."""
        return self in _TRANSIENT


_TRANSIENT: Final = {Kind.LIMIT, Kind.OVERLOAD, Kind.NETWORK, Kind.INCOMPLETE, Kind.CRASHED}

Where = dict[str, tuple[Any, ...]]
"""Path → the values it may have."""


class LineRule(msgspec.Struct, frozen=True, kw_only=True):
    """The meaning of lines of one kind. A line may match several rules; all of them hold.

    A *path* leads into a line's object: ``error.data.message``; ``*`` stands for every entry of a list or
    table. Where a fact takes paths, the first that leads somewhere is taken; ``=text`` is the text itself. Lines of
    text are objects with the key ``text`` and one key for each word in braces of ``pattern``.
    """

    source: str = STDOUT
    """``stdout``, ``stderr`` or the name of one of the adapter's reports."""
    when: Where = {}
    """All of these paths have one of their values."""
    unless: Where = {}
    """None of these paths has one of its values."""
    contains: Where = {}
    """All of these paths have text with one of their parts in it (upper or lower case)."""
    lacks: Where = {}
    """None of these paths has text with one of its parts in it."""
    pattern: str = ""
    """For text: what is on the line. ``{name}`` is any text, ``{name:number}`` a number such as 2.5k."""
    each: str = ""
    """The rule holds for each entry at this path: all paths below start there; ``^.path`` starts at the line, and
    ``@`` is the entry's own key."""
    where: Where = {}
    """As ``when``, for each entry."""
    where_not: Where = {}
    """As ``unless``, for each entry."""

    session: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    """The text of the agent."""
    delta: bool = False
    """``said`` is a piece of a text that goes on."""
    final: tuple[str, ...] = ()
    """The final text of the agent."""
    tool: tuple[str, ...] = ()
    """The name of a tool that is used."""
    detail: tuple[str, ...] = ()
    """The object or purpose of the tool's use."""
    tool_id: tuple[str, ...] = ()
    """Ties the use of a tool to its outcome."""
    tool_done: bool = False
    """A tool did its work."""
    tool_failed: tuple[str, ...] = ()
    """The reason a tool failed. It counts as refused if the text says so, or if there is none."""
    refused: tuple[str, ...] = ()
    """The name of a tool that the agent was not allowed to use."""
    trouble: tuple[str, ...] = ()
    """Something went wrong that the tool itself tries to get over."""
    fails: bool = False
    """The run failed."""
    reason: tuple[str, ...] = ()
    """Why it failed."""
    kind: Kind | None = None
    """The kind of a trouble or failure, where text and status do not give it."""
    status: tuple[str, ...] = ()
    """The HTTP status behind a trouble or failure."""
    limit: bool = False
    """It has hit a limit and waits."""
    resets_at: tuple[str, ...] = ()
    """When a limit ends: seconds or milliseconds since 1970, or a date and time."""
    retry_after: tuple[str, ...] = ()
    """Seconds until the next try."""
    retry_after_ms: tuple[str, ...] = ()
    success: bool = False
    """The run went well."""
    success_if_refused: bool = False
    """The run ends here, and well, if a tool was refused in this turn."""
    opens: bool = False
    """A turn begins: nothing is decided any more."""
    clears: bool = False
    """An earlier failure was overcome; it is reported as a passing trouble."""
    progress: bool = False
    """The agent has got on with its work."""
    empty_step: bool = False
    """A step in which nothing happened."""
    waiting: tuple[str, ...] = ()
    """It asks a person."""
    turn: bool = False
    """One more turn."""
    turns: tuple[str, ...] = ()
    """The number of turns."""

    per: Per | None = None
    entry: tuple[str, ...] = ()
    cost: tuple[str, ...] = ()
    """USD."""
    tokens_in: tuple[str, ...] = ()
    tokens_out: tuple[str, ...] = ()
    tokens_cached: tuple[str, ...] = ()
    """Tokens that went in and were read from a cache."""
    tokens_written: tuple[str, ...] = ()
    """Tokens that went in and were written to a cache."""
    tokens_total: tuple[str, ...] = ()
    """All tokens; what is more than in and out was thought, and is paid like out."""


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """The way a tool's output is read."""

    format: OutputFormat
    success: Success = Success.EXIT
    cached_in_input: bool = False
    """Whether ``tokens_in`` counts the cached and written tokens too."""
    zero_cost_is_unknown: bool = False
    """The tool writes a cost of 0 for models whose price it does not know."""
    exit_codes_are_statuses: bool = False
    """Exit codes may be an HTTP status modulo 256."""
    exit_codes: dict[int, str] = {}
    """Exit code → what it means."""
    exit_kinds: dict[int, Kind] = {}
    noise: tuple[str, ...] = ()
    """Parts of lines that say nothing about the run: on stderr, and of tools that speak in text. ``^`` is the start."""


class LoopLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The number in a row, without a success between them, from which an agent is reported as looping."""

    same_error: int = 12
    """Of tools that fail or are refused."""
    errors: int = 30
    retries: int = 50
    """Of requests, by the tool itself: they cost time and no money, and a watchdog for silence sees them too."""
    same_call: int = 15
    empty_steps: int = 8


Piece = str | tuple[str, ...]
"""An argument, or several that stand together: they are left out when a word in braces has no value."""


class CommandLine(msgspec.Struct, frozen=True, kw_only=True):
    """The command that starts a tool. Words in braces are replaced: ``{prompt}``, ``{model}``, ``{session}``,
    ``{folder}``, ``{budget_usd}``, ``{max_turns}``, ``{files}``, ``{permission}``, ``{prompt_file}``,
    ``{prompt_folder}``, ``{scratch}``, ``{file:NAME}``. ``{permission}`` and ``{files}`` stand alone and become any
    number of arguments.
    """

    arguments: tuple[Piece, ...] = ()
    resume: tuple[Piece, ...] = ()
    """The arguments that go on with ``{session}``; empty: it can't."""
    fork: tuple[Piece, ...] = ()
    """The arguments that go on with a copy of ``{session}``; empty: it can't."""
    new_session: bool = False
    """Whether ``arguments`` takes ``{session}``, a UUID that is chosen before the start."""
    long_prompt: str = ""
    """The prompt in place of one that is too long for an argument; it names ``{prompt_file}``."""
    dash_prompt: str = ""
    """The prefix for a prompt that begins with a dash, which the tool would take for an option."""
    permissions: dict[str, tuple[str, ...]] = {}
    """The arguments for ``read`` (look only), ``edit`` (change files) and ``full`` (run anything)."""
    environment: dict[str, str] = {}
    unset: tuple[str, ...] = ()
    """Variables that the tool must not inherit."""
    write: dict[str, str] = {}
    """Files that are written before the start: name → text. ``{file:NAME}`` is the path."""
    reports: dict[str, str] = {}
    """Files that the tool writes: source of rules → name. ``{file:NAME}`` is the path."""
    leftovers: tuple[str, ...] = ()
    """Patterns of files that the tool leaves in the work tree and that are no work (as in .gitignore)."""


class Interactive(msgspec.Struct, frozen=True, kw_only=True):
    """The way a person works with a tool in a terminal. Words in braces are replaced: ``{prompt}``, ``{session}``."""

    arguments: tuple[Piece, ...] = ()
    """The arguments of a fresh session. With ``{session}`` in them the tool takes a UUID that is chosen before."""
    prompt: tuple[Piece, ...] = ()
    """The arguments after those that give it the first ``{prompt}``; empty: it is typed once the tool is ready."""
    resume: tuple[Piece, ...] = ()
    """The arguments that go on with ``{session}``; empty: it can't."""
    continue_last: tuple[Piece, ...] = ()
    """The arguments that go on with the last session of the folder; empty: it can't."""
    tells: bool = False
    """It tells its state by itself (OSC 7501)."""


class UsageRule(msgspec.Struct, frozen=True, kw_only=True):
    """What lines of a transcript tell of use. Paths and ``when`` as in LineRule."""

    when: Where = {}
    each: str = ""
    """The rule holds for each entry at this path: all paths below start there."""
    model: tuple[str, ...] = ()
    """The model, of this line's use and, until another is named, of that of later lines."""
    per: Per | None = None
    """Step: of one message; session: of all so far. None: the line tells no use."""
    entry: tuple[str, ...] = ()
    """The parts of the message's name, as many as are there: lines of one message count once, the largest figures."""
    cost: tuple[str, ...] = ()
    """USD. Per session alone it stands for messages whose price is not known."""
    tokens_in: tuple[str, ...] = ()
    tokens_out: tuple[str, ...] = ()
    """All of these are added up."""
    tokens_cached: tuple[str, ...] = ()
    tokens_written: tuple[str, ...] = ()


class SessionDatabase(msgspec.Struct, frozen=True, kw_only=True):
    """Sessions in a database of SQLite. The queries only read."""

    file: str
    """Below the tool's folder."""
    sessions: str
    """The id, folder and beginning (seconds since 1970) of each session that is no part of another, the newest ones
    first: those of a ``:folder``, or all where that is empty.
    """
    messages: str
    """JSON objects with the use of a ``:session`` from ``:since`` (seconds since 1970) on."""


class Sessions(msgspec.Struct, frozen=True, kw_only=True):
    """The place where a tool keeps the sessions of a person with it, and the way to read them."""

    home: tuple[str, ...]
    """The tool's folder: the first of these whose variables (``$NAME`` in front) are set; ``~`` is the home folder."""
    files: str = ""
    """The transcripts below it, of JSON on each line; ``*`` is any name of one file or folder."""
    parts: str = ""
    """Further transcripts of ``{session}`` below the folder of its own, such as those of agents it sent out."""
    when: Where = {}
    """A line that names its session has these values, unless it is one of a part."""
    session: tuple[str, ...] = ()
    """Paths to the id, in the first lines of a transcript."""
    folder: tuple[str, ...] = ()
    """Paths to the folder in which it works."""
    folder_file: str = ""
    """A file that holds that folder instead; the path starts at the transcript's folder."""
    began: tuple[str, ...] = ()
    """Paths to the time of its beginning, likewise."""
    time: tuple[str, ...] = ("timestamp",)
    """Paths to the time of each line; one without any is as old as the one before."""
    running: str = ""
    """A file below the tool's folder that says which session the process ``{pid}`` has: in JSON, or by the name that
    ``*`` stands for.
    """
    cached_in_input: bool = False
    """Whether ``tokens_in`` counts the cached and written tokens too."""
    usage: tuple[UsageRule, ...] = ()
    database: SessionDatabase | None = None
    """In place of the files."""


class Adapter(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known about one tool."""

    name: str
    title: str
    program: str = ""
    """Its name on the PATH; empty: the mission names the command."""
    install: str = ""
    """The way for a person to install it."""
    tried: str = ""
    """The versions it has been run with; empty: none."""
    untried: tuple[str, ...] = ()
    """The parts that could not be tried with the real tool."""
    command: CommandLine = CommandLine()
    output: Output
    loop: LoopLimits = LoopLimits()
    interactive: Interactive | None = None
    """None: a person does not work with it in a terminal."""
    sessions: Sessions | None = None
    """None: what it keeps of them is not known."""
    marks: Marks = Marks()
    hooks: Hooks = Hooks()
    lines: tuple[LineRule, ...] = ()
    origin: str = ""
    """The file it was read from."""
