"""A view as it is read: its text and cursor at this moment, and the events that tell of changes."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleInterface,
    QAccessibleTextCursorEvent,
    QAccessibleTextUpdateEvent,
)
from PySide6.QtWidgets import QWidget

from podium.core.protocol.frames import ScreenMode
from podium.ui.terminal.accessible.new_output import NewOutput
from podium.ui.terminal.accessible.view_text import ViewText
from podium.ui.terminal.hit_tester import HitTester
from podium.ui.terminal.model.cells import cell_bounds, cells
from podium.ui.terminal.model.screen_model import line_text

_TELL_MS: Final = 100
"""What happens within this time is told as one change."""
_SAY_MS: Final = 400
"""Output is read aloud when nothing more came for so long, or at the latest after this time four times over."""
_LONGEST: Final = 4


class TerminalReading(QObject):
    """Costs nothing while no assistive technology listens."""

    def __init__(self, view: QWidget, hit_tester: HitTester) -> None:
        super().__init__(view)
        self.view = view
        self.interface: QAccessibleInterface | None = None
        self._hit_tester = hit_tester
        self._state = hit_tester.state
        self._told = ViewText(())
        self._told_cursor = -1
        self._output = NewOutput()
        self._typed = False
        self._put_off = 0
        self._tell_timer = self._timer(_TELL_MS, self._tell)
        self._say_timer = self._timer(_SAY_MS, self._say)

    def _timer(self, milliseconds: int, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(call)
        return timer

    # What there is

    def text(self) -> ViewText:
        """The rows in view."""
        return ViewText([cells(row.line) if row.line is not None else [] for row in self._state.rows()])

    def cursor_offset(self) -> int:
        """Where the cursor is in the text; its end while the cursor does not show."""
        return self._cursor_in(self.text())

    def _cursor_in(self, text: ViewText) -> int:
        found = self._state.cursor()
        return text.offset(found[0], found[1].x) if found is not None else text.length

    def rect(self, offset: int) -> QRect:
        """The cell of a character, in global logical pixels."""
        row, column = self.text().place(offset)
        geometry = self._hit_tester.canvas.geometry
        line = self._state.model.line_at(self._state.viewport.top + row)
        bounds = cell_bounds(line, column)
        first, end = next(iter(self._hit_tester.shown_spans(row, *bounds)), bounds)
        area = geometry.to_logical(geometry.cell_rect(row, first, end - first))
        return area.translated(self.view.mapToGlobal(QPoint(0, 0)))

    def offset_at(self, point: QPoint) -> int:
        """The offset of the character at a global position."""
        cell = self._hit_tester.pointed_cell(QPointF(self.view.mapFromGlobal(point)))
        return self.text().offset(cell.row, cell.column)

    # What happens

    def changed(self) -> None:
        """The view shows something else now, or its cursor is elsewhere."""
        if not QAccessible.isActive() or not self.view.isVisible():
            return
        if not self._tell_timer.isActive():
            self._tell_timer.start()
        if self._put_off < _LONGEST or not self._say_timer.isActive():
            self._put_off += 1
            self._say_timer.start()

    def typed(self) -> None:
        """The person typed: what that changes in the cursor's line is no output."""
        self._typed = True

    def _tell(self) -> None:
        text = self.text()
        cursor = self._cursor_in(text)
        change = text.change_from(self._told)
        if change is not None:
            QAccessible.updateAccessibility(
                QAccessibleTextUpdateEvent(self.view, change.offset, change.removed, change.inserted)
            )
        if cursor != self._told_cursor:
            QAccessible.updateAccessibility(QAccessibleTextCursorEvent(self.view, cursor))
        self._told, self._told_cursor = text, cursor

    def _say(self) -> None:
        self._put_off = 0
        model = self._state.model
        line = model.first_line + model.cursor.y
        typing, self._typed = self._typed, False
        if not self.view.hasFocus() or model.has_mode(ScreenMode.ALTERNATE_SCREEN) or not model.has_content:
            self._output.skip(model.line_epoch, line)
            return
        said = self._output.take(model.line_epoch, line, self._line, typing=typing)
        if said:
            event = QAccessibleAnnouncementEvent(self.view, said)
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
            QAccessible.updateAccessibility(event)

    def _line(self, number: int) -> str | None:
        line = self._state.model.line_at(number)
        return line_text(line) if line is not None else None
