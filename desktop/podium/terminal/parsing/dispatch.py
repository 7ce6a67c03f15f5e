"""What each control, escape and control sequence does: the tables behind the parser."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from podium.terminal.parsing import osc
from podium.terminal.parsing import reports as answers
from podium.terminal.screen import cursor as moving
from podium.terminal.screen import editing, modes, rectangles
from podium.terminal.screen import printing as writing
from podium.terminal.screen.events import Bell
from podium.terminal.screen.sgr import number, select
from podium.terminal.screen.state import MAX_KITTY_STACK, Terminal

if TYPE_CHECKING:
    from mypy_extensions import i64

Handler = Callable[[Terminal, list[int]], None]

MAX_PARAMETERS: Final = 32
MAX_PARAMETER_TEXT: Final = 1024
"""Longer parameter texts are cut; 32 numbers of 65,535 fit well."""
_LONGEST_KNOWN: Final = 32
_MAX_KNOWN: Final = 4096
_PARTS: Final = re.compile("\x1b\\[([<=>?]?)([0-9:;]*)([ -/]*)")
_known: dict[str, "Sequence"] = {}


def parse_parameters(text: str) -> list[int]:
    """``"1;;3"`` → [1, 0, 3]; always at least one; clamped in number and size."""
    return [number(part) for part in text.split(";", MAX_PARAMETERS)[:MAX_PARAMETERS]]


def control_sequence(t: Terminal, text: str, kind: str) -> None:
    """Carry out a CSI. ``kind`` is prefix + intermediates + final, ``text`` the parameters between."""
    _run(t, _understand(text, kind))


class Sequence:
    """A control sequence that is understood: its SGR parameters, or a handler with numbers, or nothing at all."""

    __slots__ = ("handler", "parameters", "repeats", "sgr")

    def __init__(
        self, sgr: str | None, handler: Handler | None, parameters: list[int], repeats: bool
    ) -> None:
        self.sgr = sgr
        self.handler = handler
        self.parameters = parameters
        """Handlers only read it."""
        self.repeats = repeats
        """REP, which alone may follow what it repeats."""


def _understand(text: str, kind: str) -> Sequence:
    if kind == "m":
        return Sequence(text, None, [], False)
    handler = CSI.get(kind)
    if handler is None or ":" in text:
        # Only SGR has subparameters; elsewhere they belong to a sequence we don't know.
        return Sequence(None, None, [], False)
    return Sequence(None, handler, parse_parameters(text), kind == "b")


def _run(t: Terminal, sequence: Sequence) -> None:
    if not sequence.repeats:
        t.last_text = ""
    if sequence.sgr is not None:
        select(t, sequence.sgr)
    elif sequence.handler is not None:
        sequence.handler(t, sequence.parameters)


def known_sequence(t: Terminal, whole: str) -> None:
    """Carry out a complete control sequence, from its ESC to its final; what it means is remembered."""
    sequence = _known.get(whole)
    if sequence is None:
        parts = _PARTS.match(whole)
        assert parts is not None
        prefix, text, middle = parts.group(1, 2, 3)
        sequence = _understand(text[:MAX_PARAMETER_TEXT], prefix + middle + whole[-1])
        if len(whole) <= _LONGEST_KNOWN:
            if len(_known) >= _MAX_KNOWN:
                _known.clear()
            _known[whole] = sequence
    _run(t, sequence)


def short_sequence(t: Terminal, final: "i64", first: "i64", second: "i64", semicolons: "i64") -> bool:
    """Carry out one of the most common sequences by its numbers alone; False when it is another."""
    count: i64 = first if first > 0 else 1
    if final == 0x48:  # H
        moving.move_to(t, count - 1, second - 1 if second > 0 else 0)
    elif final == 0x4B:  # K
        editing.erase_in_line(t, first)
    elif semicolons:
        return False
    elif final == 0x41:  # A
        moving.up(t, count)
    elif final == 0x42:  # B
        moving.down(t, count)
    elif final == 0x43:  # C
        moving.right(t, count)
    elif final == 0x44:  # D
        moving.left(t, count)
    elif final == 0x47:  # G
        moving.move_to_column(t, count - 1)
    elif final == 0x4A:  # J
        editing.erase_in_display(t, first)
    elif final == 0x64:  # d
        moving.move_to_line(t, count - 1)
    elif final == 0x58:  # X
        editing.erase_characters(t, count)
    else:
        return False
    t.last_text = ""
    return True


def execute(t: Terminal, code: int) -> None:
    """A C0 control."""
    t.last_text = ""
    if code == 0x0A or code == 0x0B or code == 0x0C:
        moving.line_feed(t)
    elif code == 0x0D:
        moving.carriage_return(t)
    elif code == 0x08:
        moving.left(t, 1)
    elif code == 0x09:
        moving.tab_forward(t, 1)
    elif code == 0x07:
        t.events.append(Bell())
    elif code == 0x0E:
        _shift(t, 1)
    elif code == 0x0F:
        _shift(t, 0)


def _shift(t: Terminal, charset: int) -> None:
    t.charset = charset
    t.use_charset()


def _count(params: list[int]) -> int:
    return params[0] if params[0] > 0 else 1


def _second(params: list[int]) -> int:
    return params[1] if len(params) > 1 else 0


def _cuu(t: Terminal, p: list[int]) -> None:
    moving.up(t, _count(p))


def _cud(t: Terminal, p: list[int]) -> None:
    moving.down(t, _count(p))


def _cuf(t: Terminal, p: list[int]) -> None:
    moving.right(t, _count(p))


def _cub(t: Terminal, p: list[int]) -> None:
    moving.left(t, _count(p))


def _cnl(t: Terminal, p: list[int]) -> None:
    moving.down(t, _count(p))
    moving.carriage_return(t)


def _cpl(t: Terminal, p: list[int]) -> None:
    moving.up(t, _count(p))
    moving.carriage_return(t)


def _cha(t: Terminal, p: list[int]) -> None:
    moving.move_to_column(t, _count(p) - 1)


def _cup(t: Terminal, p: list[int]) -> None:
    moving.move_to(t, _count(p) - 1, max(_second(p), 1) - 1)


def _hpr(t: Terminal, p: list[int]) -> None:
    moving.move_to_column(t, t.x - (t.left if t.origin else 0) + _count(p))


def _vpa(t: Terminal, p: list[int]) -> None:
    moving.move_to_line(t, _count(p) - 1)


def _vpr(t: Terminal, p: list[int]) -> None:
    moving.move_to_line(t, t.y - (t.top if t.origin else 0) + _count(p))


def _cht(t: Terminal, p: list[int]) -> None:
    moving.tab_forward(t, _count(p))


def _cbt(t: Terminal, p: list[int]) -> None:
    moving.tab_back(t, _count(p))


def _ed(t: Terminal, p: list[int]) -> None:
    editing.erase_in_display(t, p[0])


def _el(t: Terminal, p: list[int]) -> None:
    editing.erase_in_line(t, p[0])


def _decsed(t: Terminal, p: list[int]) -> None:
    editing.selective_erase_in_display(t, p[0])


def _decsel(t: Terminal, p: list[int]) -> None:
    editing.selective_erase_in_line(t, p[0])


def _il(t: Terminal, p: list[int]) -> None:
    editing.insert_lines(t, _count(p))


def _dl(t: Terminal, p: list[int]) -> None:
    editing.delete_lines(t, _count(p))


def _ich(t: Terminal, p: list[int]) -> None:
    writing.insert_cells(t, _count(p))
    t.pending = False


def _dch(t: Terminal, p: list[int]) -> None:
    writing.delete_cells(t, _count(p))


def _ech(t: Terminal, p: list[int]) -> None:
    editing.erase_characters(t, _count(p))


def _su(t: Terminal, p: list[int]) -> None:
    moving.scroll_up(t, t.top, t.bottom, _count(p))


def _sd(t: Terminal, p: list[int]) -> None:
    # With five parameters this is xterm's highlight tracking, which we don't do.
    if len(p) == 1:
        moving.scroll_down(t, t.top, t.bottom, _count(p))


def _sl(t: Terminal, p: list[int]) -> None:
    editing.delete_columns(t, t.left, _count(p))


def _sr(t: Terminal, p: list[int]) -> None:
    editing.insert_columns(t, t.left, _count(p))


def _decic(t: Terminal, p: list[int]) -> None:
    editing.insert_columns(t, t.x, _count(p))


def _decdc(t: Terminal, p: list[int]) -> None:
    editing.delete_columns(t, t.x, _count(p))


def _rep(t: Terminal, p: list[int]) -> None:
    writing.repeat_last(t, _count(p))


def _tbc(t: Terminal, p: list[int]) -> None:
    moving.clear_tabs(t, p[0])


def _decst8c(t: Terminal, p: list[int]) -> None:
    if p[0] == 5:
        moving.default_tabs(t)


def _sm(t: Terminal, p: list[int]) -> None:
    for mode in p:
        modes.set_ansi_mode(t, mode, True)


def _rm(t: Terminal, p: list[int]) -> None:
    for mode in p:
        modes.set_ansi_mode(t, mode, False)


def _decset(t: Terminal, p: list[int]) -> None:
    for mode in p:
        modes.set_private_mode(t, mode, True)


def _decrst(t: Terminal, p: list[int]) -> None:
    for mode in p:
        modes.set_private_mode(t, mode, False)


def _decstbm(t: Terminal, p: list[int]) -> None:
    modes.set_margins(t, p[0], _second(p))


def _save_or_margins(t: Terminal, p: list[int]) -> None:
    # CSI s is DECSLRM while mode 69 is on and SCOSC otherwise.
    if t.side_margins:
        modes.set_side_margins(t, p[0], _second(p))
    else:
        moving.save_cursor(t)


def _scorc(t: Terminal, _p: list[int]) -> None:
    moving.restore_cursor(t)


def _decstr(t: Terminal, _p: list[int]) -> None:
    t.soft_reset()


def _decscusr(t: Terminal, p: list[int]) -> None:
    t.set_cursor_style(p[0])


def _decsca(t: Terminal, p: list[int]) -> None:
    if p[0] <= 2:
        t.iso_protection = False
        t.change_pen(t.pen.attributes, p[0] == 1)


def _decsace(t: Terminal, p: list[int]) -> None:
    if p[0] <= 2:
        t.rectangle_extent = p[0] == 2


def _kitty_query(t: Terminal, _p: list[int]) -> None:
    answers.kitty_flags(t)


def _kitty_push(t: Terminal, p: list[int]) -> None:
    flags = t.screen.kitty_flags
    flags.append(p[0] & 31)
    if len(flags) > MAX_KITTY_STACK:
        del flags[0]
    t.change += 1


def _kitty_pop(t: Terminal, p: list[int]) -> None:
    flags = t.screen.kitty_flags
    del flags[max(0, len(flags) - _count(p)) :]
    t.change += 1


def _kitty_set(t: Terminal, p: list[int]) -> None:
    how = _second(p) or 1
    old = t.kitty()
    new = p[0] & 31
    if how == 2:
        new |= old
    elif how == 3:
        new = old & ~new
    elif how != 1:
        return
    flags = t.screen.kitty_flags
    if flags:
        flags[-1] = new
    else:
        flags.append(new)
    t.change += 1


def _xtmodkeys(t: Terminal, p: list[int]) -> None:
    if p[0] == 4:
        level = _second(p)
        t.modify_other_keys = level if level <= 2 else 0
    elif p[0] == 0 and len(p) == 1:
        t.modify_other_keys = 0


def _window(t: Terminal, p: list[int]) -> None:
    # Of the window operations only the title stack is ours to do; reports would leak, the rest is the person's.
    if p[0] == 22:
        osc.push_title(t)
    elif p[0] == 23:
        osc.pop_title(t)


CSI: Final[dict[str, Handler]] = {
    "@": _ich,
    " @": _sl,
    "A": _cuu,
    " A": _sr,
    "B": _cud,
    "C": _cuf,
    "D": _cub,
    "E": _cnl,
    "F": _cpl,
    "G": _cha,
    "H": _cup,
    "I": _cht,
    "J": _ed,
    "?J": _decsed,
    "K": _el,
    "?K": _decsel,
    "L": _il,
    "M": _dl,
    "P": _dch,
    "S": _su,
    "T": _sd,
    "^": _sd,
    "X": _ech,
    "Z": _cbt,
    "`": _cha,
    "a": _hpr,
    "b": _rep,
    "c": answers.device_attributes,
    ">c": answers.secondary_attributes,
    "=c": answers.tertiary_attributes,
    "d": _vpa,
    "e": _vpr,
    "f": _cup,
    "g": _tbc,
    "?W": _decst8c,
    "h": _sm,
    "?h": _decset,
    "l": _rm,
    "?l": _decrst,
    ">m": _xtmodkeys,
    "?m": answers.modify_other_keys,
    "n": answers.device_status,
    "?n": answers.private_status,
    "!p": _decstr,
    "$p": answers.request_mode,
    "?$p": answers.request_private_mode,
    " q": _decscusr,
    '"q': _decsca,
    ">q": answers.version,
    "r": _decstbm,
    "?r": modes.restore_modes,
    "s": _save_or_margins,
    "?s": modes.save_modes,
    "t": _window,
    "u": _scorc,
    "?u": _kitty_query,
    ">u": _kitty_push,
    "<u": _kitty_pop,
    "=u": _kitty_set,
    "$r": rectangles.change_attributes,
    "$t": rectangles.reverse_attributes,
    "$v": rectangles.copy_rectangle,
    "$x": rectangles.fill_rectangle,
    "$z": rectangles.erase_rectangle,
    "${": rectangles.selective_erase_rectangle,
    "*x": _decsace,
    "'}": _decic,
    "'~": _decdc,
}


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
    _shift(t, 2)


def _ls3(t: Terminal) -> None:
    _shift(t, 3)


def _deckpam(t: Terminal) -> None:
    modes.set_keypad(t, True)


def _deckpnm(t: Terminal) -> None:
    modes.set_keypad(t, False)


def _ris(t: Terminal) -> None:
    title, icon = t.title, t.icon
    t.history.clear()
    t.reset()
    # The window's name is not the terminal's to reset, as in xterm.
    t.title, t.icon = title, icon


def _decid(t: Terminal) -> None:
    answers.device_attributes(t, [0])


ESCAPES: Final[dict[str, Callable[[Terminal], None]]] = {
    "6": _decbi,
    "7": moving.save_cursor,
    "8": moving.restore_cursor,
    "9": _decfi,
    "=": _deckpam,
    ">": _deckpnm,
    "D": moving.index,
    "E": moving.next_line,
    "H": _hts,
    "M": moving.reverse_index,
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


def device_control(t: Terminal, kind: str, payload: str, whole: bool) -> None:
    """Carry out a DCS. Only DECRQSS is answered; XTGETTCAP, sixel and the rest are swallowed."""
    if kind == "$q" and whole:
        answers.request_setting(t, payload)
