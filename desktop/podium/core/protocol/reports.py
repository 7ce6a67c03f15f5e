"""Reports of a session to its window. Over a worker's stdout these are the messages worker → window."""

from enum import StrEnum
from typing import Annotated, Final

import msgspec

from podium.core.protocol.frames import AttributeEntry, Cursor, Frame, Line
from podium.core.protocol.marks import ShellCommand

MAX_REPORTED_LINES: Final = 2000
"""The most lines one answer holds."""


class ProgramState(StrEnum):
    """The program in the PTY, apart from the worker's own state."""

    IDLE = "idle"
    RUNNING = "running"
    STOPPING = "stopping"
    EXITED = "exited"


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The worker has read its Init and serves requests."""

    pid: int
    version: str


class Pong(msgspec.Struct, frozen=True, tag="pong"):
    number: int


class StatusReport(msgspec.Struct, frozen=True, tag="status"):
    """The program's state changed. ``program_pid`` is 0 when none runs."""

    state: ProgramState
    program_pid: int = 0
    title: str = ""
    waiting_for: str = ""
    """While stopping: the processes that hold it up, for people."""


class EventReport(msgspec.Struct, frozen=True, tag="event"):
    """An event line of the program, still in its wire form; core.events makes it a typed value."""

    name: str
    data: dict[str, object] = {}


class AcknowledgedReport(msgspec.Struct, frozen=True, tag="acknowledged"):
    """The program says that it has understood a Control of this number, and is carrying it out."""

    request: int


class ErrorReport(msgspec.Struct, frozen=True, tag="error"):
    """A request that could not be carried out, in words for a person. Nothing else changed."""

    message: str
    request: int | None = None


class LinesReport(msgspec.Struct, frozen=True, tag="linesReply"):
    """Lines in answer to LinesWanted, from absolute number ``first`` on; fewer than asked where none are kept.

    ``attributes`` defines every attribute number these lines use, apart from the frame's table.
    """

    request: int
    line_epoch: int
    first: int
    lines: Annotated[tuple[Line, ...], msgspec.Meta(max_length=MAX_REPORTED_LINES)]
    attributes: tuple[AttributeEntry, ...]
    more: bool = False


class TextReport(msgspec.Struct, frozen=True, tag="textReply"):
    request: int
    text: str
    more: bool = False


class CommandsReport(msgspec.Struct, frozen=True, tag="commandsReply"):
    """Commands of a marking shell, from the oldest on. Line numbers hold within ``line_epoch``."""

    request: int
    line_epoch: int
    commands: Annotated[tuple[ShellCommand, ...], msgspec.Meta(max_length=MAX_REPORTED_LINES)] = ()


class CommandEndedReport(msgspec.Struct, frozen=True, tag="commandEnded"):
    """A command of a marking shell that took a second or more has ended.

    ``command`` is its command line in one line, at most 200 characters; "" when it is not known.
    """

    seconds: float
    exit_code: int | None = None
    command: str = ""


class BellReport(msgspec.Struct, frozen=True, tag="bell"):
    """The program rang the bell (at most one report a second)."""


class NoticeReport(msgspec.Struct, frozen=True, tag="notice"):
    """The program asked for a notification (OSC 9, 99, 777): sanitised, at most 256 characters each."""

    title: str
    body: str


class ProcessLeft(msgspec.Struct, frozen=True):
    """A process that lives on; ``started`` is its ``process_identity.identity``, so that it is found again for good."""

    pid: int
    started: str


class ExitedReport(msgspec.Struct, frozen=True, tag="exited"):
    """The program ended: with ``code``, by ``signal``, or it could not start, then ``reason`` says why."""

    code: int | None = None
    signal: int | None = None
    reason: str = ""
    killed: str = ""
    """Processes that had to be killed because they did not end when asked, for people."""
    folder: str = ""
    """A shell's folder when it was asked to end; "" when that is not known."""
    left: tuple[ProcessLeft, ...] = ()
    """Descendants that do not end with the program and live on, where its worker can find them all."""


class ScreenReport(msgspec.Struct, frozen=True, tag="screenReply"):
    """The visible screen in answer to ScreenWanted, apart from the frames; its rows come as a LinesReport."""

    request: int
    columns: int
    lines: int
    cursor: Cursor
    modes: int
    line_epoch: int
    first_line: int
    """Absolute number of the top row."""
    oldest_line: int
    title: str = ""


class SubmittedReport(msgspec.Struct, frozen=True, tag="submitted"):
    """All of a SendText was typed, its Return too."""

    request: int


class MatchedReport(msgspec.Struct, frozen=True, tag="matched"):
    """A Watch found its text and is over. ``text`` is what matched, at most 1,024 characters."""

    request: int
    text: str = ""


class WatchingReport(msgspec.Struct, frozen=True, tag="watching"):
    """The pattern of a Watch was accepted, and is looked out for from now on."""

    request: int


class TappedReport(msgspec.Struct, frozen=True, tag="tapped"):
    """Raw output for a Tap. ``redraw`` marks bytes that redraw the whole screen."""

    request: int
    data: bytes
    redraw: bool = False


class ForegroundReport(msgspec.Struct, frozen=True, tag="foregroundReply"):
    """The terminal's foreground job, in answer to ForegroundWanted.

    ``job`` is its command line, at most 80 characters; "" while there is nothing but a shell at its prompt.
    ``itself`` says that it is the program that was started, and not one that a shell runs.
    """

    request: int
    job: str = ""
    itself: bool = False


class OutputReport(msgspec.Struct, frozen=True, tag="output"):
    """The program printed ``size`` bytes since the last such report, at most one a second. ``line`` is the last line of
    the screen with text, at most 256 characters.
    """

    size: int
    line: str = ""


Report = (
    Ready
    | Pong
    | StatusReport
    | EventReport
    | AcknowledgedReport
    | ErrorReport
    | Frame
    | LinesReport
    | TextReport
    | CommandsReport
    | CommandEndedReport
    | BellReport
    | NoticeReport
    | ExitedReport
    | ScreenReport
    | SubmittedReport
    | MatchedReport
    | WatchingReport
    | TappedReport
    | ForegroundReport
    | OutputReport
)
