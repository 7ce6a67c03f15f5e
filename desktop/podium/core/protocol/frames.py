"""The contents of a screen on its way from a session to a window: runs, rows, frames.

A session sends only what changed. Attributes travel once and are then named by number; the numbers hold
within one ``attribute_epoch``. Line numbers are absolute (0 is the first line the session ever had) and hold
within one ``line_epoch``; a reflow starts a new one.
"""

from enum import IntEnum, IntFlag
from typing import Annotated, Final, TypeVar

import msgspec

MAX_SIDE: Final = 1000
"""The most columns, and the most lines, a screen has; a session makes what is asked for smaller."""
_MAX_NEW_ATTRIBUTES: Final = 1 << 16
MAX_PLACES: Final = 8
"""Places that one window follows."""

Row = TypeVar("Row")
# Checked before the rows are made: a message of a few bytes a row could announce very many of them.
Side = Annotated[int, msgspec.Meta(ge=0, le=MAX_SIDE)]
Rows = Annotated[tuple[Row, ...], msgspec.Meta(max_length=MAX_SIDE)]

Place = tuple[int, int]
"""A place in front of a cell: absolute line, column. It may be one past the last column."""
Places = Annotated[tuple[Place, ...], msgspec.Meta(max_length=MAX_PLACES)]

DEFAULT_COLOR: Final = -1
RGB_FLAG: Final = 0x1000000
"""A colour is DEFAULT_COLOR, a palette index 0–255, or RGB_FLAG | 0xRRGGBB."""

PALETTE_FOREGROUND: Final = 256
PALETTE_BACKGROUND: Final = 257
PALETTE_CURSOR: Final = 258
PALETTE_SELECTION: Final = 259
PALETTE_SELECTED_TEXT: Final = 260
"""Keys above 255 in ``Frame.palette`` that are shown."""
DYNAMIC_COLORS: Final = {
    10: PALETTE_FOREGROUND,
    11: PALETTE_BACKGROUND,
    12: PALETTE_CURSOR,
    13: 261,
    14: 262,
    15: 263,
    16: 264,
    17: PALETTE_SELECTION,
    18: 265,
    19: PALETTE_SELECTED_TEXT,
}
"""The key of each dynamic colour, by its OSC. The pointer's (13, 14) and Tektronix's (15, 16, 18) are only kept."""


class Style(IntFlag):
    """Flags of one cell's attributes (SGR)."""

    BOLD = 1
    DIM = 2
    ITALIC = 4
    BLINK = 8
    REVERSE = 16
    HIDDEN = 32
    STRIKE = 64
    OVERLINE = 128


class Underline(IntEnum):
    """Underline styles, numbered as in ``SGR 4:n``."""

    NONE = 0
    SINGLE = 1
    DOUBLE = 2
    CURLY = 3
    DOTTED = 4
    DASHED = 5


class CursorShape(IntEnum):
    """DECSCUSR shapes without their blinking."""

    BLOCK = 0
    UNDERLINE = 1
    BAR = 2


class ScreenMode(IntFlag):
    """The modes that concern a window; all others stay in the session."""

    ALTERNATE_SCREEN = 1
    REVERSE_SCREEN = 2
    BRACKETED_PASTE = 4
    FOCUS_EVENTS = 8
    MOUSE_CLICKS = 16
    MOUSE_DRAG = 32
    MOUSE_MOTION = 64
    ALTERNATE_SCROLL = 128
    """The wheel sends arrow keys while the alternate screen is on (mode 1007)."""
    COLOR_SCHEME_UPDATES = 256
    """The program asked for reports of changes between dark and light (mode 2031)."""
    MOUSE_PIXELS = 2048
    """The program asked for the mouse's position in pixels (mode 1016)."""
    KEY_RELEASES = 512
    """The program asked for key releases too (kitty keyboard flag 2)."""
    KEY_ALL = 1024
    """The program asked for all keys as escape codes, modifier keys by themselves too (kitty keyboard flag 8)."""


MOUSE_MODES: Final = ScreenMode.MOUSE_CLICKS | ScreenMode.MOUSE_DRAG | ScreenMode.MOUSE_MOTION


