"""Modes: ANSI and DEC private, and the switch between main and alternate screen."""

from typing import Final

from podium.terminal.screen.bidi import (
    BIDI_MODES,
    IMPLICIT_MODE,
    SWAP_ARROWS,
    begin_anew,
    is_bidi_mode_set,
    report_bidi_mode,
    set_bidi_mode,
)
from podium.terminal.screen.cursor import default_tabs, move_to, restore_cursor, save_cursor
from podium.terminal.screen.row import blank_row
from podium.terminal.screen.state import DEFAULT_MODES, SEND_RECEIVE, SYNCHRONIZED, SavedCursor, Terminal

MOUSE_TRACKING: Final = (9, 1000, 1002, 1003)
MOUSE_ENCODINGS: Final = (1005, 1006, 1015, 1016)
PLAIN_MODES: Final = frozenset(
    {1, 5, 7, 12, 25, 45, 66, 67, 1004, 1007, 1035, 1045, SWAP_ARROWS, 2004, SYNCHRONIZED, 2027, 2031}
)
"""Modes that are only looked up where they matter; the others below do something when they change."""
_COLUMN_MODE: Final = 3
_ALLOW_COLUMN_MODE: Final = 40
_TOLD_MODES: Final = frozenset({4, 18, 19})
"""Smooth scrolling and what goes to a printer: told as they were set, without any effect."""
_AUTO_REPEAT: Final = 8
_KNOWN: Final = (
    PLAIN_MODES
    | _TOLD_MODES
    | {_COLUMN_MODE, 6, _ALLOW_COLUMN_MODE, 47, 69, 1047, 1048, 1049, *MOUSE_TRACKING, *MOUSE_ENCODINGS}
    | frozenset(BIDI_MODES)
)
_ALTERNATE: Final = (47, 1047, 1049)
_ONLY_TOLD: Final = frozenset({2, SEND_RECEIVE})
"""A keyboard that a program locks would be of no use to anybody: mode 2 is told as it was set, and keys still go."""
_NEVER_SET: Final = frozenset({1, 5, 7, 10, 11, *range(13, 20)})
"""ANSI modes of block terminals, told as permanently reset, as xterm does."""


def set_ansi_mode(t: Terminal, mode: int, on: bool) -> None:
    """SM and RM: 4 (insert), 8 (bidi), 20 (line feed acts as new line), and those that are only told."""
    if mode == 4:
        t.insert = on
    elif mode == IMPLICIT_MODE:
        set_bidi_mode(t, mode, on)
    elif mode == 20:
        t.newline = on
    elif mode in _ONLY_TOLD:
        if on:
            t.ansi_modes.add(mode)
        else:
            t.ansi_modes.discard(mode)


def set_private_mode(t: Terminal, mode: int, on: bool) -> None:
    """DECSET and DECRST. Unknown modes are ignored."""
    if mode not in _KNOWN or (mode == _COLUMN_MODE and _ALLOW_COLUMN_MODE not in t.modes):
        return
    t.change += 1
    if mode in MOUSE_TRACKING:
        t.modes.difference_update(MOUSE_TRACKING)
        t.mouse = mode if on else 0
    elif mode in MOUSE_ENCODINGS:
        t.modes.difference_update(MOUSE_ENCODINGS)
        t.mouse_encoding = mode if on else 0
    elif mode in _ALTERNATE:
        _switch_screen(t, mode, on)
        return
    elif mode in BIDI_MODES:
        set_bidi_mode(t, mode, on)
        return
    elif mode == 1048:
        if on:
            save_cursor(t)
        else:
            restore_cursor(t)
        return
    if mode == SYNCHRONIZED and not on and mode in t.modes:
        t.updates += 1
    if on:
        t.modes.add(mode)
    else:
        t.modes.discard(mode)
    if mode == 6:
        t.origin = on
        move_to(t, 0, 0)
    elif mode == 7:
        t.autowrap = on
    elif mode == 45:
        t.reverse_wrap = on
    elif mode == 1045:
        t.reverse_wrap_anywhere = on
    elif mode == 69:
        t.side_margins = on
        if not on:
            t.left = 0
            t.right = t.columns - 1
    elif mode == 66:
        t.keypad_application = on
    elif mode == 12:
        t.set_cursor_blinking(on)
    elif mode == 2027:
        t.graphemes = on
    elif mode == _COLUMN_MODE:
        # The number of columns is the person's, but the screen starts anew all the same.
        t.set_full_margins()
        clear_screen(t)
        move_to(t, 0, 0)


def set_keypad(t: Terminal, application: bool) -> None:
    """DECKPAM and DECKPNM, which are mode 66 under another name."""
    t.keypad_application = application
    if application:
        t.modes.add(66)
    else:
        t.modes.discard(66)
    t.change += 1


