"""Control sequences (CSI) and their handlers."""

from collections.abc import Callable
from typing import Final

from podium.terminal.parsing import osc, reports
from podium.terminal.screen import bidi, cursor, editing, modes, printing, rectangles
from podium.terminal.screen.state import MAX_KITTY_STACK, Terminal

Handler = Callable[[Terminal, list[int]], None]


def _count(params: list[int]) -> int:
    return params[0] if params[0] > 0 else 1


def _second(params: list[int]) -> int:
    return params[1] if len(params) > 1 else 0


def _cuu(t: Terminal, p: list[int]) -> None:
    cursor.up(t, _count(p))


def _cud(t: Terminal, p: list[int]) -> None:
    cursor.down(t, _count(p))


def _cuf(t: Terminal, p: list[int]) -> None:
    cursor.right(t, _count(p))


def _cub(t: Terminal, p: list[int]) -> None:
    cursor.left(t, _count(p))


def _cnl(t: Terminal, p: list[int]) -> None:
    cursor.down(t, _count(p))
    cursor.carriage_return(t)


def _cpl(t: Terminal, p: list[int]) -> None:
    cursor.up(t, _count(p))
    cursor.carriage_return(t)


def _cha(t: Terminal, p: list[int]) -> None:
    cursor.move_to_column(t, _count(p) - 1)


def _cup(t: Terminal, p: list[int]) -> None:
    cursor.move_to(t, _count(p) - 1, max(_second(p), 1) - 1)


def _hpr(t: Terminal, p: list[int]) -> None:
    cursor.move_to_column(t, t.x - (t.left if t.origin else 0) + _count(p))


def _vpa(t: Terminal, p: list[int]) -> None:
    cursor.move_to_line(t, _count(p) - 1)


def _vpr(t: Terminal, p: list[int]) -> None:
    cursor.move_to_line(t, t.y - (t.top if t.origin else 0) + _count(p))


def _cht(t: Terminal, p: list[int]) -> None:
    cursor.tab_forward(t, _count(p))


def _cbt(t: Terminal, p: list[int]) -> None:
    cursor.tab_back(t, _count(p))


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
    printing.insert_cells(t, _count(p))
    t.pending = False


def _dch(t: Terminal, p: list[int]) -> None:
    printing.delete_cells(t, _count(p))


def _ech(t: Terminal, p: list[int]) -> None:
    editing.erase_characters(t, _count(p))


def _su(t: Terminal, p: list[int]) -> None:
    cursor.scroll_up(t, t.top, t.bottom, _count(p))


def _sd(t: Terminal, p: list[int]) -> None:
    # With five parameters this is xterm's highlight tracking, which we don't do.
    if len(p) == 1:
        cursor.scroll_down(t, t.top, t.bottom, _count(p))


def _sl(t: Terminal, p: list[int]) -> None:
    editing.delete_columns(t, t.left, _count(p))


def _sr(t: Terminal, p: list[int]) -> None:
    editing.insert_columns(t, t.left, _count(p))


def _decic(t: Terminal, p: list[int]) -> None:
    editing.insert_columns(t, t.x, _count(p))


def _decdc(t: Terminal, p: list[int]) -> None:
    editing.delete_columns(t, t.x, _count(p))


def _rep(t: Terminal, p: list[int]) -> None:
    printing.repeat_last(t, _count(p))


def _tbc(t: Terminal, p: list[int]) -> None:
    cursor.clear_tabs(t, p[0])


def _decst8c(t: Terminal, p: list[int]) -> None:
    if p[0] == 5:
        cursor.default_tabs(t)


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
        cursor.save_cursor(t)


def _scorc(t: Terminal, _p: list[int]) -> None:
    cursor.restore_cursor(t)


def _decstr(t: Terminal, _p: list[int]) -> None:
    t.soft_reset()
    bidi.begin_anew(t)


def _decscl(t: Terminal, p: list[int]) -> None:
    # The level stays a VT220's; to choose one resets as DECSTR does.
    if p[0] in (61, 62):
        t.soft_reset()


def _decscusr(t: Terminal, p: list[int]) -> None:
    t.set_cursor_style(p[0])


def _scp(t: Terminal, p: list[int]) -> None:
    bidi.select_path(t, p[0])


def _spd(t: Terminal, p: list[int]) -> None:
    bidi.select_directions(t, p[0])


def _decsca(t: Terminal, p: list[int]) -> None:
    if p[0] <= 2:
        t.iso_protection = False
        t.change_pen(t.pen.attributes, p[0] == 1)


def _decsace(t: Terminal, p: list[int]) -> None:
    if p[0] <= 2:
        t.rectangle_extent = p[0] == 2


def _kitty_query(t: Terminal, _p: list[int]) -> None:
    reports.kitty_flags(t)


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
    # Sizes are told and titles remembered. Reports of titles would leak, the rest is the person's.
    if p[0] == 22:
        osc.push_title(t, _second(p))
    elif p[0] == 23:
        osc.pop_title(t, _second(p))
    elif len(p) == 1 or (len(p) == 2 and p[0] == 14):
        reports.size(t, p[0])


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
    " S": _spd,
    "T": _sd,
    "^": _sd,
    "X": _ech,
    "Z": _cbt,
    "`": _cha,
    "a": _hpr,
    "b": _rep,
    "c": reports.device_attributes,
    ">c": reports.secondary_attributes,
    "=c": reports.tertiary_attributes,
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
    "?m": reports.modify_other_keys,
    "n": reports.device_status,
    "?n": reports.private_status,
    "!p": _decstr,
    "$p": reports.request_mode,
    "?$p": reports.request_private_mode,
    " q": _decscusr,
    '"p': _decscl,
    '"q': _decsca,
    ">q": reports.version,
    " k": _scp,
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
