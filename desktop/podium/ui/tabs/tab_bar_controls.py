"""The right end of the tab bar: the waiting chip and the switch between tabs and grid."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import FOCUS_RING, fill_round, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager, color
from podium.ui.theme.state_shapes import BOX, paint_state
from podium.workspace.arrangement import Layout
from podium.workspace.views import InstanceState


class WaitingChip(QAbstractButton):
    """``1 waiting``: jumps to the one that waits longest. Filled while one of them has no tab in sight."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._filled = False
        self.setFont(font(Role.SMALL, 600))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        themes.changed.connect(self.update)

    def show_count(self, count: int, *, filled: bool) -> None:
        self._filled = filled
        self.setText(f"{count} waiting")
        self.setAccessibleName(f"{count} waiting, go to the one that waits longest")
        self.setVisible(count > 0)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(QFontMetricsF(self.font()).horizontalAdvance(self.text())) + 46, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self._themes.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        rect = QRectF(self.rect())
        radius = rect.height() / 2
        tint = colors.state(InstanceState.WAITING)
        if self._filled:
            fill_round(painter, rect, radius, color(colors.waiting.fill))
            tint = color(colors.waiting.on_fill)
        elif self.underMouse():
            veil = QColor(tint)
            veil.setAlphaF(0.12)
            fill_round(painter, rect, radius, veil)
        ring = colors.chrome.focus_ring if self.hasFocus() else colors.waiting_outline
        stroke_round(painter, rect, radius, ring, FOCUS_RING if self.hasFocus() else 1)
        paint_state(painter, 12, (rect.height() - BOX) / 2, InstanceState.WAITING, tint)
        paint_text(painter, rect.adjusted(28, 0, -4, 0), self.text(), tint)


class _Segment(QAbstractButton):
    """One side of the switch."""

    def __init__(self, themes: ThemeManager, text: str, icon: str) -> None:
        super().__init__()
        self._themes = themes
        self._icon_name = icon
        self._icon_only = False
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(text)
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
