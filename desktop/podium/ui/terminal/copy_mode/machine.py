"""Copy mode as a state machine: keys in, the cursor's place and the selection out. Qt-free."""

from collections import deque
from enum import Enum, auto
from typing import Final, NamedTuple

from podium.core.protocol.frames import Place
from podium.core.protocol.requests import KeyInput
from podium.ui.terminal.copy_mode.keys import COMMANDS, FINDS, Action, Meaning, digit_of, meaning_of
from podium.ui.terminal.copy_mode.motions import STEPS, find, row_end
from podium.ui.terminal.copy_mode.text import Cell, LineSource, NeedsLine

MAX_COUNT: Final = 99_999
MAX_TIMES: Final = 2000
"""Times that one key repeats a motion that looks at text: the window waits for it."""
MAX_QUEUED: Final = 64
"""Keys that wait while a motion waits for lines."""
MAX_FETCHES: Final = 1000
"""Times that one motion may wait for lines: one that would need more has lost its way."""
_ENDLESS: Final = 1 << 30
"""The column that ``$`` leads to in every row."""
_FIND_BACK: Final = {
    Action.FIND_NEXT: Action.FIND_BACK,
    Action.FIND_BACK: Action.FIND_NEXT,
    Action.TILL_NEXT: Action.TILL_BACK,
    Action.TILL_BACK: Action.TILL_NEXT,
}


class SelectionKind(Enum):
    CHARACTERS = auto()
    LINES = auto()
    BLOCK = auto()


_KINDS: Final = {
    Action.SELECT_CHARACTERS: SelectionKind.CHARACTERS,
    Action.SELECT_LINES: SelectionKind.LINES,
    Action.SELECT_BLOCK: SelectionKind.BLOCK,
}


class Outcome(Enum):
    STAY = auto()
    COPY = auto()
    """Copy what is selected, and leave."""
    LEAVE = auto()
    SEARCH = auto()
    """Let the person say what to search for; ``go_to`` when it is found."""
    OLDER_MATCH = auto()
    NEWER_MATCH = auto()
    """``go_to`` the next match there is."""


_OUTCOMES: Final = {
    Action.COPY: Outcome.COPY,
    Action.LEAVE: Outcome.LEAVE,
    Action.SEARCH: Outcome.SEARCH,
    Action.OLDER_MATCH: Outcome.OLDER_MATCH,
    Action.NEWER_MATCH: Outcome.NEWER_MATCH,
}


class Selected(NamedTuple):
    """From ``anchor`` to the cursor, both inclusive."""

    kind: SelectionKind
    anchor: Cell


class _Motion(NamedTuple):
    """A motion on its way, ``times`` times more; ``character`` is what a find looks for, ``again`` if it did before."""

    action: Action
    times: int
    character: str = ""
    again: bool = False
    fetches: int = 0


