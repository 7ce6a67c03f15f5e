"""Requests of a window to a session. Over a worker's stdin these are the messages window → worker.

Requests that expect an answer carry ``request``; the answering report repeats it.
"""

from enum import IntEnum, IntFlag, StrEnum
from typing import Annotated

import msgspec

from podium.core.instances import StopMethod, TerminalName
from podium.core.protocol.attention import AgentRequest
from podium.core.protocol.command_requests import CommandRequest
from podium.core.protocol.finding import FindRequest
from podium.core.protocol.frames import PALETTE_SELECTION, Places
from podium.core.protocol.images import AllowGraphics, ImageWanted
from podium.core.themes import CUBE_AND_GREYS

MAX_WATCHES = 64
"""Watches of one session at a time."""
MAX_INPUT_BYTES = 1 << 20
"""At most this much may wait in front of a program that does not read; more is refused with an ErrorReport."""

_SPECIAL = frozenset("\\.^$*+?{}[]()|")
"""Characters that mean something in a regular expression."""


class Modifier(IntFlag):
    """Held keys and locks that are on. KEYPAD is true for keys of the numeric keypad."""

    SHIFT = 1
    ALT = 2
    CONTROL = 4
    META = 8
    KEYPAD = 16
    CAPS_LOCK = 64
    NUM_LOCK = 128


class KeyAction(IntEnum):
    PRESS = 1
    REPEAT = 2
    RELEASE = 3


class MouseAction(IntEnum):
    PRESS = 0
    RELEASE = 1
    MOVE = 2
    WHEEL = 3


class MouseButton(IntEnum):
    """For a WHEEL action the button says the direction."""

    NONE = 0
    LEFT = 1
    MIDDLE = 2
    RIGHT = 3
    WHEEL_UP = 4
    WHEEL_DOWN = 5
    WHEEL_LEFT = 6
    WHEEL_RIGHT = 7
    BACK = 8
    FORWARD = 9
    EXTRA_10 = 10
    EXTRA_11 = 11


class TreePolicy(StrEnum):
    """The processes that end with the program: its whole tree, or only its terminal session."""

    TREE = "tree"
    SESSION = "session"


class Init(msgspec.Struct, frozen=True, tag="init"):
    """First message to a worker: who it serves and how.

    ``marker`` is this worker process's own: by it the window finds the programs that a dead worker left behind.
    ``scrollback`` is how many lines are kept above the screen; those that are too many for memory go to a file without
    a name in the folder ``archive`` ("" for none).
    ``keep`` is the file for what its screen shows ("" for none; see KeepScreen), ``restore`` whether what that file
    holds is printed again, dimmed, before the first program starts.
    """

    instance: str
    columns: int = 80
    lines: int = 24
    scrollback: int = 10_000
    marker: str = ""
    keep: str = ""
    restore: bool = False
    archive: str = ""


class Start(msgspec.Struct, frozen=True, tag="start"):
    """Run a program in the PTY. ``environment`` is the whole environment, not an addition. Where ``folder`` is gone, it
    runs in ``other_folder`` if one is given.

    ``tree`` says what *stop* ends, ``stop`` how the program is asked to. ``memory_max_mib`` (MiB) and ``cpu_percent``
    (% of one CPU) are limits, 0 for none; where there can be none, an ErrorReport says so and it runs without.
    Answered by a StatusReport, or an
    ExitedReport with a reason if it can't start.
    """

    argv: tuple[str, ...]
    folder: str
    environment: dict[str, str] = {}
    tree: TreePolicy = TreePolicy.TREE
    stop: StopMethod = StopMethod()
    memory_max_mib: int = 0
    cpu_percent: int = 0
    other_folder: str = ""
    terminal: TerminalName = TerminalName.XTERM


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """End the program: asked to end first, killed with its tree after ``grace`` seconds. The session stays."""

    grace: float = 5.0


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    number: int


class Shutdown(msgspec.Struct, frozen=True, tag="shutdown"):
    """End the program as with Stop, then the worker itself, with exit status 0."""

    grace: float = 5.0


class KeyInput(msgspec.Struct, frozen=True, tag="key"):
    """A key as the keyboard gave it; the session encodes it with its current modes.

    ``key`` is Qt's name without ``Key_`` ("Up", "Return", "A", "BracketLeft"), the capital letter itself where Qt
    has no name for it ("Ж"), and "" for text that no key is known for. Modifier keys on the right end in ``_R``
    ("Shift_R"). ``text`` is what the layout types ("" when nothing), ``modifiers`` Modifier flags, ``action`` a
    KeyAction, ``base`` the character a US keyboard has at the same place ("" when unknown). ``newline_in`` names tools
    for which it is a new line: while one of them runs it is sent as ESC CR, or as Shift+Return if the tool asked for a
    keyboard protocol.

    Releases are sent while ScreenMode.KEY_RELEASES is on, modifier keys by themselves while KEY_ALL is.
    """

    key: str
    text: str = ""
    modifiers: int = 0
    action: int = KeyAction.PRESS
    base: str = ""
    newline_in: tuple[str, ...] = ()


