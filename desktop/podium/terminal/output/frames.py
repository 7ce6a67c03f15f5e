"""Frames: the changes of the screen since the last one."""

from typing import Final, Protocol

from podium.core.protocol.frames import ChangedRow, Cursor, Frame, MovedRow, ScreenMode
from podium.terminal.input.kitty_keys import ALL_KEYS, EVENT_TYPES
from podium.terminal.output.lines import AttributeNumbers, oldest_line, row_to_line
from podium.terminal.screen.row import Row
from podium.terminal.screen.state import Terminal

MAX_ATTRIBUTES: Final = 4096
"""Entries of one attribute epoch; a window that kept all of a stream of random colours stalled."""

_ALTERNATE_SCREEN: Final = int(ScreenMode.ALTERNATE_SCREEN)
_KEY_RELEASES: Final = int(ScreenMode.KEY_RELEASES)
_KEY_ALL: Final = int(ScreenMode.KEY_ALL)
_MOUSE: Final[dict[int, int]] = {
    9: int(ScreenMode.MOUSE_CLICKS),
    1000: int(ScreenMode.MOUSE_CLICKS),
    1002: int(ScreenMode.MOUSE_DRAG),
    1003: int(ScreenMode.MOUSE_MOTION),
}
_FLAGS: Final[dict[int, int]] = {
    5: int(ScreenMode.REVERSE_SCREEN),
    2004: int(ScreenMode.BRACKETED_PASTE),
    1004: int(ScreenMode.FOCUS_EVENTS),
    1007: int(ScreenMode.ALTERNATE_SCROLL),
    1016: int(ScreenMode.MOUSE_PIXELS),
    2031: int(ScreenMode.COLOR_SCHEME_UPDATES),
}


def screen_modes(t: Terminal) -> int:
    """The ScreenMode flags in force."""
    flags = _ALTERNATE_SCREEN if t.alternate else 0
    for mode, flag in _FLAGS.items():
        if mode in t.modes:
            flags |= flag
    kitty = t.kitty()
    if kitty & EVENT_TYPES:
        flags |= _KEY_RELEASES
    if kitty & ALL_KEYS:
        flags |= _KEY_ALL
    return flags | _MOUSE.get(t.mouse, 0)


class Emulation(Protocol):
    """The source of frames."""

    @property
    def terminal(self) -> Terminal:
        """The state up to the last byte; deferred output is parsed first."""

    @property
    def has_deferred(self) -> bool:
        """Whether output is deferred."""


class FrameSource:
    """Makes the frames of one emulator for one window. It keeps the rows of the last frame."""

    def __init__(self, emulator: Emulation) -> None:
        self._emulator = emulator
        self._numbers = AttributeNumbers()
        self._epoch = 0
        self._full = True
        self._columns = 0
        self._line_epoch = 0
        self._rows: list[Row] = []
        self._versions: list[int] = []
        self._head: tuple[object, ...] = ()

    @property
    def pending(self) -> bool:
        """Whether ``take`` would find a change."""
        if self._emulator.has_deferred:
            return True
        t = self._emulator.terminal
        return (
            self._full
            or self._columns != t.columns
            or self._rows != t.rows
            or self._head != self._header(t)
            or self._versions != [row.version for row in t.rows]
        )

    def _header(self, t: Terminal) -> tuple[object, ...]:
        # ``change`` stands for modes, title, palette and the cursor's shape.
        return (t.x, t.y, t.change, t.scrollback.end, len(t.scrollback), t.line_epoch)

    def take(self, number: int) -> Frame:
        """Frame ``number``: everything that changed since the last one."""
        t = self._emulator.terminal
        full = self._full or self._columns != t.columns or len(self._rows) != len(t.rows)
        # A window forgets its table with its rows, so a full frame always brings a new one.
        full = full or len(self._numbers.by_style) >= MAX_ATTRIBUTES
        if full:
            self._epoch += 1
            self._numbers = AttributeNumbers()
        changed: list[ChangedRow] = []
        moved: list[MovedRow] = []
        if full:
            for y, row in enumerate(t.rows):
                line = row_to_line(row, t, self._numbers)
                if line.runs or line.wrapped or line.bidi:
                    changed.append(ChangedRow(y, line))
        else:
            self._compare(t, changed, moved)
        self._full = False
        self._columns = t.columns
        self._rows = list(t.rows)
        self._versions = [row.version for row in t.rows]
        self._head = self._header(t)
        modes = screen_modes(t)
        reflowed = self._line_epoch != t.line_epoch
        self._line_epoch = t.line_epoch
        return Frame(
            number=number,
            columns=t.columns,
            lines=t.lines,
            attribute_epoch=self._epoch,
            attributes=self._numbers.take_fresh(),
            moved=tuple(moved),
            changed=tuple(changed),
            cursor=Cursor(t.x, t.y, 25 in t.modes, t.cursor_shape, t.cursor_blinking),
            modes=modes,
            line_epoch=t.line_epoch,
            first_line=t.scrollback.end,
            oldest_line=oldest_line(t),
            followed=t.follow_number if reflowed else 0,
            places=tuple(t.followed) if reflowed else (),
            title=t.title,
            palette=dict(t.palette),
            marks=t.mark_changes,
        )

    def _compare(self, t: Terminal, changed: list[ChangedRow], moved: list[MovedRow]) -> None:
        places: dict[Row, int] = {}
        for y, row in enumerate(t.rows):
            if self._rows[y] is row and self._versions[y] == row.version:
                continue
            if not places:
                places = {old: place for place, old in enumerate(self._rows)}
            source = places.get(row, -1)
            if source >= 0 and self._versions[source] == row.version:
                moved.append(MovedRow(y, source))
            else:
                changed.append(ChangedRow(y, row_to_line(row, t, self._numbers)))
