"""The switch between tabs and grid in the tab bar."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from podium.core.commands import CommandId
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import FOCUS_RING, fill_round, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.widgets.command_tip import CommandTip
from podium.workspace.arrangement import Layout


class _Segment(QAbstractButton):
    """One side of the switch."""

    accessible_role = QAccessible.Role.RadioButton

    def __init__(self, themes: ThemeManager, text: str, icon: str) -> None:
        super().__init__()
        self._themes = themes
        self._icon_name = icon
        self._icon_only = False
        self.setText(text)
        self.setAccessibleName(text)
        CommandTip(self, CommandId.TOGGLE_LAYOUT, text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(22)
        themes.changed.connect(self.update)

    def set_icon_only(self, icon_only: bool) -> None:
        self._icon_only = icon_only
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        if self._icon_only:
            return QSize(32, 22)
        return QSize(round(QFontMetricsF(font(Role.SMALL, 600)).horizontalAdvance(self.text())) + 38, 22)

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        on = self.isChecked()
        if on:
            fill_round(painter, rect, 5, chrome.selected if self._themes.colors.dark else chrome.raised)
            stroke_round(painter, rect, 5, chrome.border_strong)
        tint = chrome.text if on or self.underMouse() else chrome.text_2
        left = 8 if self._icon_only else 9
        paint_icon(painter, self._icon_name, tint, left, 3)
        if not self._icon_only:
            painter.setFont(font(Role.SMALL, 600 if on else 500))
            paint_text(painter, rect.adjusted(left + 20, 0, 0, 0), self.text(), tint)
        if self.hasFocus():
            stroke_round(painter, rect, 5, chrome.focus_ring, FOCUS_RING)


class LayoutSwitch(QWidget):
    """Tabs | Grid."""

    chosen = Signal(object)
    """A Layout."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._segments = {
            Layout.TABS: _Segment(themes, "Tabs", "tabs"),
            Layout.GRID: _Segment(themes, "Grid", "grid"),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for layout, segment in self._segments.items():
            row.addWidget(segment)
            segment.clicked.connect(lambda _checked=False, layout=layout: self.chosen.emit(layout))
        self.setFixedHeight(26)
        themes.changed.connect(self.update)

    def show_layout(self, current: Layout) -> None:
        for layout, segment in self._segments.items():
            segment.setChecked(layout is current)

    def set_icon_only(self, icon_only: bool) -> None:
        for segment in self._segments.values():
            segment.set_icon_only(icon_only)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self._themes.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        fill_round(painter, rect, 6, colors.chrome.sunken if colors.dark else colors.chrome.canvas)
        stroke_round(painter, rect, 6, colors.chrome.border)
