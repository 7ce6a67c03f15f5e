"""Replies to questions. Built from our own constants and clamped numbers only, never from the input's text."""

from typing import Final

from podium.terminal.screen.modes import report_ansi_mode, report_mode
from podium.terminal.screen.sgr import describe
from podium.terminal.screen.state import Terminal

NAME: Final = "podium 0.1"
_DA1: Final = "\x1b[?62;22c"
"""VT220 with colour."""
_DA1_CLIPBOARD: Final = "\x1b[?62;22;52c"
"""The clipboard may be written too."""
_DA2: Final = "\x1b[>61;4000;0c"
"""A VT510 of a version by which programs ask for what is there.

From 216 and 242 on Emacs asks for modifyOtherKeys and the background, from 277 on Vim uses SGR mouse reports, and from
2500 on coloured underlines. Above 20,000 Vim believes none of it; after a 1 or a 65 Emacs thinks of an old VTE.
"""
_DA3: Final = "\x1bP!|00000000\x1b\\"


def device_attributes(t: Terminal, params: list[int]) -> None:
    if params[0] == 0:
        t.reply(_DA1_CLIPBOARD if t.clipboard_writable else _DA1)


def secondary_attributes(t: Terminal, params: list[int]) -> None:
    if params[0] == 0:
        t.reply(_DA2)


def tertiary_attributes(t: Terminal, params: list[int]) -> None:
    if params[0] == 0:
        t.reply(_DA3)


def version(t: Terminal, params: list[int]) -> None:
    """XTVERSION."""
    if params[0] == 0:
        t.reply(f"\x1bP>|{NAME}\x1b\\")


def _position(t: Terminal) -> tuple[int, int]:
    # A tab backwards leaves the margins: in origin mode that is told as their edge, as in xterm.
    y = max(t.y - t.top, 0) if t.origin else t.y
    x = max(t.x - t.left, 0) if t.origin else t.x
    return y + 1, x + 1


def device_status(t: Terminal, params: list[int]) -> None:
    """DSR: 5 all well, 6 cursor position."""
    if params[0] == 5:
        t.reply("\x1b[0n")
    elif params[0] == 6:
        y, x = _position(t)
        t.reply(f"\x1b[{y};{x}R")


def private_status(t: Terminal, params: list[int]) -> None:
    """DECDSR as a VT220 answers it: 6 position, 15 no printer, 25 keys unlocked, 26 keyboard, 53/55 no locator.

    996 asks for dark or light.
    """
    what = params[0]
    if what == 6:
        y, x = _position(t)
        t.reply(f"\x1b[?{y};{x}R")
    elif what == 15:
        t.reply("\x1b[?13n")
    elif what == 25:
        t.reply("\x1b[?20n")
    elif what == 26:
        t.reply("\x1b[?27;1n")
    elif what in (53, 55):
        t.reply("\x1b[?50n")
    elif what == 996:
        color_scheme(t)


def color_scheme(t: Terminal) -> None:
    """The report of mode 2031: 1 dark, 2 light."""
    t.reply("\x1b[?997;1n" if t.dark_theme else "\x1b[?997;2n")


def request_mode(t: Terminal, params: list[int]) -> None:
    """DECRQM for ANSI modes."""
    t.reply(f"\x1b[{params[0]};{report_ansi_mode(t, params[0])}$y")


def request_private_mode(t: Terminal, params: list[int]) -> None:
    """DECRQM for DEC private modes."""
    t.reply(f"\x1b[?{params[0]};{report_mode(t, params[0])}$y")


def kitty_flags(t: Terminal) -> None:
    t.reply(f"\x1b[?{t.kitty()}u")


def modify_other_keys(t: Terminal, params: list[int]) -> None:
    """XTQMODKEYS: 1 and 2, how cursor and function keys tell modifiers, are fixed; 4 is what was set."""
    if params[0] in (1, 2):
        t.reply(f"\x1b[>{params[0]};2m")
    elif params[0] == 4:
        t.reply(f"\x1b[>4;{t.modify_other_keys}m")


def request_setting(t: Terminal, payload: str) -> None:
    """DECRQSS for SGR, DECSTBM, DECSLRM, DECSCUSR, DECSCA; anything else is refused without an echo."""
    setting = ""
    if payload == "m":
        setting = describe(t.pen) + "m"
    elif payload == "r":
        setting = f"{t.top + 1};{t.bottom + 1}r"
    elif payload == "s":
        setting = f"{t.left + 1};{t.right + 1}s"
    elif payload == " q":
        # The default is told as what it is: a block, steady unless mode 12 made it blink.
        setting = f"{t.cursor_style or (1 if t.cursor_blinking else 2)} q"
    elif payload == '"q':
        # What SPA protects is not DECSCA's.
        setting = f'{1 if t.pen.protected and not t.iso_protection else 0}"q'
    elif payload in ("t", "*|"):
        setting = f"{t.lines}{payload}"
    elif payload == '"p':
        setting = '62;1"p'
    t.reply(f"\x1bP1$r{setting}\x1b\\" if setting else "\x1bP0$r\x1b\\")


def size(t: Terminal, what: int) -> None:
    """CSI 14, 16, 18 and 19 t: the text area, a cell (both in pixels, once they are known), lines and columns."""
    if what in (14, 16):
        if t.cell_width > 1 and t.cell_height > 1:
            lines, columns = (t.lines, t.columns) if what == 14 else (1, 1)
            t.reply(f"\x1b[{what - 10};{lines * t.cell_height};{columns * t.cell_width}t")
    elif what in (18, 19):
        # There is no larger screen to tell of (19) than the terminal itself.
        t.reply(f"\x1b[{what - 10};{t.lines};{t.columns}t")


def color(t: Terminal, name: str, value: int) -> None:
    """An answer to OSC 4, 5 and 10–19; ``name`` is its number or numbers. Silence for -1, a colour nobody knows."""
    if value < 0:
        return
    red, green, blue = value >> 16 & 255, value >> 8 & 255, value & 255
    t.reply(f"\x1b]{name};rgb:{red:02x}{red:02x}/{green:02x}{green:02x}/{blue:02x}{blue:02x}{t.string_end}")


def notification_support(t: Terminal, identifier: str) -> None:
    """OSC 99's query: titles and bodies are shown. ``identifier`` is checked: at most 16 letters, digits and dots."""
    t.reply(f"\x1b]99;i={identifier or 0}:p=?;p=title,body,?{t.string_end}")
