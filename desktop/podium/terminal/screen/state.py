"""Everything one terminal remembers. The other modules of this room are functions over this state."""

from collections import deque
from typing import Final

from podium.core.clock import Clock, monotonic, wall
from podium.core.protocol.frames import Attributes, CursorShape
from podium.terminal.images.store import ImageStore
from podium.terminal.screen.attributes import CellStyle, StyleTable
from podium.terminal.screen.charsets import ASCII, MAPS, CharacterMap
from podium.terminal.screen.events import MAX_EVENTS, Event
from podium.terminal.screen.lines.archive import LineStore
from podium.terminal.screen.row import Row
from podium.terminal.screen.row_mark import Folders
from podium.terminal.screen.scrollback import Scrollback

MIN_COLUMNS: Final = 2
MIN_LINES: Final = 1
MAX_COLUMNS: Final = 4096
MAX_LINES: Final = 4096
MAX_REPLIES: Final = 64 * 1024
"""Bytes that may wait for the program; a program that asks without reading gets no more answers."""
MAX_KITTY_STACK: Final = 16
MAX_TITLES: Final = 10
TAB_WIDTH: Final = 8
DEFAULT_TABS: Final = frozenset(range(TAB_WIDTH, MAX_COLUMNS, TAB_WIDTH))

SYNCHRONIZED: Final = 2026
"""The DEC private mode of a synchronized update: until its end the screen is not complete."""
SEND_RECEIVE: Final = 12
"""The ANSI mode without which a terminal would show keys itself. Here the kernel echoes, so it changes nothing."""
DEFAULT_MODES: Final = frozenset({7, 25, 1007, 1035, 1070, 1243, 2027})
"""DEC private modes that are set after a reset: wrap, cursor, alternate scroll, number lock, colours of each image by
itself, arrow keys that follow a line's direction, grapheme clusters."""


class SavedCursor:
    """The state that DECSC saves, one per screen."""

    def __init__(self, pen: CellStyle) -> None:
        self.used = False
        """Something was saved; else this is the home position, which no change of size moves."""
        self.x = 0
        self.y = 0
        self.pending = False
        self.pen = pen
        self.origin = False
        self.charset = 0
        self.charsets: list[str] = [ASCII, ASCII, ASCII, ASCII]


class CroppedScreen:
    """The alternate screen before a smaller size cropped it."""

    def __init__(self, rows: list[Row], columns: int) -> None:
        self.rows = rows
        self.columns = columns
        self.cursor = (0, 0, False)
        """Column, row and pending wrap, in these rows."""
        self.top = 0
        """The index of the row that is the screen's top row now."""
        self.cursor_cut = (0, 0)
        """The cursor's position on the cropped screen."""
        self.shown: list[tuple[Row, int]] = []
        """The rows of the cropped screen and their versions. If they differ, the program has drawn."""


class Screen:
    """The rows of the main or the alternate screen and what belongs to each alone."""

    def __init__(self, lines: int, pen: CellStyle) -> None:
        self.rows: list[Row] = [Row() for _ in range(lines)]
        self.below: list[Row] = []
        """Rows a smaller height cut off below the cursor; they come back with the height unless erased (ED)."""
        self.below_top = -1
        """The absolute number of the top row before that, -1 when nothing is cut off."""
        self.scrolled_at = 0
        """The absolute number of the top row after that; when it is another one now, the program has scrolled."""
        self.cropped: CroppedScreen | None = None
        self.saved = SavedCursor(pen)
        self.kitty_flags: list[int] = []
        """Pushed kitty keyboard flags; the last one is in force, none means 0."""


