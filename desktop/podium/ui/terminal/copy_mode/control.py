"""Copy mode of one view: gives the keys to the machine, and shows where that is."""

from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from podium.core.protocol.frames import ScreenMode
from podium.core.protocol.reports import LinesReport, Match
from podium.core.protocol.requests import KeyInput, LinesWanted
from podium.core.themes import ThemeVariant
from podium.ui.terminal.copy_mode.bar import CopyModeBar
from podium.ui.terminal.copy_mode.machine import CopyMode, Outcome, SelectionKind
from podium.ui.terminal.copy_mode.text import Cell
from podium.ui.terminal.input.keyboard import key_input
from podium.ui.terminal.model.cells import cell_bounds
from podium.ui.terminal.model.line_cache import StyledLine
from podium.ui.terminal.model.screen_model import ScreenModel
from podium.ui.terminal.scrolling.scroll import REQUEST_PATIENCE
from podium.ui.terminal.selection.selection import Point, SelectionMode
from podium.ui.terminal.view_state import ViewState

FETCHED_LINES: Final = 1000
"""Lines that are asked for at once when a motion needs one."""


class CopyHost(Protocol):
    """The view, as copy mode uses it."""

    def refresh(self) -> None: ...

    def copy(self) -> None:
        """What is selected, to the clipboard."""

    def choose_match(self, match: Match) -> None: ...

    def uncover(self, line: int) -> None:
        """Have this line, which is in view, in sight."""


