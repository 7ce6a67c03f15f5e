"""Terminals: screens, scrollback, input, waiting, sizes and signals."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from podium.attention.signals import AttentionState
from podium.control.api.limits import DEFAULT_WAIT, MAX_WAIT
from podium.control.api.route import INSTANCE_PATH, UNKNOWN_INSTANCE, Route
from podium.control.api.scope import Access
from podium.control.api.shapes import Answer, Done, InstanceCall, Payload, Text
from podium.core.protocol.frames import Attributes

Columns = Annotated[int, Meta(ge=2, le=1000)]
Lines = Annotated[int, Meta(ge=1, le=1000)]
LineNumber = Annotated[int, Meta(ge=0, le=2**53)]
"""An absolute line number; up to here every JSON reader counts exactly."""


class GetScreen(InstanceCall, frozen=True):
    attributes: bool = False
    """Also say how the text looks."""


class GetScrollback(InstanceCall, frozen=True):
    """Lines by their absolute numbers, ``to`` exclusive; by default the last 200 above the screen."""

    first: LineNumber | None = msgspec.field(default=None, name="from")
    to: LineNumber | None = None
    attributes: bool = False


class SendInput(InstanceCall, frozen=True):
    """Either ``text``, typed as it is (a new line is the Return key), or ``keys`` in Qt's notation: ``Ctrl+C``.

    ``paste``: the text is pasted if the program knows pastes (mode 2004), so that its lines stay together. ``submit``:
    so it is, and Return follows as a key of its own, once the program has read the text and its screen was still for
    a moment; answered when Return was pressed.
    """

    text: Text | None = None
    paste: bool = False
    submit: bool = False
    keys: Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=1024)] | None = None


class Wait(InstanceCall, frozen=True):
    """One of: ``text``, a regular expression that is looked for on the screen and in what scrolls off it;
    ``state``, an instance's state; ``attention``, a state of its ``attention``; ``exit``, the program's end, also of
    one that is run again; ``quiet``, so many seconds without output; ``begun``: its program has begun to work, waits
    for a person, or has ended.

    With ``new`` only text counts that was drawn since something was last sent over the API, or the program started;
    neither what stood there before, nor what was sent. False: all text counts. Null: as with ``new``; but after more
    than 128 KiB of output all text counts again, where with ``new`` only that does which comes from then on.
    """

    text: Annotated[str, Meta(min_length=1, max_length=1024)] | None = None
    new: bool | None = None
    state: str | None = None
    attention: AttentionState | None = None
    exit: bool = False
    begun: bool = False
    quiet: Annotated[float, Meta(ge=0, le=MAX_WAIT)] | None = None
    timeout: Annotated[float, Meta(ge=0, le=MAX_WAIT)] = DEFAULT_WAIT


class ResizeTerminal(InstanceCall, frozen=True, kw_only=True):
    columns: Columns
    lines: Lines


class SignalProgram(InstanceCall, frozen=True, kw_only=True):
    """A signal by name (``SIGINT``) or number, for the job in the foreground of the terminal."""

    signal: Annotated[str, Meta(max_length=16)] | Annotated[int, Meta(ge=0, le=255)]


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
    def of(cls, text: str, columns: int, attributes: Attributes) -> "StyledRun":
        return cls(
            text=text,
            columns=columns,
            foreground=attributes.foreground,
            background=attributes.background,
            style=attributes.style,
            underline=attributes.underline,
            underline_color=attributes.underline_color,
            link=attributes.link,
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


class SessionOutput(Payload, frozen=True):
    """The program printed ``bytes`` bytes since the last such event, at most one a second; ``line`` is the last line
    of the screen with text.
    """

    bytes: int
    line: str = ""


_NO_SESSION: Final = {409: "It has no session to ask; start it first.", **UNKNOWN_INSTANCE}

ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "GET",
        f"{INSTANCE_PATH}/screen",
        GetScreen,
        ScreenInfo,
        Access.READ,
        "What an instance's screen shows.",
        _NO_SESSION,
    ),
    Route(
        "GET",
        f"{INSTANCE_PATH}/scrollback",
        GetScrollback,
        ScrollbackInfo,
        Access.READ,
        "Lines of an instance's scrollback and screen; at most 2,000 at once.",
        _NO_SESSION,
    ),
    Route(
        "POST",
        f"{INSTANCE_PATH}/input",
        SendInput,
        Done,
        Access.WRITE,
        "Type text, or press keys.",
        {409: "It has no program that reads.", **UNKNOWN_INSTANCE},
    ),
    Route(
        "POST",
        f"{INSTANCE_PATH}/wait",
        Wait,
        Waited,
        Access.READ,
        "Wait for text, a state, the end of the program, or silence.",
        {408: "It timed out.", **UNKNOWN_INSTANCE},
    ),
    Route(
        "POST",
        f"{INSTANCE_PATH}/resize",
        ResizeTerminal,
        Done,
        Access.WRITE,
        "Change the size of an instance's terminal. A pane that shows it sets its own size at its next change.",
        UNKNOWN_INSTANCE,
    ),
    Route(
        "POST",
        f"{INSTANCE_PATH}/signal",
        SignalProgram,
        Done,
        Access.WRITE,
        "Send a signal to the foreground job of an instance's terminal.",
        {409: "It has no program.", **UNKNOWN_INSTANCE},
    ),
)

EVENTS: Final[dict[str, type[Payload]]] = {
    "session:output": SessionOutput,
}
