"""pyte's public interface over our own storage: the same names, true for the live screen.

The parser never comes through here; these methods exist for code that speaks pyte.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pyte
from pyte import charsets as pyte_charsets
from pyte import graphics as pyte_graphics
from pyte import modes as pyte_modes
from pyte.screens import Char, Margins

from podium.core.clock import Clock
from podium.core.protocol.frames import DEFAULT_COLOR, RGB_FLAG, Style
from podium.terminal.parsing import dispatch, escapes, reports
from podium.terminal.parsing.dispatch import control_sequence
from podium.terminal.parsing.osc import command
from podium.terminal.parsing.parser import Parser
from podium.terminal.screen import cursor, editing, modes, printing
from podium.terminal.screen.attributes import CellStyle
from podium.terminal.screen.events import Bell
from podium.terminal.screen.lines.archive import LineStore
from podium.terminal.screen.row import Row
from podium.terminal.screen.state import Terminal
from podium.terminal.screen.text import strip_controls

_PRIVATE_SHIFT = 5
"""pyte keeps DEC private modes shifted, apart from the ANSI ones."""
_NAMES = [*list(pyte_graphics.FG_ANSI.values())[:8], *pyte_graphics.FG_AIXTERM.values()]


def _color_name(color: int) -> str:
    if color == DEFAULT_COLOR:
        return "default"
    if color & RGB_FLAG:
        return f"{color & 0xFFFFFF:06x}"
    return _NAMES[color] if color < 16 else str(pyte_graphics.FG_BG_256[color])


def to_char(data: str, style: CellStyle) -> Char:
    """One cell in pyte's form."""
    a = style.attributes
    return Char(
        data=data,
        fg=_color_name(a.foreground),
        bg=_color_name(a.background),
        bold=bool(a.style & Style.BOLD),
        italics=bool(a.style & Style.ITALIC),
        underscore=bool(a.underline),
        strikethrough=bool(a.style & Style.STRIKE),
        reverse=bool(a.style & Style.REVERSE),
        blink=bool(a.style & Style.BLINK),
    )


class RowView(Mapping[int, Char]):
    """Column → Char of one live row."""

    def __init__(self, terminal: Terminal, row: Row) -> None:
        self._terminal = terminal
        self._row = row

    def __getitem__(self, x: int) -> Char:
        if not 0 <= x < self._terminal.columns:
            return Char(" ")
        return to_char(self._row.char(x), self._terminal.styles.of(self._row.style_code(x)))

    def __iter__(self) -> Iterator[int]:
        return iter(range(self._terminal.columns))

    def __len__(self) -> int:
        return self._terminal.columns


class BufferView(Mapping[int, RowView]):
    """Line → row of the live screen."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def __getitem__(self, y: int) -> RowView:
        return RowView(self._terminal, self._terminal.rows[y])

    def __iter__(self) -> Iterator[int]:
        return iter(range(self._terminal.lines))

    def __len__(self) -> int:
        return self._terminal.lines


class CursorView:
    """The live cursor. ``x`` never leaves the screen; a pending wrap shows on the last column."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    @property
    def x(self) -> int:
        return self._terminal.x

    @x.setter
    def x(self, value: int) -> None:
        self._terminal.x = min(max(value, 0), self._terminal.columns - 1)
        self._terminal.pending = False

    @property
    def y(self) -> int:
        return self._terminal.y

    @y.setter
    def y(self, value: int) -> None:
        self._terminal.y = min(max(value, 0), self._terminal.lines - 1)
        self._terminal.pending = False

    @property
    def visible(self) -> bool:
        return 25 in self._terminal.modes

    @property
    def hidden(self) -> bool:
        return not self.visible

    @property
    def attrs(self) -> Char:
        return to_char(" ", self._terminal.pen)


class DirtyLines(set[int]):
    """pyte's ``dirty``: the lines that changed since it was last cleared."""

    def __init__(self, screen: "PyteScreen", lines: set[int]) -> None:
        super().__init__(lines)
        self._screen = screen

    def clear(self) -> None:
        super().clear()
        self._screen._remember_clean()