class MouseInput(msgspec.Struct, frozen=True, tag="mouse"):
    """A mouse event at a cell (from 0). Sent only while the program tracks the mouse.

    ``pixel_x`` and ``pixel_y`` count from the text's top left corner, from 0; -1 where they are not known. A window
    gives them while ScreenMode.MOUSE_PIXELS is on.
    """

    action: int
    button: int
    x: int
    y: int
    modifiers: int = 0
    pixel_x: int = -1
    pixel_y: int = -1


class Paste(msgspec.Struct, frozen=True, tag="paste"):
    """Text from the clipboard; the session strips controls and brackets it when the program asked for that."""

    text: str


class FocusInput(msgspec.Struct, frozen=True, tag="focus"):
    focused: bool


class SendText(msgspec.Struct, frozen=True, tag="sendText"):
    """Text from a program: pasted where the terminal's program asked for bracketed paste (mode 2004), else typed.

    With ``submit`` Return follows as a key of its own, once the program has read the text and its screen was still
    for a moment: in one burst it would be taken for a part of the paste. Other input waits until then. Answered by a
    SubmittedReport when all was typed, or by an ErrorReport that says what was not.
    """

    request: int
    text: str = ""
    submit: bool = False


class InputMark(msgspec.Struct, frozen=True, tag="inputMark"):
    """A program has typed: for watches that look for new text alone, all text drawn until now is old."""


class RawInput(msgspec.Struct, frozen=True, tag="input"):
    """Bytes for the program as they are (of an input method, of the API). ``mark``: an InputMark in the same moment."""

    data: bytes
    mark: bool = False


class Resize(msgspec.Struct, frozen=True, tag="resize"):
    """The terminal's size, and that of a cell in pixels of the screen (0 when unknown)."""

    columns: int
    lines: int
    cell_width: int = 0
    cell_height: int = 0


Rgb = Annotated[int, msgspec.Meta(ge=0, le=0xFFFFFF)]
"""0xRRGGBB."""


class KeepLines(msgspec.Struct, frozen=True, tag="keepLines"):
    """How many lines the session keeps above its screen from now on; of more, the oldest go."""

    lines: Annotated[int, msgspec.Meta(ge=0)]


class SetColors(msgspec.Struct, frozen=True, tag="colors"):
    """The colours that the terminal is shown in: for programs that ask, and those that are told of dark and light.

    ``ansi`` is the palette from 0 to 15. Sent before a program starts, and when the theme or the appearance changes.
    """

    foreground: Rgb
    background: Rgb
    cursor: Rgb
    selection: Rgb
    ansi: tuple[Rgb, ...]
    dark: bool

    def palette(self) -> dict[int, int]:
        """The 256 colours and that of the selection, by palette key."""
        return {**dict(enumerate((*self.ansi[:16], *CUBE_AND_GREYS))), PALETTE_SELECTION: self.selection}


class SetBidi(msgspec.Struct, frozen=True, tag="bidi"):
    """The direction of lines of which a program says nothing, as Bidi flags, and whether it may say anything."""

    flags: int = 0
    allowed: bool = True


class AllowClipboard(msgspec.Struct, frozen=True, tag="clipboard"):
    """Whether a ClipboardReport may come to anything; without it the terminal does not promise a clipboard."""

    allowed: bool


class Acknowledge(msgspec.Struct, frozen=True, tag="ack"):
    """Frame ``number`` is applied; the session may send the next. A hidden pane just waits with this."""

    number: int


class Follow(msgspec.Struct, frozen=True, tag="follow"):
    """Keep an eye on ``places``, instead of those before: after a reflow, the first frame says where they went.

    They hold within ``line_epoch``. A session that is in another one by now leaves it at those before.
    """

    number: int
    line_epoch: int
    places: Places = ()


class LinesWanted(msgspec.Struct, frozen=True, tag="lines"):
    """Ask for ``count`` lines from absolute number ``first`` on (scrollback or screen)."""

    request: int
    first: int
    count: int