class Terminal:
    """The state of one terminal. Margins are inclusive; positions count from 0."""

    def __init__(self, columns: int, lines: int, scrollback: int, store: LineStore | None = None) -> None:
        self.columns = min(max(columns, MIN_COLUMNS), MAX_COLUMNS)
        self.lines = min(max(lines, MIN_LINES), MAX_LINES)
        self.cell_width = 1
        self.cell_height = 1
        """In pixels; 1 while the size is unknown."""
        self.scrollback = Scrollback(scrollback, self.columns, store)
        self.line_epoch = 0
        self.follow_number = 0
        self.followed: list[tuple[int, int]] = []
        """Positions on the main screen, as absolute line and column, that somebody wants to find again after a reflow;
        and the number they were given under."""
        self.events: deque[Event] = deque(maxlen=MAX_EVENTS)
        self.replies = bytearray()
        self.theme_colors: dict[int, int] = {}
        """The window's own colours by palette key, for programs that ask (OSC 4, 10, 11, 12)."""
        self.dark_theme = True
        self.default_bidi = 0
        """Bidi flags by the window's setting, for lines of which no program says anything."""
        self.bidi_allowed = True
        """Whether a program may ask for another direction."""
        self.clipboard_writable = True
        """Whether OSC 52 may come to anything: DA1 says so."""
        self.folder = ""
        """The shell's folder; "" when it is not known, or one of another computer."""
        self.folders = Folders()
        self.mark_changes = 0
        """Counts the changes of marks: a window asks again when there was one."""
        self.command_lines = Folders()
        """Those that shells have told, by number."""
        self.command_began = -1.0
        """The clock's time at which the command that runs at a marked prompt began; negative while none does."""
        self.images = ImageStore()
        self.command_open = False
        """Whether neither its end nor a prompt was marked since a command began."""
        self.command_number = 0
        """Counts the commands that have begun at marked prompts; the number of the newest one."""
        self.command_line = 0
        """The number of that one's command line, 0 when its shell did not tell it."""
        self.command_started = -1.0
        """When that one began, in seconds since 1970."""
        self.click_reports = 0
        """What the shell at the prompt wants to hear of a click: see ``prompt_cursor``."""
        self.moves_between_lines = False
        """At this prompt, Left and Right also go from line to line."""
        self.clock: Clock = monotonic
        self.wall_clock: Clock = wall
        self.string_end = "\x1b\\"
        """The end of the last control string; an OSC is answered with the same."""
        self.change = 0
        """Counts changes that no row's version shows: title, modes, palette, cursor shape."""
        self.updates = 0
        """Counts the synchronized updates (mode 2026) that ended; a reset ends one as well."""
        self.modes: set[int] = set()
        self.reset()

    def reset(self) -> None:
        """RIS: reset everything but the scrollback."""
        if self.mark_changes:
            self.mark_changes += 1
        self.images.forget_names()
        self.styles = StyleTable()
        plain = self.styles.default
        self.main = Screen(self.lines, plain)
        self.other = Screen(self.lines, plain)
        self.screen = self.main
        self.rows: list[Row] = self.main.rows
        self.alternate = False
        self.x = 0
        self.y = 0
        self.pending = False
        """The last column is written and the next character wraps first."""
        self.pen: CellStyle = plain
        self.eraser: CellStyle = plain
        self.top = 0
        self.bottom = self.lines - 1
        self.left = 0
        self.right = self.columns - 1
        if SYNCHRONIZED in self.modes:
            self.updates += 1
        self.modes = set(DEFAULT_MODES)
        self.autowrap = True
        self.origin = False
        self.insert = False
        self.newline = False
        self.reverse_wrap = False
        self.reverse_wrap_anywhere = False
        self.ansi_modes: set[int] = {SEND_RECEIVE}
        """The ANSI modes that are set and only told, not obeyed: 2 (keyboard locked) and 12."""
        self.side_margins = False
        self.graphemes = True
        self.keypad_application = False
        self.rectangle_extent = False
        """DECSACE: DECCARA and DECRARA work on rectangles instead of streams."""
        self.iso_protection = False
        """SPA was used last: plain erasing spares what is protected. After DECSCA only selective erasing does."""
        self.charset = 0
        self.single_shift = 0
        self.charsets: list[str] = [ASCII, ASCII, ASCII, ASCII]
        self.character_map: CharacterMap | None = None
        self.tabs: set[int] = set(DEFAULT_TABS)
        self.last_text = ""
        """The last character with its marks, while nothing but text came after it: what REP repeats."""
        self.last_x = -1
        self.last_y = -1
        """The cursor's position after the last character, one column on while a wrap waits: only there do marks belong
        to the cell before."""
        self.cursor_shape = int(CursorShape.BLOCK)
        self.cursor_blinking = False
        self.cursor_style = 0
        self.bidi = 0
        """Bidi flags that the program asked for; 0 while it asked for nothing."""
        self.mouse = 0
        """The tracking mode in force: 0, 9, 1000, 1002 or 1003."""
        self.mouse_encoding = 0
        """0 or the encoding mode in force: 1005, 1006, 1015, 1016."""
        self.modify_other_keys = 0
        self.saved_modes: dict[int, bool] = {}
        self.title = ""
        self.icon = ""
        self.titles: list[tuple[str, str]] = []
        self.unfinished_notices: dict[str, tuple[bytes, bytes]] = {}
        """Title and body of notifications of which more is to come (OSC 99)."""
        self.palette: dict[int, int] = {}
        self.sixel_colors: dict[int, int] = {}
        """The colour registers that images share while mode 1070 is off."""
        self.change += 1

    def soft_reset(self) -> None:
        """DECSTR: modes, margins, pen and charsets; text and cursor stay."""
        for mode in (1, 6, 66, 45, 69, 1045):
            self.modes.discard(mode)
        self.modes.update((7, 25, 1243))
        self.autowrap = True
        self.origin = False
        self.insert = False
        self.reverse_wrap = False
        self.reverse_wrap_anywhere = False
        self.ansi_modes = {SEND_RECEIVE}
        self.side_margins = False
        self.keypad_application = False
        self.set_full_margins()
        self.set_pen(self.styles.default)
        self.charset = 0
        self.single_shift = 0
        self.charsets = [ASCII, ASCII, ASCII, ASCII]
        self.character_map = None
        self.screen.saved = SavedCursor(self.styles.default)
        self.screen.kitty_flags.clear()
        self.modify_other_keys = 0
        self.set_cursor_style(0)
        self.change += 1

    # Small helpers that several modules share.

    def set_pen(self, style: CellStyle) -> None:
        """Write with ``style`` from now on."""
        self.pen = style
        self.eraser = self.styles.eraser(style)

    def change_pen(self, attributes: Attributes, protected: bool) -> None:
        """Write with these attributes from now on."""
        self.make_room_for_styles()
        self.set_pen(self.styles.intern(attributes, protected))

    def make_room_for_styles(self) -> None:
        """Start a new table with what is in use when the old one is full. Codes from before mean nothing after."""
        if not self.styles.full:
            return
        old, new = self.styles, StyleTable()
        self.styles = new
        codes: dict[str, str] = {}
        for row in self._all_rows():
            for style_code in set(row.styles):
                if style_code not in codes:
                    style = old.of(style_code)
                    codes[style_code] = new.intern(style.attributes, style.protected).style_code
        table = str.maketrans(codes)
        for row in self._all_rows():
            row.styles = row.styles.translate(table)
        for saved in (self.main.saved, self.other.saved):
            saved.pen = new.intern(saved.pen.attributes, saved.pen.protected)
        # A screen may hold more styles than the limit: then it must not come to this at every new one.
        new.limit = max(new.limit, 2 * len(new.styles))
        old.retire()
        self.set_pen(new.intern(self.pen.attributes, self.pen.protected))

    def _all_rows(self) -> set[Row]:
        rows: set[Row] = set()
        for screen in (self.main, self.other):
            rows.update(screen.rows, screen.below)
            if screen.cropped is not None:
                rows.update(screen.cropped.rows)
        return rows

    def set_full_margins(self) -> None:
        self.top = 0
        self.bottom = self.lines - 1
        self.left = 0
        self.right = self.columns - 1

    def full_width(self) -> bool:
        """No left or right margin is in the way."""
        return self.left == 0 and self.right == self.columns - 1

    def use_charset(self) -> None:
        """Look up the table of the charset in GL after a designation or a shift."""
        self.character_map = MAPS.get(self.charsets[self.charset])

    def set_cursor_style(self, style: int) -> None:
        """DECSCUSR 0–6; others are ignored."""
        if not 0 <= style <= 6:
            return
        self.cursor_style = style
        self.cursor_shape = max(0, style - 1) // 2
        self.cursor_blinking = style in (1, 3, 5)
        if self.cursor_blinking:
            self.modes.add(12)
        else:
            self.modes.discard(12)
        self.change += 1

    def set_cursor_blinking(self, on: bool) -> None:
        """Mode 12: the other one of the two styles that DECSCUSR has for this shape."""
        if on != self.cursor_blinking:
            self.cursor_blinking = on
            self.cursor_style = 2 * self.cursor_shape + (1 if on else 2)

    def reply(self, text: str) -> None:
        """Queue an answer for the program, dropped when too many wait already."""
        data = text.encode("latin-1", "ignore")
        if len(self.replies) + len(data) <= MAX_REPLIES:
            self.replies += data

    def end_line_above(self, y: int) -> None:
        """Row ``y`` begins a line of its own now: what wrapped into it is gone, and must not flow into what comes."""
        if y == 0:
            if not self.alternate:
                self.scrollback.end_line()
            return
        row = self.rows[y - 1]
        if row.wrapped:
            row.wrapped = False
            row.version += 1

    def kitty(self) -> int:
        """The kitty keyboard flags in force."""
        flags = self.screen.kitty_flags
        return flags[-1] if flags else 0

    def shown_images(self) -> set[int]:
        """The numbers of the images on both screens."""
        rows = self.main.rows + self.other.rows
        return {strip.placement.image.number for row in rows if row.images for strip in row.images}

    def cursor_line(self) -> int:
        """The absolute number of the cursor's line."""
        return self.scrollback.end + self.y
