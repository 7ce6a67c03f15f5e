"""The public form of one cell."""

import msgspec

from podium.core.protocol.frames import DEFAULT_COLOR, RGB_FLAG, Attributes, Style
from podium.terminal.screen.attributes import CellStyle

Color = int | str


class Cell(msgspec.Struct, frozen=True):
    """``char`` is "" for the right half of a wide character and " " for a blank.

    ``fg``, ``bg`` and ``underline_color`` are "default", a palette index 0–255 or "#rrggbb".
    ``underline``: 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed.
    """

    char: str
    fg: Color = "default"
    bg: Color = "default"
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: int = 0
    underline_color: Color = "default"
    blink: bool = False
    reverse: bool = False
    hidden: bool = False
    strike: bool = False
    overline: bool = False
    link: str = ""


def _color(color: int) -> Color:
    if color == DEFAULT_COLOR:
        return "default"
    if color & RGB_FLAG:
        return f"#{color & 0xFFFFFF:06x}"
    return color


def make_cell(char: str, cell_style: CellStyle) -> Cell:
    """The public form of one cell."""
    a: Attributes = cell_style.attributes
    style = a.style
    return Cell(
        char,
        _color(a.foreground),
        _color(a.background),
        bool(style & Style.BOLD),
        bool(style & Style.DIM),
        bool(style & Style.ITALIC),
        a.underline,
        _color(a.underline_color),
        bool(style & Style.BLINK),
        bool(style & Style.REVERSE),
        bool(style & Style.HIDDEN),
        bool(style & Style.STRIKE),
        bool(style & Style.OVERLINE),
        a.link,
    )
