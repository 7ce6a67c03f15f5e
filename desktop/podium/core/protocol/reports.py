"""Reports of a session to its window. Over a worker's stdout these are the messages worker → window."""

from collections.abc import Sequence
from enum import IntEnum, StrEnum
from typing import Annotated, Final

import msgspec

from podium.core.protocol.attention import (
    AgentScreen,
    AnsweredReport,
    PromptReport,
    PromptSaid,
    StatusSaid,
)
from podium.core.protocol.command_reports import FailedReport, RanOutputReport, RanReport
from podium.core.protocol.frames import AttributeEntry, Cursor, Frame, Line
from podium.core.protocol.images import ImageReport
from podium.core.protocol.marks import ShellCommand
from podium.core.protocol.requests import MAX_FOLDER_LINES

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


class StaleReport(msgspec.Struct, frozen=True, tag="stale"):
    """The lines that were asked about have other numbers by now: ask again when a frame has said which."""

    request: int


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


class ClipboardReport(msgspec.Struct, frozen=True, tag="clipboardWrite"):
    """The program asks to write ``text`` (OSC 52), at most 192 KiB of it, and four times a second at most.

    ``selection`` is "c" for the clipboard, "p" for the primary selection, or "cp". Only on the person's leave.
    """

    selection: str
    text: str


class ProgressState(IntEnum):
    """ConEmu's states of a program's progress."""

    NONE = 0
    NORMAL = 1
    ERROR = 2
    UNKNOWN = 3
    """It works, and nobody knows how long."""
    PAUSED = 4


class ProgressReport(msgspec.Struct, frozen=True, tag="progress"):
    """How far the program is with what it does (OSC 9;4); ``percent`` is 0–100. At most ten a second."""

    state: ProgressState = ProgressState.NONE
    percent: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0


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


class Match(msgspec.Struct, frozen=True, array_like=True, gc=False, order=True):
    """The cells of a match: from ``column`` of the absolute ``line`` up to, not including, ``end_column`` of
    ``end_line``; the lines between belong to it with all columns.
    """

    line: int
    column: int
    end_line: int
    end_column: int


MAX_MATCHES: Final = 10_000
"""The most matches one report holds, and one search shows; beyond that they are counted."""


class FoundReport(msgspec.Struct, frozen=True, tag="found"):
    """All that a Find knows by now about the absolute lines from ``first`` to ``stop`` (exclusive; None: to the end).

    ``matches`` take the place of all earlier ones there; when there are more than MAX_MATCHES, they are the newest.
    """

    request: int
    line_epoch: int
    alternate: bool
    """These are lines of the alternate screen."""
    first: int
    stop: int | None
    matches: Annotated[tuple[Match, ...], msgspec.Meta(max_length=MAX_MATCHES)]
    total: int
    """Matches in all lines that were searched."""
    lines: int
    """Lines that were searched, as the terminal shows them."""
    complete: bool
    """All lines were."""


MAX_FOUND_TEXT: Final = 500
"""Characters of a line that was found."""
_BEFORE_MATCH: Final = 100
"""Of those, characters in front of the first match."""


class FoundLine(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A line with matches, as it was before the terminal wrapped it; ``number`` is the absolute one of its first row.

    ``text`` is at most 500 characters with the first match among them, ``spans`` where the matches are in it.
    """

    number: int
    text: str
    spans: tuple[tuple[int, int], ...]


def found_line(number: int, text: str, spans: Sequence[tuple[int, int]]) -> FoundLine:
    """A FoundLine of a line of any length, with its matches from the left."""
    start = min(max(0, spans[0][0] - _BEFORE_MATCH), max(0, len(text) - MAX_FOUND_TEXT))
    text = text[start : start + MAX_FOUND_TEXT]
    moved = [(first - start, min(end - start, len(text))) for first, end in spans]
    return FoundLine(number, text, tuple(span for span in moved if span[0] < len(text)))


class FoundLinesReport(msgspec.Struct, frozen=True, tag="foundLines"):
    """Lines in answer to FindLines, newest first."""

    request: int
    line_epoch: int
    lines: Annotated[tuple[FoundLine, ...], msgspec.Meta(max_length=MAX_REPORTED_LINES)]
    total: int
    """Matches so far; in the last report all of them."""
    more: bool = False


class ForegroundReport(msgspec.Struct, frozen=True, tag="foregroundReply"):
    """The terminal's foreground job, in answer to ForegroundWanted.

    ``job`` is its command line, at most 80 characters; "" while there is nothing but a shell at its prompt.
    ``itself`` says that it is the program that was started, and not one that a shell runs. ``tool`` is the first of the
    tools that were asked for which is among it, "" for none.
    """

    request: int
    job: str = ""
    itself: bool = False
    tool: str = ""


class FoldersReport(msgspec.Struct, frozen=True, tag="foldersReply"):
    """The folder of each line that FoldersWanted named, in their order; "" where it is not known."""

    request: int
    folders: Annotated[tuple[str, ...], msgspec.Meta(max_length=MAX_FOLDER_LINES)] = ()


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
    | ImageReport
    | StaleReport
    | CommandsReport
    | FailedReport
    | RanReport
    | RanOutputReport
    | CommandEndedReport
    | BellReport
    | NoticeReport
    | ClipboardReport
    | ProgressReport
    | ExitedReport
    | ScreenReport
    | SubmittedReport
    | MatchedReport
    | WatchingReport
    | TappedReport
    | ForegroundReport
    | FoundReport
    | FoundLinesReport
    | FoldersReport
    | OutputReport
    | AgentScreen
    | StatusSaid
    | PromptSaid
    | AnsweredReport
    | PromptReport
)
