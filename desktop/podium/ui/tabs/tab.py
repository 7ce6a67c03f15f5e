"""One tab: accent bar, state shape, name, number; × in the number's place under the pointer."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from podium.core.themes import load_tokens
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import FOCUS_RING, fill_round, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager, color
from podium.ui.theme.plain_text import plain_tip
from podium.ui.theme.state_shapes import BOX, paint_state
from podium.ui.theme.task_progress import paint_progress
from podium.workspace.meters import task_progress
from podium.workspace.views import InstanceState, InstanceView

NUMBER_FROM_WIDTH = 150
_CLOSE_BOX = 20
_NAME_LEFT = 36
_LINE_INSET = 8


class Tab(QAbstractButton):
    """Shows ``view``; a click chooses the instance."""

    close_clicked = Signal()
    rename_requested = Signal()

    def __init__(self, themes: ThemeManager, view: InstanceView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._view = view
        self._current = False
        self._needs_attention = False
        self._fill_opacity = 1.0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        themes.changed.connect(self.update)
        self._describe()

    @property
    def view(self) -> InstanceView:
        return self._view

    @property
    def needs_attention(self) -> bool:
        return self._needs_attention

    def show_view(self, view: InstanceView, *, current: bool, needs_attention: bool) -> None:
        before = self._shown()
        self._view = view
        self._current = current
        self._needs_attention = needs_attention
        if self._shown() != before:
            self._describe()
            self.update()

    def _shown(self) -> tuple[object, ...]:
        """Everything a tab shows; meters change far more often."""
        view = self._view
        return (
            view.spec,
            view.number,
            view.state,
            view.label,
            view.detail,
            view.task,
            self._current,
            self._needs_attention,
        )

    def set_fill_opacity(self, opacity: float) -> None:
        """For the pulse of a tab that needs attention."""
        self._fill_opacity = opacity
        self.update()

    def sizeHint(self) -> QSize:
        size = load_tokens().size
        return QSize(size["tab_max"], size["tab_height"])

    def wanted_width(self) -> int:
        """The width that shows the name whole."""
        metrics = QFontMetricsF(font(Role.BODY, 600))
        return round(metrics.horizontalAdvance(self._view.spec.name)) + _NAME_LEFT + 10

    def _describe(self) -> None:
        view = self._view
        self.setAccessibleName(f"{view.spec.name}, {view.label}")
        tip = f"{view.spec.name} — {view.label}"
        self.setToolTip(plain_tip(f"{tip}\n{view.detail}" if view.detail else tip))

    # events

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        # QAbstractButton ignores the middle button; without accepting it the release never arrives.
        if event.button() is Qt.MouseButton.MiddleButton:
            event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        on_close = self._close_rect().contains(event.position())
        if event.button() is Qt.MouseButton.MiddleButton or (
            event.button() is Qt.MouseButton.LeftButton and on_close and self.isDown()
        ):
            self.setDown(False)
            self.close_clicked.emit()
            return
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.rename_requested.emit()

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self._themes.colors
        theme = colors.theme(self._view.spec.theme)
        rect = QRectF(self.rect())
        radius = load_tokens().radius["control"]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._needs_attention:
            painter.setOpacity(self._fill_opacity)
            fill_round(painter, rect, radius, color(colors.waiting.fill))
            painter.setOpacity(1)
        elif self._current:
            fill_round(painter, rect, radius, color(theme.tab_active))
            stroke_round(painter, rect, radius, color(theme.tab_active_border))
        elif self.isDown():
            fill_round(painter, rect, radius, colors.chrome.pressed)
        elif self.underMouse():
            fill_round(painter, rect, radius, colors.chrome.hover)
        middle = rect.center().y()
        accent = color(colors.waiting.on_fill if self._needs_attention else theme.accent_ui)
        fill_round(painter, QRectF(8, middle - 7, 3, 14), 1.5, accent)
        paint_state(painter, 19, middle - BOX / 2, self._view.state, self._state_color())
        strong = self._current or self._needs_attention or self._view.state is InstanceState.WAITING
        painter.setFont(font(Role.BODY, 600 if strong else 400))
        paint_text(
            painter,
            QRectF(_NAME_LEFT, 0, self._name_end() - _NAME_LEFT, rect.height()),
            self._view.spec.name,
            self._text(),
        )
        self._paint_end(painter, rect)
        done = task_progress(self._view)
        if done is not None and not self._needs_attention:
            line = QRectF(_LINE_INSET, rect.height() - 3, rect.width() - 2 * _LINE_INSET, 2)
            paint_progress(painter, line, self._view, colors, done)
        if self.hasFocus():
            stroke_round(painter, rect, radius, colors.chrome.focus_ring, FOCUS_RING)

    def _paint_end(self, painter: QPainter, rect: QRectF) -> None:
        """The number, or × under the pointer."""
        colors = self._themes.colors
        if self.underMouse():
            box = self._close_rect()
            on_fill = color(colors.waiting.on_fill)
            if box.contains(QPointF(self.mapFromGlobal(self.cursor().pos()))):
                veil = QColor(on_fill if self._needs_attention else colors.chrome.text)
                veil.setAlphaF(0.14)
                fill_round(painter, box, 4, veil)
            tint = on_fill if self._needs_attention else colors.chrome.text_2
            paint_icon(painter, "close", tint, box.x() + 3, box.y() + 3, 14)
        elif self.width() >= NUMBER_FROM_WIDTH:
            painter.setFont(font(Role.CAPTION))
            number = QRectF(0, 0, rect.width() - 10, rect.height())
            tint = color(colors.waiting.on_fill_2) if self._needs_attention else colors.chrome.text_3
            paint_text(painter, number, str(self._view.number), tint, Qt.AlignmentFlag.AlignRight)

    def _text(self) -> QColor:
        colors = self._themes.colors
        if self._needs_attention:
            return color(colors.waiting.on_fill)
        bright = self._current or self._view.state is InstanceState.WAITING
        return colors.chrome.text if bright else colors.chrome.text_2

    def _state_color(self) -> QColor:
        colors = self._themes.colors
        return color(colors.waiting.on_fill) if self._needs_attention else colors.state(self._view.state)

    def _name_end(self) -> float:
        if self.underMouse():
            return self._close_rect().left() - 2
        return self.width() - (26 if self.width() >= NUMBER_FROM_WIDTH else 8)

    def _close_rect(self) -> QRectF:
        return QRectF(self.width() - _CLOSE_BOX - 5, (self.height() - _CLOSE_BOX) / 2, _CLOSE_BOX, _CLOSE_BOX)