def _switch_screen(t: Terminal, mode: int, on: bool) -> None:
    if on:
        if mode == 1049:
            save_cursor(t)
        if not t.alternate:
            t.modes.add(mode)
            show_alternate(t)
        if mode == 1049:
            clear_screen(t)
            t.pending = False
    else:
        if t.alternate:
            if mode == 1047:
                clear_screen(t)
            show_main(t)
        t.modes.difference_update(_ALTERNATE)
        if mode == 1049:
            restore_cursor(t)


def show_alternate(t: Terminal) -> None:
    t.alternate = True
    t.screen = t.other
    t.rows = t.other.rows


def show_main(t: Terminal) -> None:
    t.alternate = False
    t.screen = t.main
    t.rows = t.main.rows


def clear_screen(t: Terminal) -> None:
    """New blank rows in the pen's background."""
    t.rows[:] = [blank_row(t.columns, t.eraser.style_code) for _ in range(t.lines)]


def set_margins(t: Terminal, top: int, bottom: int) -> None:
    """DECSTBM, from 1; a region of less than two lines is refused."""
    bottom = t.lines if bottom == 0 else min(bottom, t.lines)
    top = max(top, 1)
    if top >= bottom:
        return
    t.top = top - 1
    t.bottom = bottom - 1
    move_to(t, 0, 0)


def set_side_margins(t: Terminal, left: int, right: int) -> None:
    """DECSLRM, from 1, while mode 69 is on; a region of less than two columns is refused."""
    right = t.columns if right == 0 else min(right, t.columns)
    left = max(left, 1)
    if left >= right:
        return
    t.left = left - 1
    t.right = right - 1
    move_to(t, 0, 0)


def save_modes(t: Terminal, params: list[int]) -> None:
    """XTSAVE: remember the private modes named."""
    for mode in params:
        if mode in _KNOWN:
            t.saved_modes[mode] = is_set(t, mode)


def restore_modes(t: Terminal, params: list[int]) -> None:
    """XTRESTORE: put back what XTSAVE remembered."""
    for mode in params:
        if mode in t.saved_modes:
            set_private_mode(t, mode, t.saved_modes[mode])


def is_set(t: Terminal, mode: int) -> bool:
    if mode in _ALTERNATE:
        return t.alternate
    if mode in BIDI_MODES:
        return is_bidi_mode_set(t, mode)
    return mode in t.modes


def report_mode(t: Terminal, mode: int) -> int:
    """DECRQM's answer for a private mode: 0 unknown, 1 set, 2 reset, 3 permanently set, 4 permanently reset."""
    if mode == _AUTO_REPEAT:
        return 3
    if mode not in _KNOWN:
        return 0
    if mode == 1048:
        # No state of its own: xterm and others always say set.
        return 1
    if mode in BIDI_MODES:
        return report_bidi_mode(t, mode)
    return 1 if is_set(t, mode) else 2


def report_ansi_mode(t: Terminal, mode: int) -> int:
    """DECRQM's answer for an ANSI mode: 0 unknown, 1 set, 2 reset, 4 permanently reset."""
    if mode == 4:
        return 1 if t.insert else 2
    if mode == IMPLICIT_MODE:
        return report_bidi_mode(t, mode)
    if mode == 20:
        return 1 if t.newline else 2
    if mode in _ONLY_TOLD:
        return 1 if mode in t.ansi_modes else 2
    if mode == 3:
        return 2  # Controls are never shown instead of obeyed.
    return 4 if mode in _NEVER_SET else 0


def reset_left_on(t: Terminal) -> None:
    """Reset the modes a program left on when it ended; text, scrollback and title stay."""
    if t.alternate:
        set_private_mode(t, 1049, False)
    t.soft_reset()
    begin_anew(t)
    t.pending = False
    t.modes = set(DEFAULT_MODES)
    t.main.kitty_flags.clear()
    t.other.kitty_flags.clear()
    t.mouse = 0
    t.mouse_encoding = 0
    t.newline = False
    t.graphemes = True
    t.cursor_blinking = False
    t.rectangle_extent = False
    t.iso_protection = False
    default_tabs(t)
    t.main.saved = SavedCursor(t.styles.default)
    t.other.saved = SavedCursor(t.styles.default)
    t.saved_modes.clear()
    t.titles.clear()
    t.unfinished_notices.clear()
    t.palette.clear()
    t.last_text = ""
    t.command_began = -1.0
    t.command_open = False
    t.click_reports = 0
    t.moves_between_lines = False
    t.change += 1
    t.updates += 1
