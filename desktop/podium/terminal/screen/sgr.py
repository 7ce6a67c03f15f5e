"""SGR: from parameter text to a new pen, remembered per pen and text."""

from typing import Final

from podium.core.protocol.frames import DEFAULT_COLOR, RGB_FLAG, Attributes, Style, Underline
from podium.core.protocol.sgr_notation import sgr_parameters
from podium.terminal.screen.attributes import CellStyle, StyleTable
from podium.terminal.screen.state import Terminal

_BOLD: Final = int(Style.BOLD)
_DIM: Final = int(Style.DIM)
_ITALIC: Final = int(Style.ITALIC)
_BLINK: Final = int(Style.BLINK)
_REVERSE: Final = int(Style.REVERSE)
_HIDDEN: Final = int(Style.HIDDEN)
_STRIKE: Final = int(Style.STRIKE)
_OVERLINE: Final = int(Style.OVERLINE)

_SET: Final[dict[int, int]] = {
    1: _BOLD, 2: _DIM, 3: _ITALIC, 5: _BLINK, 6: _BLINK, 7: _REVERSE, 8: _HIDDEN, 9: _STRIKE, 53: _OVERLINE,
}  # fmt: skip
_CLEAR: Final[dict[int, int]] = {
    22: _BOLD | _DIM, 23: _ITALIC, 25: _BLINK, 27: _REVERSE, 28: _HIDDEN, 29: _STRIKE, 55: _OVERLINE,
}  # fmt: skip
_MAX_PARAMETERS: Final = 32
_MAX_REMEMBERED: Final = 64
"""Characters of a parameter text that may come again."""
_LAST_UNDERLINE: Final = int(Underline.DASHED)
_NO_COLOR: Final = -2
"""The result of a broken colour: keep the old one."""


def select(t: Terminal, text: str) -> None:
    """``CSI text m``: change the pen; unknown parameters are skipped."""
    style = t.pen.renditions.get(text)
    if style is None:
        t.make_room_for_styles()
        style = render(t.styles, t.pen, text)
    t.set_pen(style)


def render(table: StyleTable, pen: CellStyle, text: str) -> CellStyle:
    """The style that ``CSI text m`` makes of ``pen``."""
    style = pen.renditions.get(text)
    if style is None:
        style = _compute(table, pen, text)
        if len(text) <= _MAX_REMEMBERED:
            table.remember(pen, text, style)
    return style


def number(text: str) -> int:
    """A parameter as an int, empty as 0, clamped to 65,535."""
    if not text:
        return 0
    if len(text) > 5:
        text = text.lstrip("0") or "0"
        if len(text) > 5:
            return 65535
    return min(int(text), 65535)


def _compute(table: StyleTable, pen: CellStyle, text: str) -> CellStyle:
    old = pen.attributes
    foreground = old.foreground
    background = old.background
    style = old.style
    underline = old.underline
    underline_color = old.underline_color
    parts = text.split(";", _MAX_PARAMETERS)[:_MAX_PARAMETERS]
    size = len(parts)
    i = 0
    while i < size:
        part = parts[i]
        i += 1
        if ":" in part:
            values = part.split(":")
            code = number(values[0])
            if code == 4:
                line = number(values[1])
                if line <= _LAST_UNDERLINE:
                    underline = line
            elif code in (38, 48, 58):
                color = _colon_color(values)
                if color == _NO_COLOR:
                    continue
                if code == 38:
                    foreground = color
                elif code == 48:
                    background = color
                else:
                    underline_color = color
            continue
        code = number(part)
        if code == 0:
            foreground = background = underline_color = DEFAULT_COLOR
            style = underline = 0
        elif code in _SET:
            style |= _SET[code]
        elif code in _CLEAR:
            style &= ~_CLEAR[code]
        elif 30 <= code <= 37:
            foreground = code - 30
        elif 40 <= code <= 47:
            background = code - 40
        elif 90 <= code <= 97:
            foreground = code - 82
        elif 100 <= code <= 107:
            background = code - 92
        elif code == 39:
            foreground = DEFAULT_COLOR
        elif code == 49:
            background = DEFAULT_COLOR
        elif code == 59:
            underline_color = DEFAULT_COLOR
        elif code == 4:
            underline = 1
        elif code == 21:
            underline = 2
        elif code == 24:
            underline = 0
        elif code in (38, 48, 58):
            kind = parts[i] if i < size else ""
            i += 1
            color = _NO_COLOR
            # What is missing at the end counts as 0, as in xterm.
            if ":" in kind:
                # Half in semicolons, half in colons: 38;5:n and 38;2::r:g:b.
                color = _colon_color([part, *kind.split(":")])
            elif number(kind) == 5:
                color = _palette(parts[i].partition(":")[0] if i < size else "0")
                i += 1
            elif number(kind) == 2:
                components: list[str] = []
                while i < size and len(components) < 3:
                    components += parts[i].split(":")
                    i += 1
                red, green, blue = [*components, "0", "0", "0"][:3]
                color = _rgb(red, green, blue)
            if color == _NO_COLOR:
                continue
            if code == 38:
                foreground = color
            elif code == 48:
                background = color
            else:
                underline_color = color
    attributes = Attributes(foreground, background, style, underline, underline_color, old.link)
    return table.intern(attributes, pen.protected)


def _colon_color(values: list[str]) -> int:
    """38:5:n, 38:2:r:g:b and 38:2:colourspace:r:g:b[:…]; an empty component is 0."""
    kind = number(values[1])
    if kind == 5 or len(values) > 4:
        values = [value or "0" for value in values]
    if kind == 5 and len(values) >= 3:
        return _palette(values[2])
    if kind == 2 and len(values) == 5:
        return _rgb(values[2], values[3], values[4])
    if kind == 2 and len(values) >= 6:
        return _rgb(values[3], values[4], values[5])
    return _NO_COLOR


def _palette(text: str) -> int:
    if not text:
        return _NO_COLOR
    value = number(text)
    return value if value <= 255 else _NO_COLOR


def _rgb(red: str, green: str, blue: str) -> int:
    if not (red and green and blue):
        return _NO_COLOR
    r, g, b = number(red), number(green), number(blue)
    if r > 255 or g > 255 or b > 255:
        return _NO_COLOR
    return RGB_FLAG | r << 16 | g << 8 | b


def describe(pen: CellStyle) -> str:
    """The SGR parameters that would make this pen, for DECRQSS."""
    return sgr_parameters(pen.attributes)
