"""Escape sequences other than control sequences, and their handlers."""

from collections.abc import Callable
from typing import Final

from podium.terminal.parsing import reports
from podium.terminal.screen import cursor, editing, modes
from podium.terminal.screen.state import Terminal


def shift(t: Terminal, charset: int) -> None:
    """Put another charset into GL."""
    t.charset = charset
    t.use_charset()


def escape(t: Terminal, kind: str) -> None:
    """Carry out an escape sequence; ``kind`` is intermediates + final."""
    t.last_text = ""
    if len(kind) == 2 and kind[0] in "()*+-./":
        # A 96-character set replaces the upper half only, which a Unicode stream does not use.
        slot = "()*+".find(kind[0])
        if slot >= 0:
            t.charsets[slot] = kind[1]
            t.use_charset()
        return
    handler = ESCAPES.get(kind)
    if handler is not None:
        handler(t)


def _decbi(t: Terminal) -> None:
    if t.x == t.left:
        editing.insert_columns(t, t.x, 1)
    elif t.x > 0:
        t.x -= 1
    t.pending = False


def _decfi(t: Terminal) -> None:
    if t.x == t.right:
        # A pending wrap stays, as in xterm.
        editing.delete_columns(t, t.left, 1)
    elif t.x < t.columns - 1:
        t.x += 1
        t.pending = False


def _spa(t: Terminal) -> None:
    t.iso_protection = True
    t.change_pen(t.pen.attributes, True)


def _epa(t: Terminal) -> None:
    t.change_pen(t.pen.attributes, False)


def _hts(t: Terminal) -> None:
    t.tabs.add(t.x)


def _ss2(t: Terminal) -> None:
    t.single_shift = 2


def _ss3(t: Terminal) -> None:
    t.single_shift = 3


def _ls2(t: Terminal) -> None:
    shift(t, 2)


def _ls3(t: Terminal) -> None:
    shift(t, 3)


def _deckpam(t: Terminal) -> None:
    modes.set_keypad(t, True)


def _deckpnm(t: Terminal) -> None:
    modes.set_keypad(t, False)


def _ris(t: Terminal) -> None:
    title, icon = t.title, t.icon
    t.scrollback.clear()
    t.reset()
    t.scrollback.folder_before = t.folders.number(t.folder)
    # The window's name is not the terminal's to reset, as in xterm.
    t.title, t.icon = title, icon


def _decid(t: Terminal) -> None:
    reports.device_attributes(t, [0])


ESCAPES: Final[dict[str, Callable[[Terminal], None]]] = {
    "6": _decbi,
    "7": cursor.save_cursor,
    "8": cursor.restore_cursor,
    "9": _decfi,
    "=": _deckpam,
    ">": _deckpnm,
    "D": cursor.index,
    "E": cursor.next_line,
    "H": _hts,
    "M": cursor.reverse_index,
    "N": _ss2,
    "O": _ss3,
    "V": _spa,
    "W": _epa,
    "Z": _decid,
    "c": _ris,
    "n": _ls2,
    "o": _ls3,
    "#8": editing.fill_screen,
}