class Bidi(IntFlag):
    """What a program asked for about the direction of a line; 0 where it asked for nothing."""

    ASKED = 1
    """The others say what it asked for; without this one a setting says it."""
    IMPLICIT = 2
    """The terminal puts letters in the order in which they are shown (mode 8); else the program did."""
    RIGHT_TO_LEFT = 4
    """The line begins at its right end (SCP); with AUTODETECT only where its letters don't say."""
    AUTODETECT = 8
    """Its first letter says at which end the line begins (mode 2501)."""
    MIRROR_BOXES = 16
    """Box drawings face the other way where the line runs from right to left (mode 2500)."""


class Attributes(msgspec.Struct, frozen=True, array_like=True):
    """Attributes of a run of cells. ``style`` holds Style flags, ``underline`` an Underline value.

    ``link`` is the target of an OSC 8 hyperlink ("" for none), already checked by ``core/links/addresses.py``.
    """

    foreground: int = DEFAULT_COLOR
    background: int = DEFAULT_COLOR
    style: int = 0
    underline: int = 0
    underline_color: int = DEFAULT_COLOR
    link: str = ""


DEFAULT_ATTRIBUTES: Final = Attributes()


class Run(msgspec.Struct, frozen=True, array_like=True):
    """Neighbouring cells with the same attributes.

    ``width`` says how the text covers columns. 1 or 2: every code point of ``text`` is that many columns wide.
    -1 or -2: the whole text is one grapheme cluster of 1 or 2 columns (base + combining marks, emoji sequence).
    """

    text: str
    attribute: int = 0
    width: int = 1

    @property
    def columns(self) -> int:
        """The number of columns the run covers."""
        return -self.width if self.width < 0 else len(self.text) * self.width


class Line(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One row from column 0 on. Default blanks at the end are left out; attribute 0 is the default.

    ``wrapped`` is true when the text goes on in the next line because the row was full; with ``filler`` its last
    column is no part of the text, as a wide character did not fit there. Blanks of the text that end a wrapped row are
    left out like others: they reach to the last column, or up to the filler. ``bidi`` holds Bidi flags; all lines of
    a paragraph go by those of its first one.
    """

    runs: tuple[Run, ...] = ()
    wrapped: bool = False
    filler: bool = False
    bidi: int = 0


BLANK_LINE: Final = Line()


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """The cursor's position (columns and rows of the screen, from 0) and appearance."""

    x: int = 0
    y: int = 0
    visible: bool = True
    shape: int = CursorShape.BLOCK
    blinking: bool = False


class AttributeEntry(msgspec.Struct, frozen=True, array_like=True):
    """One new row of the attribute table."""

    number: int
    attributes: Attributes


class ChangedRow(msgspec.Struct, frozen=True, array_like=True):
    """The new content of screen row ``y``."""

    y: int
    line: Line


class MovedRow(msgspec.Struct, frozen=True, array_like=True):
    """Screen row ``y`` now shows what row ``source`` showed in the frame before."""

    y: int
    source: int


class Frame(msgspec.Struct, frozen=True, tag="frame"):
    """The changes on the screen since the frame before.

    Apply in this order: when ``attribute_epoch`` or the size differs from the frame before, forget the table and
    all rows; add ``attributes``; do all ``moved`` at once from the old rows; then set ``changed``.
    A big frame comes in parts with the same number; all but the last have ``more`` set, and only the last one
    is acknowledged.
    """

    number: int
    columns: Side
    lines: Side
    attribute_epoch: int = 0
    attributes: Annotated[tuple[AttributeEntry, ...], msgspec.Meta(max_length=_MAX_NEW_ATTRIBUTES)] = ()
    moved: Rows[MovedRow] = ()
    changed: Rows[ChangedRow] = ()
    cursor: Cursor = Cursor()
    modes: int = 0
    line_epoch: int = 0
    first_line: int = 0
    """Absolute number of the screen's top row."""
    oldest_line: int = 0
    """Absolute number of the oldest line still kept; ``first_line - oldest_line`` lines are scrollback."""
    followed: int = 0
    places: Places = ()
    """In the first frame of a line epoch: the places of the last Follow, whose number is ``followed``, in the new
    numbers and on the text they were on."""
    title: str = ""
    palette: dict[int, int] = {}
    """Colours the program set itself (OSC 4, 10 and so on): palette key → 0xRRGGBB."""
    marks: int = 0
    """Counts the changes of a shell's marks; 0 until there is one. What they are is asked for (CommandsWanted)."""
    more: bool = False
