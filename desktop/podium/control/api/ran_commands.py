"""The commands that an instance's shell has run at its prompts: a list, what each printed, and running another."""

from typing import Annotated, Final

from msgspec import Meta

from podium.control.api.route import INSTANCE_PATH, UNKNOWN_INSTANCE, Route
from podium.control.api.scope import Access
from podium.control.api.shapes import Answer, Done, InstanceCall
from podium.core.protocol.command_reports import MAX_COMMAND_LINE, MAX_RAN
from podium.core.protocol.marks import RanCommand

NEWEST: Final = "last"
_Number = Annotated[int, Meta(ge=1, le=2**53)]
_Which = Annotated[str, Meta(pattern=f"^({NEWEST}|[1-9][0-9]{{0,14}})$")]


class ListRan(InstanceCall, frozen=True, kw_only=True):
    """The newest ``limit`` commands; with ``before`` of those with a number below it."""

    before: _Number | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_RAN)] = 100


class GetOutput(InstanceCall, frozen=True, kw_only=True):
    """``command`` is a number of the list, or ``last``."""

    command: _Which


class RunLine(InstanceCall, frozen=True, kw_only=True):
    """A command line for a shell that is at its marked prompt with nothing typed there: it is typed, and Return
    pressed.
    """

    text: Annotated[str, Meta(min_length=1, max_length=MAX_COMMAND_LINE)]


class RanInfo(Answer, frozen=True):
    """A command that was run. ``number`` counts from 1 for as long as the session lasts, ``line`` is the absolute
    number of its prompt's first line, ``startedAt`` in seconds since 1970. ``command`` is its command line, at most
    1,000 characters; ``state`` is ``running`` or ``ended``; the exit code is null where the shell did not tell it.
    """

    number: int
    line: int
    command: str
    folder: str
    state: str
    exit_code: int | None
    started_at: float | None
    seconds: float | None

    @classmethod
    def of(cls, ran: RanCommand) -> "RanInfo":
        return cls(
            number=ran.number,
            line=ran.line,
            command=ran.text,
            folder=ran.folder,
            state=ran.state.value,
            exit_code=ran.exit_code,
            started_at=ran.began,
            seconds=ran.seconds,
        )


class RanList(Answer, frozen=True):
    """The oldest of them first, and whether there are ``older`` ones. Line numbers hold within one ``lineEpoch``. An
    instance whose shell marks no prompts has none.
    """

    commands: tuple[RanInfo, ...]
    older: bool
    line_epoch: int


class RanOutput(RanInfo, frozen=True):
    """``command`` is the whole command line here. ``text`` is what it printed, as it stands on the screen and above it:
    the newest 10,000 lines and 1 MiB, without the ``leftOut`` lines before them.
    """

    text: str
    left_out: int


_NO_SESSION: Final = {409: "It has no session to ask; start it first.", **UNKNOWN_INSTANCE}

ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "GET",
        f"{INSTANCE_PATH}/commands",
        ListRan,
        RanList,
        Access.READ,
        "The commands that an instance's shell has run, as far as they are kept.",
        _NO_SESSION,
    ),
    Route(
        "GET",
        f"{INSTANCE_PATH}/commands/{{command}}/output",
        GetOutput,
        RanOutput,
        Access.READ,
        "What one of these commands has printed.",
        {**_NO_SESSION, 404: "There is no such instance, or it keeps no such command."},
    ),
    Route(
        "POST",
        f"{INSTANCE_PATH}/run",
        RunLine,
        Done,
        Access.WRITE,
        "Run a command line at a shell's prompt.",
        {409: "Its shell is not at a marked prompt, or something is typed there.", **UNKNOWN_INSTANCE},
    ),
)