class CopyMode:
    """States: ready; a find waits for its character; a motion waits for a line (``wanted``), and keys queue."""

    def __init__(self, source: LineSource, cursor: Cell, top: int) -> None:
        """``top`` is the first line in view."""
        self._source = source
        self._column = cursor.column
        """The column that vertical motions return to."""
        self._count = 0
        self._finding: Action | None = None
        self._last_find: tuple[Action, str] | None = None
        self._motion: _Motion | None = None
        self._queue: deque[KeyInput] = deque(maxlen=MAX_QUEUED)
        self.cursor = cursor
        self.top = top
        self.selected: Selected | None = None
        self.wanted: int | None = None
        """The line that a motion waits for."""
        self.clamp()

    @property
    def count(self) -> int:
        """The count that was typed so far; 0 for none."""
        return self._count

    def press(self, key: KeyInput) -> Outcome:
        """A key went down."""
        if self._motion is not None:
            meaning = meaning_of(key)
            if meaning is not None and meaning.action is Action.LEAVE:
                return Outcome.LEAVE
            self._queue.append(key)
            return Outcome.STAY
        if self._finding is not None:
            return self._find_character(key)
        digit = digit_of(key)
        if digit is not None and (digit or self._count):
            self._count = min(self._count * 10 + digit, MAX_COUNT)
            return Outcome.STAY
        meaning = meaning_of(key)
        if meaning is None:
            # A modifier alone comes in front of what it is for.
            self._count = self._count if not key.text else 0
            return Outcome.STAY
        return self._act(meaning)

    def lines_arrived(self) -> Outcome:
        """More lines are known: go on with the motion that waits for one, and then with the keys behind it."""
        if self._motion is not None and self.wanted is not None:
            if self._source.line_at(self.wanted) is None:
                return Outcome.STAY
            motion, self._motion, self.wanted = self._motion, None, None
            self._move(motion)
        return self._drain()

    def give_up(self) -> Outcome:
        """The line that a motion waits for does not come: it ends where it is."""
        self._motion = self.wanted = None
        return self._drain()

    def go_to(self, cell: Cell) -> None:
        """What was searched for is there; a selection reaches to it."""
        self._motion = self.wanted = None
        self._put(cell)

    def look_at(self, top: int) -> None:
        """The view was scrolled by other means; the cursor stays on its text."""
        self.top = top

    def clamp(self) -> None:
        """Lines may be gone, or the screen may have another size."""
        self.cursor = self._clamped(self.cursor)
        if self.selected is not None:
            self.selected = self.selected._replace(anchor=self._clamped(self.selected.anchor))
        if self.wanted is not None and not self._source.first <= self.wanted <= self._source.last:
            self._motion = self.wanted = None

    def renumbered(self, top: int, moved: tuple[Place, ...] = ()) -> None:
        """All lines flowed anew, and the view begins with line ``top`` now. The cursor and where the selection began
        are at ``moved``; where that is not known the place in the view is kept, and nothing selected.
        """
        self._motion = self.wanted = None
        self._queue.clear()
        kept = self.selected if len(moved) > 1 else None
        self.selected = None
        if kept is not None and kept.kind is not SelectionKind.BLOCK:
            self.selected = kept._replace(anchor=Cell(*moved[1]))
        self.cursor = (
            Cell(*moved[0]) if moved else Cell(self.cursor.line + top - self.top, self.cursor.column)
        )
        self.top = top
        self.clamp()
        if moved:
            self._column = self.cursor.column
            self._show_cursor()

    # Keys

    def _drain(self) -> Outcome:
        while self._queue and self._motion is None:
            outcome = self.press(self._queue.popleft())
            if outcome is not Outcome.STAY:
                return outcome
        return Outcome.STAY

    def _find_character(self, key: KeyInput) -> Outcome:
        if not key.text:
            return Outcome.STAY  # Shift of what comes.
        action, self._finding = self._finding, None
        if action is not None and key.text.isprintable():
            self._last_find = action, key.text
            self._move(_Motion(action, self._take_count(), key.text))
        self._count = 0
        return Outcome.STAY

    def _act(self, meaning: Meaning) -> Outcome:
        action = meaning.action
        if action in COMMANDS:
            self._count = 0
            return self._command(action)
        if meaning.extends and self.selected is None:
            self.selected = Selected(SelectionKind.CHARACTERS, self.cursor)
        if action in FINDS:
            self._finding = action
        elif action in (Action.FIND_AGAIN, Action.FIND_AGAIN_BACK):
            count = self._take_count()
            if self._last_find is not None:
                last, character = self._last_find
                back = action is Action.FIND_AGAIN_BACK
                self._move(_Motion(_FIND_BACK[last] if back else last, count, character, again=True))
        elif action in STEPS:
            self._move(_Motion(action, self._take_count()))
        else:
            given, count = self._count, self._take_count()
            self._go(action, count, given)
        return Outcome.STAY

    def _command(self, action: Action) -> Outcome:
        if action in _OUTCOMES:
            return _OUTCOMES[action]
        if action is Action.SWAP_ENDS:
            if self.selected is not None:
                cursor = self.selected.anchor
                self.selected = self.selected._replace(anchor=self.cursor)
                self._put(cursor)
            return Outcome.STAY
        kind = _KINDS[action]
        if self.selected is None:
            self.selected = Selected(kind, self.cursor)
        elif self.selected.kind is kind:
            self.selected = None
        else:
            self.selected = self.selected._replace(kind=kind)
        return Outcome.STAY

    def _take_count(self) -> int:
        count, self._count = max(1, self._count), 0
        return count

    # Motions

    def _move(self, motion: _Motion) -> None:
        """Step by step, until it is done or needs a line."""
        action, left, character, again, fetches = motion
        left = min(left, MAX_TIMES)
        while left:
            before = self.cursor
            try:
                if character:
                    self._put(find(self._source, before, action, character, again))
                    again = True
                else:
                    self._put(STEPS[action](self._source, before))
            except NeedsLine as missing:
                self._put(missing.at)
                if fetches < MAX_FETCHES:
                    self._motion = _Motion(action, left, character, again, fetches + 1)
                    self.wanted = missing.line
                return
            if self.cursor == before:
                break
            left -= 1
        if action is Action.ROW_END:
            self._column = _ENDLESS

    def _go(self, action: Action, count: int, given: int) -> None:
        """Motions by rows; they keep the column. ``given`` is the count that was typed, 0 for none."""
        source, line = self._source, self.cursor.line
        page = max(1, source.page - 1)
        match action:
            case Action.UP:
                line -= count
            case Action.DOWN:
                line += count
            case Action.VIEW_TOP:
                line = min(self.top + count - 1, self._view_end())
            case Action.VIEW_MIDDLE:
                line = (self.top + self._view_end()) // 2
            case Action.VIEW_BOTTOM:
                line = max(self.top, self._view_end() - count + 1)
            case Action.FIRST_LINE:
                line = source.first + count - 1
            case Action.LAST_LINE:
                line = source.first + given - 1 if given else self._last_text()
            case Action.HALF_PAGE_UP | Action.PAGE_UP | Action.HALF_PAGE_DOWN | Action.PAGE_DOWN:
                half = action in (Action.HALF_PAGE_UP, Action.HALF_PAGE_DOWN)
                up = action in (Action.HALF_PAGE_UP, Action.PAGE_UP)
                rows = (max(1, source.page // 2) if half else page) * count * (-1 if up else 1)
                self.top += rows
                line += rows
        self._to_line(line)

    def _view_end(self) -> int:
        return min(self.top + self._source.page - 1, self._source.last)

    def _last_text(self) -> int:
        """The last row with text; the screen's rows are always known."""
        line = self._source.last
        while line > self._source.first:
            found = self._source.line_at(line)
            if found is None or found.line.runs:
                break
            line -= 1
        return line

    def _to_line(self, line: int) -> None:
        column = self._column
        line = min(max(line, self._source.first), self._source.last)
        if column == _ENDLESS:
            column = self._row_end(line)
        self.cursor = self._clamped(Cell(line, column))
        self._show_cursor()

    def _row_end(self, line: int) -> int:
        try:
            return row_end(self._source, Cell(line, 0)).column
        except NeedsLine:
            return 0

    def _put(self, cell: Cell) -> None:
        self.cursor = self._clamped(cell)
        self._column = self.cursor.column
        self._show_cursor()

    def _clamped(self, cell: Cell) -> Cell:
        line = min(max(cell.line, self._source.first), self._source.last)
        return Cell(line, min(max(cell.column, 0), max(0, self._source.columns - 1)))

    def _show_cursor(self) -> None:
        """Scroll as little as brings the cursor into view."""
        page = max(1, self._source.page)
        highest = max(self._source.first, self._source.last - page + 1)
        self.top = min(
            max(self.top, self.cursor.line - page + 1, self._source.first), self.cursor.line, highest
        )