class CopyModeControl(QObject):
    """The program gets no key while it is on. Output goes on, and the view stays where it is."""

    requested = Signal(object)
    """A LinesWanted for the session."""
    search_requested = Signal()
    """Open what searches this view."""

    def __init__(
        self,
        state: ViewState,
        next_request: Callable[[], int],
        theme: ThemeVariant,
        host: CopyHost,
        view: QWidget,
    ) -> None:
        super().__init__(view)
        self._state = state
        self._next_request = next_request
        self._host = host
        self._bar = CopyModeBar(theme, view)
        self._mode: CopyMode | None = None
        self._began_at_bottom = True
        self._epoch = 0
        self._alternate = False
        self._asked: int | None = None
        """The number of the request for lines that waits."""
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(round(REQUEST_PATIENCE * 1000))
        self._patience.timeout.connect(self._on_no_answer)

    @property
    def active(self) -> bool:
        return self._mode is not None

    def set_theme(self, theme: ThemeVariant) -> None:
        self._bar.set_theme(theme)

    def toggle(self) -> None:
        if self.active:
            self.leave()
        else:
            self.enter()

    def enter(self) -> None:
        """Begin where the program's cursor is, or at the lowest row in view."""
        model, viewport = self._state.model, self._state.viewport
        if self._mode is not None or not model.has_content:
            return
        self._began_at_bottom = viewport.at_bottom
        viewport.hold()
        found = self._state.cursor(composing=True)
        row, column = (found[0], found[1].x) if found is not None else (model.lines - 1, 0)
        self._state.selection.clear()
        self._remember()
        self._mode = CopyMode(_Lines(model), Cell(viewport.top + row, column), viewport.top)
        self._show()
        self._host.refresh()

    def leave(self, *, stay: bool = False) -> None:
        """End it. A view that showed the newest line shows it again, unless it is to ``stay``."""
        if self._mode is None:
            return
        self._mode = None
        self._forget_question()
        self._bar.hide()
        self._state.copy_cursor = self._state.copy_anchor = None
        self._state.viewport.release()
        if not stay:
            self._state.selection.clear()
            if self._began_at_bottom:
                self._state.viewport.to_bottom()
        self._host.refresh()
        if not stay:  # Else the mouse is pressed: the view must not move under it.
            self._host.uncover(self._state.viewport.top + self._state.model.lines - 1)

    def press(self, event: QKeyEvent) -> None:
        key = key_input(event)
        if key is not None:
            self._press(key)

    def commit(self, text: str) -> None:
        """Text of an input method: its characters are keys."""
        for character in text:
            self._press(KeyInput("", character))

    def frame_applied(self) -> None:
        """The model shows a new frame: stay on the same text in it."""
        mode, model = self._mode, self._state.model
        if mode is None:
            return
        if model.line_epoch != self._epoch:
            mode.renumbered(self._state.viewport.top, self._state.copying_moved)
            self._forget_question()
        elif model.has_mode(ScreenMode.ALTERNATE_SCREEN) != self._alternate:
            mode.selected = None
        mode.clamp()
        self._remember()
        self._show()

    def lines_applied(self, report: LinesReport) -> None:
        """More lines of the scrollback are known."""
        mode = self._mode
        if mode is None or mode.wanted is None:
            return
        if self._state.model.line_at(mode.wanted) is not None:
            self._finish(mode.lines_arrived())
        elif report.request == self._asked and not report.more:
            self._finish(mode.give_up())

    def scrolled(self) -> None:
        """The view was scrolled with the wheel, or the scroll bar."""
        if self._mode is not None:
            self._mode.look_at(self._state.viewport.top)
            self._place_bar()
            self._host.uncover(self._mode.cursor.line)

    def revealed(self) -> None:
        """A match was brought into view: it is the cursor's new place."""
        current = self._state.results.current
        if self._mode is not None:
            self._mode.look_at(self._state.viewport.top)
            if current is not None:
                self._mode.go_to(Cell(current.line, current.column))
            self._show()

    def resized(self) -> None:
        if self._mode is not None:
            self._place_bar()

    def set_covered(self, top: int, bottom: int) -> None:
        """So many pixels at the view's edges are out of sight: its bar keeps off them."""
        self._bar.covered_top, self._bar.covered_bottom = top, bottom
        self._place_bar()

    # Inside

    def _press(self, key: KeyInput) -> None:
        if self._mode is not None:
            self._finish(self._mode.press(key))

    def _finish(self, outcome: Outcome) -> None:
        """Show what came of a key."""
        if self._mode is None:
            return
        if self._mode.wanted is None:
            self._forget_question()
        match outcome:
            case Outcome.LEAVE:
                self.leave()
            case Outcome.COPY:
                self._show()
                self._host.copy()
                self.leave()
            case Outcome.SEARCH:
                self.search_requested.emit()
            case Outcome.OLDER_MATCH | Outcome.NEWER_MATCH:
                self._step(older=outcome is Outcome.OLDER_MATCH)
            case Outcome.STAY:
                self._show()
                self._host.refresh()
                self._ask()

    def _step(self, *, older: bool) -> None:
        """Go to the nearest match beyond the cursor, if any are marked."""
        mode, results = self._mode, self._state.results
        if mode is None or not self._state.shows_results:
            return
        here = mode.cursor
        beyond = [
            one
            for one in results.matches
            if ((one.line, one.column) < here if older else (one.line, one.column) > here)
        ]
        if beyond:
            self._host.choose_match(beyond[-1 if older else 0])

    def _remember(self) -> None:
        model = self._state.model
        self._epoch = model.line_epoch
        self._alternate = model.has_mode(ScreenMode.ALTERNATE_SCREEN)

    def _show(self) -> None:
        """Have the view show the machine's place and selection."""
        mode, state = self._mode, self._state
        if mode is None:
            return
        state.viewport.move_to(mode.top)
        mode.look_at(state.viewport.top)
        state.copy_cursor = mode.cursor
        state.copy_anchor = mode.selected.anchor if mode.selected is not None else None
        self._select(mode)
        self._bar.show_state(mode, self._is_low(mode))
        self._host.uncover(mode.cursor.line)

    def _place_bar(self) -> None:
        if self._mode is not None:
            self._bar.place(self._is_low(self._mode))

    def _is_low(self, mode: CopyMode) -> bool:
        return 2 * (mode.cursor.line - self._state.viewport.top) >= self._state.model.lines

    def _select(self, mode: CopyMode) -> None:
        selection, model = self._state.selection, self._state.model
        if mode.selected is None:
            selection.clear()
            return
        anchor, cursor = mode.selected.anchor, mode.cursor
        start, end = sorted((anchor, cursor))
        match mode.selected.kind:
            case SelectionKind.CHARACTERS:
                selection.select(
                    Point(start.line, cell_bounds(model.line_at(start.line), start.column)[0]),
                    Point(end.line, cell_bounds(model.line_at(end.line), end.column)[1]),
                )
            case SelectionKind.LINES:
                selection.begin(anchor.line, 0, False, SelectionMode.LINES)
                selection.extend(cursor.line, 0, False)
            case SelectionKind.BLOCK:
                right = cursor.column >= anchor.column
                selection.begin(anchor.line, self._side(anchor, not right), not right, SelectionMode.BLOCK)
                selection.extend(cursor.line, self._side(cursor, right), right)

    def _side(self, cell: Cell, right: bool) -> int:
        """The column of the cell's half on that side: a selection takes all of a character or nothing."""
        start, end = cell_bounds(self._state.model.line_at(cell.line), cell.column)
        return end - 1 if right else start

    def _ask(self) -> None:
        """Ask for the line that a motion waits for, with those beside it that it is likely to need next."""
        mode, model = self._mode, self._state.model
        if mode is None or mode.wanted is None or self._asked is not None:
            return
        first = mode.wanted
        if first <= mode.cursor.line:
            first = max(model.oldest_line, mode.wanted - FETCHED_LINES + 1)
        self._asked = self._next_request()
        self._patience.start()
        self.requested.emit(LinesWanted(self._asked, first, FETCHED_LINES))

    def _forget_question(self) -> None:
        self._asked = None
        self._patience.stop()

    def _on_no_answer(self) -> None:
        self._asked = None
        if self._mode is not None and self._mode.wanted is not None:
            self._finish(self._mode.give_up())


class _Lines:
    """A LineSource of what a view knows."""

    def __init__(self, model: ScreenModel) -> None:
        self._model = model

    @property
    def columns(self) -> int:
        return self._model.columns

    @property
    def first(self) -> int:
        model = self._model
        return model.first_line if model.has_mode(ScreenMode.ALTERNATE_SCREEN) else model.oldest_line

    @property
    def last(self) -> int:
        return self._model.first_line + self._model.lines - 1

    @property
    def page(self) -> int:
        return self._model.lines

    def line_at(self, number: int) -> StyledLine | None:
        return self._model.line_at(number)
