"""The things under a point of a view at this moment: cells and the scrollbar."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRect

from podium.core.protocol.frames import ScreenMode
from podium.core.protocol.reports import Match
from podium.ui.terminal.model.cell_position import CellPosition
from podium.ui.terminal.model.visual_order import VisualOrder, visual_spans
from podium.ui.terminal.painting.canvas import (
    FAILED_INSET,
    FAILED_TICK,
    NO_TICKS,
    TICK,
    Canvas,
    CursorContent,
    Ticks,
)
from podium.ui.terminal.painting.geometry import PointedCell
from podium.ui.terminal.scrolling.scrollbar import ScrollBar
from podium.ui.terminal.view_state import ViewState


class HitTester:
    """A scene laid out by a canvas in a widget of ``width`` × ``height`` logical pixels."""

    def __init__(self, state: ViewState, canvas: Canvas) -> None:
        self.state = state
        self.canvas = canvas
        self.scrollbar = ScrollBar()
        self.width = 0
        self.height = 0

    @property
    def line_height(self) -> float:
        return self.canvas.geometry.line_height

    def pointed_cell(self, position: QPointF) -> PointedCell:
        """The cell of the view nearest to a point, as text has them: not where they are shown.

        Where text runs from right to left, the half that follows is the left one.
        """
        shown = self._shown_cell(position)
        order = self._order(shown.row)
        if order is None:
            return shown
        column = order.column(shown.column)
        return PointedCell(shown.row, column, shown.right_half != order.is_left(column))

    def _shown_cell(self, position: QPointF) -> PointedCell:
        model = self.state.model
        return self.canvas.geometry.cell_at(position, model.columns, model.lines)

    def _order(self, row: int) -> VisualOrder | None:
        return self.state.orders.of(self.state.viewport.top + row)

    def shown_spans(self, row: int, start: int, end: int) -> list[tuple[int, int]]:
        """The columns of the view [first, end) in which columns ``start`` up to ``end`` of the text in a row show."""
        return visual_spans(self._order(row), start, end)

    def screen_position(self, position: QPointF) -> CellPosition | None:
        """The cell of the live screen at a point; None while scrollback is shown there."""
        cell, state = self.pointed_cell(position), self.state
        above = state.viewport.top - state.model.first_line
        if cell.row + above < 0:
            return None
        if not state.program_modes & ScreenMode.MOUSE_PIXELS:
            return CellPosition(cell.column, cell.row + above)
        x, y = self.canvas.geometry.pixel_at(position, state.model.columns, state.model.lines)
        x += (cell.column - self._shown_cell(position).column) * self.canvas.font.width
        return CellPosition(cell.column, cell.row + above, x, y + above * self.canvas.font.height)

    def rows_outside(self, position: QPointF) -> int:
        """The number of rows that a point is above (negative) or below the text."""
        return self.canvas.geometry.rows_outside(position, self.state.model.lines)

    def text_cell(self, position: QPointF) -> tuple[int, int] | None:
        """Absolute line and column of the cell at a point; None beside the grid and over the scrollbar."""
        model, geometry = self.state.model, self.canvas.geometry
        shown = self._shown_cell(position)
        area = geometry.to_logical(geometry.cell_rect(shown.row, shown.column))
        if not model.has_content or self.is_over_scrollbar(position) or not area.contains(position.toPoint()):
            return None
        cell = self.pointed_cell(position)
        return self.state.viewport.top + cell.row, cell.column

    def cursor(self, focused: bool, composing: bool = False) -> CursorContent | None:
        """The cursor where it shows, or where composed text would."""
        found = self.state.cursor(composing)
        if found is None:
            return None
        row, cursor = found
        line = self.state.model.line_at(self.state.viewport.top + row)
        return CursorContent(row, cursor, focused, line, self._order(row))

    @property
    def scrollbar_is_hot(self) -> bool:
        return self.scrollbar.hovered or self.scrollbar.dragging

    def scrollbar_thumb(self) -> QRect:
        """Empty when there is nothing to scroll."""
        if not self.state.can_scroll:
            return QRect()
        viewport, model = self.state.viewport, self.state.model
        above = viewport.top - model.oldest_line
        return self.scrollbar.thumb(self.width, self.height, viewport.scrollback, model.lines, above)

    def scrollbar_target(self, y: float) -> int:
        """The line to show first when the grabbed thumb is dragged to ``y``."""
        model, viewport = self.state.model, self.state.viewport
        return model.oldest_line + self.scrollbar.drag(y, self.height, viewport.scrollback, model.lines)

    def ticks(self) -> Ticks:
        """The marks of a search's matches and of failed commands on the scroll bar."""
        state, results = self.state, self.state.results
        if not state.can_scroll:
            return NO_TICKS
        failed = self._places(state.failed_prompts.lines_apart(self._apart(FAILED_TICK[1])))
        if not state.shows_results:
            return Ticks(failed=failed)
        current = results.current
        at = None if current is None else self._places([current.line])[0]
        return Ticks(self._places(results.lines_apart(self._apart(TICK[1]))), at, failed)

    def _places(self, lines: Iterable[int]) -> tuple[int, ...]:
        oldest, every = self.state.model.oldest_line, self._lines
        return tuple(self.scrollbar.tick_y(line, oldest, every, self.height) for line in lines)

    def _apart(self, height: int) -> int:
        """The number of lines between ticks of this height that do not touch."""
        return 2 * height * self._lines // max(1, self.height)

    def tick_at(self, position: QPointF) -> Match | int | None:
        """The match, or the line of the failed command, whose tick is at a point beside the thumb."""
        if self.scrollbar_thumb().contains(position.toPoint()):
            return None
        lines = self._lines
        line = self.scrollbar.line_at(position.y(), self.state.model.oldest_line, lines, self.height)
        reach = self.scrollbar.tick_reach(lines, self.height)
        match = self.state.results.nearest(line, reach) if self.state.shows_results else None
        failed = self.state.failed_prompts.nearest(line, reach)
        if match is None or failed is None:
            return failed if match is None else match
        return failed if position.x() < self.width - FAILED_INSET else match

    @property
    def _lines(self) -> int:
        return self.state.viewport.scrollback + self.state.model.lines

    def is_over_scrollbar(self, position: QPointF) -> bool:
        area = self.scrollbar.hot_area(self.width, self.height)
        return self.state.can_scroll and area.contains(position.toPoint())
