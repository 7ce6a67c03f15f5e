"""The names of the columns. Each is a button that sorts by its column; again, the other way round."""

from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from podium.history.run_list import RunOrder
from podium.ui.history.columns import COLUMNS, SCROLL_BAR, placed
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import FOCUS_RING, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager

_HEIGHT: Final = 32
_ARROW: Final = 12
_INSET: Final = 6
"""Around the text, for the ring of the focus."""
_UP_FIRST: Final = (RunOrder.INSTANCE, RunOrder.FOLDER, RunOrder.OUTCOME)
"""Of names the first ones come first, of figures the greatest."""


class _SortButton(QAbstractButton):
    accessible_role = QAccessible.Role.ColumnHeader

    def __init__(self, themes: ThemeManager, order: RunOrder, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._column = COLUMNS[order]
        self._arrow = ""
        self.setText(self._column.title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_sorted(None)

    def show_sorted(self, ascending: bool | None) -> None:
        """None: something else is sorted by."""
        self._arrow = "" if ascending is None else ("chevron-up" if ascending else "chevron")
        sorted_by = "" if ascending is None else f", sorted {'upwards' if ascending else 'downwards'}"
        self.setAccessibleName(f"{self._column.title}{sorted_by}")
        self.setToolTip(f"Sort by {self._column.title.lower()}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(Role.CAPTION, 600))
        tint = chrome.text if self._arrow or self.underMouse() else chrome.text_2
        rect = QRectF(self.rect()).adjusted(_INSET, 0, -_INSET, 0)
        width = QFontMetricsF(painter.font()).horizontalAdvance(self.text())
        middle = (self.height() - _ARROW) // 2
        if self._column.right:
            paint_text(painter, rect, self.text(), tint, Qt.AlignmentFlag.AlignRight)
            arrow_at = rect.right() - width - _ARROW - 3
        else:
            paint_text(painter, rect, self.text(), tint)
            arrow_at = rect.left() + width + 3
        if self._arrow:
            paint_icon(painter, self._arrow, tint, round(arrow_at), middle, _ARROW)
        if self.hasFocus():
            stroke_round(painter, QRectF(self.rect()).adjusted(0, 4, 0, -4), 4, chrome.focus_ring, FOCUS_RING)


class SortHeader(QWidget):
    """Stands above the table, as wide as it is."""

    sorted = Signal(object, bool)
    """A RunOrder, and whether it is upwards."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._order, self._ascending = RunOrder.STARTED, False
        self.setFixedHeight(_HEIGHT)
        self.buttons = {order: _SortButton(themes, order, self) for order in COLUMNS}
        for order, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, order=order: self._on_clicked(order))
        self.show_order(self._order, self._ascending)
        themes.changed.connect(self.update)

    def show_order(self, order: RunOrder, ascending: bool) -> None:
        self._order, self._ascending = order, ascending
        for other, button in self.buttons.items():
            button.show_sorted(ascending if other is order else None)

    def _on_clicked(self, order: RunOrder) -> None:
        upwards = not self._ascending if order is self._order else order in _UP_FIRST
        self.sorted.emit(order, upwards)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        places = placed(self.width() - SCROLL_BAR)
        for order, button in self.buttons.items():
            button.setVisible(order in places)
            if order in places:
                left, width = places[order]
                button.setGeometry(left - _INSET, 0, width + 2 * _INSET, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._themes.colors.chrome.border_strong)