class TextWanted(msgspec.Struct, frozen=True, tag="text"):
    """Ask for plain text from (line, column) to (line, column) inclusive, in absolute line numbers.

    With no ends it is the visible screen. Wrapped lines are joined; blanks at line ends are dropped. Answered by a
    TextReport, or by a StaleReport where the numbers are of another ``line_epoch``.
    """

    request: int
    first: tuple[int, int] | None = None
    last: tuple[int, int] | None = None
    block: bool = False
    line_epoch: int | None = None


class ClearScrollback(msgspec.Struct, frozen=True, tag="clear"):
    """Forget the scrollback; with ``reset`` the screen and all modes go back to their start too."""

    reset: bool = False


class KeepScreen(msgspec.Struct, frozen=True, tag="keep"):
    """Keep the screen and the newest lines in the file ``path`` from now on (core/protocol/saved_screen.py).

    "" keeps nothing any more, and deletes what was kept.
    """

    path: str = ""


class ControlCommand(StrEnum):
    """A request to a program over its control channel."""

    FINISH_ROUND = "finish-round"
    STOP_NOW = "stop-now"
    COMMENT = "comment"
    CONFIG = "config"


class Control(msgspec.Struct, frozen=True, tag="control"):
    """A command for the program's control channel; the program acknowledges it by ``request``."""

    request: int
    command: ControlCommand
    text: str = ""


class ScreenWanted(msgspec.Struct, frozen=True, tag="screen"):
    """Ask for a ScreenReport, and right after it lines as a LinesReport of the same number.

    Without ``first`` those are the screen's rows; else ``count`` lines from absolute number ``first`` on, or, when
    it is negative, of those that many above the screen.
    """

    request: int
    first: int | None = None
    count: int = 0


class Watch(msgspec.Struct, frozen=True, tag="watch"):
    """Look out for ``text``, a regular expression, on the screen and in what scrolls off it, or for ``quiet``
    seconds without output. Answered by one MatchedReport, or an ErrorReport when the pattern makes no sense; before
    that by a WatchingReport when a pattern makes sense.

    With ``new`` only text counts that was drawn since the last mark: the program's start, a SendText, an InputMark;
    without any of them since the watch began. None: so when there is a mark and not too much was printed since.
    """

    request: int
    text: str = ""
    quiet: float | None = None
    new: bool | None = None

    @property
    def has_pattern(self) -> bool:
        """Whether ``text`` means more than itself, so that looking for it takes more than comparing."""
        return not _SPECIAL.isdisjoint(self.text)


class Unwatch(msgspec.Struct, frozen=True, tag="unwatch"):
    request: int


class Tap(msgspec.Struct, frozen=True, tag="tap"):
    """Send the program's raw output as TappedReports, beginning with a redraw of the screen, ``credit`` bytes at most.

    When the credit is used up, output is left out; with new credit the screen is redrawn and output goes on. A slow
    reader thus never holds up the program.
    """

    request: int
    credit: int = 0


class TapCredit(msgspec.Struct, frozen=True, tag="tapCredit"):
    """``credit`` bytes more may come."""

    request: int
    credit: int


class Untap(msgspec.Struct, frozen=True, tag="untap"):
    request: int


class ForegroundWanted(msgspec.Struct, frozen=True, tag="foreground"):
    """Ask what runs in the foreground of the terminal, and which of ``tools`` is among it, by their programs' names.
    Answered by a ForegroundReport.
    """

    request: int
    tools: tuple[str, ...] = ()


MAX_FOLDER_LINES = 1000
"""Lines whose folders are asked for at a time."""


class FoldersWanted(msgspec.Struct, frozen=True, tag="folders"):
    """Ask in which folder each of ``lines``, absolute numbers, was printed. Answered by a FoldersReport."""

    request: int
    lines: Annotated[tuple[int, ...], msgspec.Meta(max_length=MAX_FOLDER_LINES)] = ()


class SendSignal(msgspec.Struct, frozen=True, tag="signal"):
    """Send a signal to the job in the foreground of the terminal."""

    number: int


Request = (
    Init
    | Start
    | Stop
    | Ping
    | Shutdown
    | KeyInput
    | MouseInput
    | Paste
    | FocusInput
    | SendText
    | InputMark
    | RawInput
    | Resize
    | SetColors
    | KeepLines
    | AllowClipboard
    | AllowGraphics
    | SetBidi
    | Acknowledge
    | Follow
    | LinesWanted
    | TextWanted
    | ImageWanted
    | CommandRequest
    | ClearScrollback
    | KeepScreen
    | Control
    | ScreenWanted
    | Watch
    | Unwatch
    | Tap
    | TapCredit
    | Untap
    | ForegroundWanted
    | FoldersWanted
    | SendSignal
    | AgentRequest
    | FindRequest
)
