"""The direction of lines: what a program asks for (ECMA-48, and terminals' BiDi modes), kept on the rows it writes."""

from typing import Final

from podium.core.bidi.levels import base_level
from podium.core.protocol.frames import Bidi
from podium.terminal.screen.row import Row
from podium.terminal.screen.state import Terminal

IMPLICIT_MODE: Final = 8
"""The ANSI mode BDSM: the terminal reorders, not the program."""
SWAP_ARROWS: Final = 1243
"""The DEC private mode in which Left and Right change places where a line runs from right to left."""
MIRROR_BOXES: Final = 2500
AUTODETECT: Final = 2501
BIDI_MODES: Final = (MIRROR_BOXES, AUTODETECT)

SOFT_RESET: Final = "\x1b[!p"
"""Output after which no direction is asked for any more."""

_ASKED: Final = int(Bidi.ASKED)
_IMPLICIT: Final = int(Bidi.IMPLICIT)
_RIGHT_TO_LEFT: Final = int(Bidi.RIGHT_TO_LEFT)
_AUTODETECT: Final = int(Bidi.AUTODETECT)
_FLAGS: Final[dict[int, int]] = {
    IMPLICIT_MODE: _IMPLICIT,
    MIRROR_BOXES: int(Bidi.MIRROR_BOXES),
    AUTODETECT: _AUTODETECT,
}
_MOST_ROWS: Final = 200
"""Rows of a paragraph that are looked at for its direction."""


def set_bidi_mode(t: Terminal, mode: int, on: bool) -> None:
    """BDSM, box mirroring or autodetection, for the cursor's paragraph and what is written from now on."""
    if t.bidi_allowed:
        _ask(t, _FLAGS[mode], on)
        _apply(t, t.y)


def is_bidi_mode_set(t: Terminal, mode: int) -> bool:
    """The same modes as they are in force."""
    return bool((t.bidi or t.default_bidi) & _FLAGS[mode])


def report_bidi_mode(t: Terminal, mode: int) -> int:
    """DECRQM's answer for them: 1 set, 2 reset, 4 permanently reset."""
    if not t.bidi_allowed:
        return 4
    return 1 if is_bidi_mode_set(t, mode) else 2


def select_path(t: Terminal, path: int) -> None:
    """SCP: 2 is from right to left, 1 and 0 from left to right. Others are ignored."""
    if path <= 2 and t.bidi_allowed:
        _ask(t, _RIGHT_TO_LEFT, path == 2)
        _apply(t, t.y)


def select_directions(t: Terminal, directions: int) -> None:
    """SPD, for the whole screen: 3 is from right to left, 0 from left to right. Lines never run upwards."""
    if directions in (0, 3) and t.bidi_allowed:
        _ask(t, _RIGHT_TO_LEFT, directions == 3)
        for y in range(t.lines):
            _apply(t, y)


def set_default(t: Terminal, flags: int, allowed: bool) -> None:
    """The direction of lines of which the program says nothing, as Bidi flags, and whether it may say anything."""
    t.default_bidi = flags & ~_ASKED
    t.bidi_allowed = allowed
    if not allowed:
        t.bidi = 0


def _ask(t: Terminal, flag: int, on: bool) -> None:
    flags = t.bidi or t.default_bidi
    t.bidi = (flags | flag if on else flags & ~flag) | _ASKED
    t.change += 1


def _apply(t: Terminal, y: int) -> None:
    """To the paragraph that begins at row ``y``; what goes on there is a part of one that began in another way."""
    if y > 0 and t.rows[y - 1].wrapped:
        return
    _mark(t, t.rows[y])
    while t.rows[y].wrapped and y + 1 < t.lines:
        y += 1
        _mark(t, t.rows[y])


def mark_row(t: Terminal) -> None:
    """The cursor's row is written to, or is new, while a program has asked for a direction."""
    _mark(t, t.rows[t.y])


def begin_anew(t: Terminal) -> None:
    """Nothing is asked for any more, nor for the cursor's row if nothing is written there yet."""
    t.bidi = 0
    if not t.rows[t.y].text:
        mark_row(t)


def _mark(t: Terminal, row: Row) -> None:
    if row.bidi != t.bidi:
        row.bidi = t.bidi
        row.version += 1


def cursor_runs_left(t: Terminal) -> bool:
    """Whether the cursor's paragraph runs from right to left."""
    y = t.y
    while y > 0 and t.rows[y - 1].wrapped:
        y -= 1
    flags = t.rows[y].bidi or t.default_bidi
    if flags & _IMPLICIT and flags & _AUTODETECT:
        for row in t.rows[y : y + _MOST_ROWS]:
            level = base_level(list(row.text))
            if level is not None:
                return level == 1
            if not row.wrapped:
                break
    return bool(flags & _RIGHT_TO_LEFT)


def bidi_sequences(flags: int) -> str:
    """Output that asks for ``flags`` of a terminal where nothing was asked for; "" for none."""
    if not flags:
        return ""
    parts = ["\x1b[8h" if flags & _IMPLICIT else "\x1b[8l", f"\x1b[{2 if flags & _RIGHT_TO_LEFT else 1} k"]
    parts.extend([f"\x1b[?{mode}{'h' if flags & _FLAGS[mode] else 'l'}" for mode in BIDI_MODES])
    return "".join(parts)