# pyte keeps plain attributes where we have live views, so its types can't be checked against ours.
_Screen: Any = pyte.Screen


class PyteScreen(_Screen):  # type: ignore[misc]
    """A pyte.Screen that keeps nothing of pyte's own state."""

    def __init__(
        self, columns: int, lines: int, scrollback: int, clock: Clock, store: LineStore | None = None
    ) -> None:
        # pyte's __init__ is left out on purpose: it would make a second, dead screen.
        self._terminal = Terminal(columns, lines, scrollback, store)
        self._terminal.clock = clock
        self._parser = Parser(self._terminal, clock)
        self._clean: list[tuple[Row, int]] = []
        self.saved_columns: int | None = None

    @property
    def terminal(self) -> Terminal:
        """All the state, up to the last byte that was fed."""
        self._parser.flush()
        return self._terminal

    def _remember_clean(self) -> None:
        self._clean = [(row, row.version) for row in self.terminal.rows]

    # What pyte keeps in attributes.

    @property
    def columns(self) -> int:
        return self.terminal.columns

    @property
    def lines(self) -> int:
        return self.terminal.lines

    @property
    def buffer(self) -> BufferView:
        return BufferView(self.terminal)

    @property
    def cursor(self) -> CursorView:
        return CursorView(self.terminal)

    @property
    def mode(self) -> set[int]:
        """pyte's set of modes: ANSI ones as they are, private ones shifted by five bits."""
        t = self.terminal
        result = {mode << _PRIVATE_SHIFT for mode in t.modes}
        if t.insert:
            result.add(pyte_modes.IRM)
        if t.newline:
            result.add(pyte_modes.LNM)
        return result

    @property
    def margins(self) -> Margins | None:
        t = self.terminal
        if t.top == 0 and t.bottom == t.lines - 1:
            return None
        return Margins(t.top, t.bottom)

    @property
    def dirty(self) -> DirtyLines:
        clean = self._clean
        rows = self.terminal.rows
        changed = {
            y
            for y, row in enumerate(rows)
            if y >= len(clean) or clean[y][0] is not row or clean[y][1] != row.version
        }
        return DirtyLines(self, changed)

    @property
    def display(self) -> list[str]:
        """The screen as ``lines`` strings of ``columns`` columns each, wide characters once."""
        columns = self.terminal.columns
        return ["".join([row.char(x) for x in range(columns)]) for row in self.terminal.rows]

    @property
    def title(self) -> str:
        return self._terminal.title

    @property
    def icon_name(self) -> str:
        return self._terminal.icon

    @property
    def tabstops(self) -> set[int]:
        return {x for x in self.terminal.tabs if x < self.terminal.columns}

    @property
    def charset(self) -> int:
        return self.terminal.charset

    @property
    def g0_charset(self) -> str:
        return self._pyte_charset(0)

    @property
    def g1_charset(self) -> str:
        return self._pyte_charset(1)

    def _pyte_charset(self, slot: int) -> str:
        return str(pyte_charsets.MAPS.get(self.terminal.charsets[slot], pyte_charsets.LAT1_MAP))

    @property
    def default_char(self) -> Char:
        return Char(" ", reverse=5 in self.terminal.modes)

    # pyte's events.

    def draw(self, data: str) -> None:
        """Print text; controls in it are not executed."""
        text = strip_controls(data)
        if text:
            printing.write_text(self.terminal, text)

    def reset(self) -> None:
        """RIS: reset everything, the scrollback too."""
        self.terminal.scrollback.clear()
        self.terminal.reset()
        self._parser.reset()

    def bell(self, *_args: object) -> None:
        self.terminal.events.append(Bell())

    def backspace(self) -> None:
        cursor.left(self.terminal, 1)

    def tab(self) -> None:
        cursor.tab_forward(self.terminal, 1)

    def linefeed(self) -> None:
        cursor.line_feed(self.terminal)

    def carriage_return(self) -> None:
        cursor.carriage_return(self.terminal)

    def index(self) -> None:
        cursor.index(self.terminal)

    def reverse_index(self) -> None:
        cursor.reverse_index(self.terminal)

    def shift_out(self) -> None:
        dispatch.execute(self.terminal, 0x0E)

    def shift_in(self) -> None:
        dispatch.execute(self.terminal, 0x0F)

    def define_charset(self, code: str, mode: str) -> None:
        if code and mode in "()*+":
            escapes.escape(self.terminal, mode + code[0])

    def set_tab_stop(self) -> None:
        self.terminal.tabs.add(self.terminal.x)

    def clear_tab_stop(self, how: int = 0) -> None:
        cursor.clear_tabs(self.terminal, how)

    def save_cursor(self) -> None:
        cursor.save_cursor(self.terminal)

    def restore_cursor(self) -> None:
        cursor.restore_cursor(self.terminal)

    def alignment_display(self) -> None:
        editing.fill_screen(self.terminal)

    def set_title(self, param: str) -> None:
        command(self.terminal, "2;" + param, True)

    def set_icon_name(self, param: str) -> None:
        command(self.terminal, "1;" + param, True)

    def _csi(self, kind: str, *params: int | None) -> None:
        text = ";".join("" if value is None else str(max(0, int(value))) for value in params)
        control_sequence(self.terminal, text, kind)

    def insert_characters(self, count: int | None = None) -> None:
        self._csi("@", count)

    def delete_characters(self, count: int | None = None) -> None:
        self._csi("P", count)

    def erase_characters(self, count: int | None = None) -> None:
        self._csi("X", count)

    def insert_lines(self, count: int | None = None) -> None:
        self._csi("L", count)

    def delete_lines(self, count: int | None = None) -> None:
        self._csi("M", count)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        self._csi("?K" if private else "K", how)

    def erase_in_display(
        self, how: int = 0, *_args: object, private: bool = False, **_kwargs: object
    ) -> None:
        self._csi("?J" if private else "J", how)

    def cursor_up(self, count: int | None = None) -> None:
        self._csi("A", count)

    def cursor_up1(self, count: int | None = None) -> None:
        self._csi("F", count)

    def cursor_down(self, count: int | None = None) -> None:
        self._csi("B", count)

    def cursor_down1(self, count: int | None = None) -> None:
        self._csi("E", count)

    def cursor_back(self, count: int | None = None) -> None:
        self._csi("D", count)

    def cursor_forward(self, count: int | None = None) -> None:
        self._csi("C", count)

    def cursor_position(self, line: int | None = None, column: int | None = None) -> None:
        self._csi("H", line, column)

    def cursor_to_column(self, column: int | None = None) -> None:
        self._csi("G", column)

    def cursor_to_line(self, line: int | None = None) -> None:
        self._csi("d", line)

    def ensure_hbounds(self) -> None:
        """The cursor is always inside; pyte's callers may ask all the same."""

    def ensure_vbounds(self, use_margins: bool | None = None) -> None:
        """See ensure_hbounds."""

    def set_margins(self, top: int | None = None, bottom: int | None = None) -> None:
        self._csi("r", top, bottom)

    def set_mode(self, *numbers: int, **kwargs: Any) -> None:
        for number in numbers:
            if kwargs.get("private"):
                modes.set_private_mode(self.terminal, number, True)
            else:
                modes.set_ansi_mode(self.terminal, number, True)

    def reset_mode(self, *numbers: int, **kwargs: Any) -> None:
        for number in numbers:
            if kwargs.get("private"):
                modes.set_private_mode(self.terminal, number, False)
            else:
                modes.set_ansi_mode(self.terminal, number, False)

    def select_graphic_rendition(self, *attributes: int, private: bool = False) -> None:
        if not private:
            self._csi("m", *attributes)

    def report_device_attributes(self, mode: int = 0, private: bool = False, **_kwargs: object) -> None:
        if not private:
            reports.device_attributes(self.terminal, [mode])

    def report_device_status(self, mode: int, **_kwargs: object) -> None:
        reports.device_status(self.terminal, [mode])

    def write_process_input(self, data: str) -> None:
        """pyte's way of replying: queues ``data`` for ``take_replies``."""
        self.terminal.reply(data)

    def debug(self, *args: object, **kwargs: object) -> None:
        """Ignore what pyte's stream does not support."""
