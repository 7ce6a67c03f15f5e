"""Operating system commands about colours: 4 and 5, 10–19, and 104–119, which reset them."""

from typing import Final

from podium.core.protocol.frames import (
    DYNAMIC_COLORS,
    PALETTE_BACKGROUND,
    PALETTE_FOREGROUND,
)
from podium.terminal.parsing import reports
from podium.terminal.parsing.colors import parse_color
from podium.terminal.screen.state import Terminal

INDEXED: Final = 256
"""Colours that a cell can name."""
_SPECIAL_COUNT: Final = 5
"""Bold, underlined, blinking, reversed and italic text: kept and told, but not shown, as in xterm's default."""
_SPECIAL: Final = 266
_DEFAULTS: Final[dict[int, int]] = {
    **{DYNAMIC_COLORS[code]: PALETTE_FOREGROUND for code in (13, 15, 18, 19)},
    **{DYNAMIC_COLORS[code]: PALETTE_BACKGROUND for code in (14, 16)},
    **{_SPECIAL + number: PALETTE_FOREGROUND for number in range(_SPECIAL_COUNT)},
}
"""Palette key → the key whose colour the theme gives it."""


def palette(t: Terminal, code: int, rest: str, whole: bool) -> None:
    """OSC 4 and 5: pairs of a number and a colour, or ``?``. A pair that may be cut off is left out."""
    fields = rest.split(";")
    pairs = len(fields) // 2 if whole else (len(fields) - 1) // 2
    for i in range(pairs):
        key = _numbered(code, fields[2 * i])
        if key >= 0:
            _set_or_tell(t, key, f"{code};{int(fields[2 * i])}", fields[2 * i + 1])


def dynamic(t: Terminal, code: int, rest: str, whole: bool) -> None:
    """OSC 10–19: the first colour is this command's, the next ones those of the commands after it."""
    fields = rest.split(";")
    for offset, field in enumerate(fields if whole else fields[:-1]):
        key = DYNAMIC_COLORS.get(code + offset, -1)
        if key < 0:
            return
        _set_or_tell(t, key, str(code + offset), field)


def reset_palette(t: Terminal, code: int, rest: str) -> None:
    """OSC 104 and 105: the colours of these numbers; without any, all of OSC 4's or 5's."""
    if rest:
        keys = [_numbered(code - 100, field) for field in rest.split(";")]
    elif code == 104:
        keys = list(range(INDEXED))
    else:
        keys = list(range(_SPECIAL, _SPECIAL + _SPECIAL_COUNT))
    for key in keys:
        t.palette.pop(key, None)
    t.change += 1


def reset_dynamic(t: Terminal, code: int) -> None:
    """OSC 110–119."""
    t.palette.pop(DYNAMIC_COLORS[code - 100], None)
    t.change += 1


def known_color(t: Terminal, key: int) -> int:
    """A colour that the program set or the window told; -1 when neither is known."""
    color = t.palette.get(key, -1)
    if color < 0:
        color = t.theme_colors.get(_DEFAULTS.get(key, key), -1)
    return color


def _numbered(code: int, field: str) -> int:
    """The palette key of a number of OSC 4 or 5, -1 for none."""
    if not field.isascii() or not field.isdigit() or len(field) > 3:
        return -1
    number = int(field)
    if code == 4:
        if number < INDEXED:
            return number
        number -= INDEXED
    return _SPECIAL + number if number < _SPECIAL_COUNT else -1


def _set_or_tell(t: Terminal, key: int, name: str, field: str) -> None:
    """``name`` is the front of a reply: numbers that were understood."""
    if field == "?":
        reports.color(t, name, known_color(t, key))
        return
    value = parse_color(field)
    if value >= 0:
        t.palette[key] = value
        t.change += 1
