"""One tab: accent bar, state shape, name, number; × in the number's place under the pointer."""

from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QEnterEvent, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from podium.attention.alerts import AlertKind
from podium.core.themes import load_tokens
from podium.ui.theme.age_pill import paint_pill, pill_width
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import FOCUS_RING, fill_round, paint_name, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager, color
from podium.ui.theme.short_text import age_text
from podium.ui.theme.spoken import spoken_age, spoken_state, state_tip
from podium.ui.theme.state_shapes import BOX, paint_state
from podium.ui.theme.task_progress import paint_progress
from podium.ui.theme.unseen_mark import SIZE as MARK_SIZE
from podium.ui.theme.unseen_mark import paint_unseen
from podium.ui.widgets.accessible import tell_selected
from podium.workspace.meters import task_progress
from podium.workspace.views import InstanceState, InstanceView

NUMBER_FROM_WIDTH = 150
_CLOSE_BOX = 20
_NAME_LEFT = 36
_LINE_INSET = 8
_END = 6
"""From the pill to the tab's end."""
_LEAST_NAME = 26
"""Beside a pill."""
_RING = 4
"""By how much a pill is larger than the shape in it."""
_MARK_GAP = 5


class TabCall(NamedTuple):
    """How an instance calls for a person."""

    needs_attention: bool = False
    as_pill: bool = False
    """So many wait that none is filled: each shows its age in a pill."""
    unseen: AlertKind | None = None


class Tab(QAbstractButton):
    """Shows ``view``; a click chooses the instance."""

    accessible_role = QAccessible.Role.PageTab

    close_clicked = Signal()
    rename_requested = Signal()

    def __init__(self, themes: ThemeManager, view: InstanceView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._view = view
        self._current = False
        self._call = TabCall()
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
        return self._call.needs_attention

    @property
    def age(self) -> str:
        """The text of its pill; "" where it has none."""
        waits = self._view.state is InstanceState.WAITING
        return age_text(self._view.waiting_seconds) if waits and self._call.as_pill else ""

    @property
    def _filled(self) -> bool:
        return self._call.needs_attention and not self._call.as_pill

    def show_view(self, view: InstanceView, *, current: bool, call: "TabCall") -> None:
        before = self._shown()
        chosen = current is not self._current
        self._view = view
        self._current = current
        self._call = call
        if not call.needs_attention:
            self._fill_opacity = 1.0
        if self._shown() != before:
            self._describe()
            self.update()
        if chosen:
            tell_selected(self)

    def is_selected(self) -> bool:
        return self._current

    def _shown(self) -> tuple[object, ...]:
        """Everything a tab shows; meters change far more often."""
        view = self._view
        return (
            view.spec,
            view.number,
            view.shown_state,
            view.shown_label,
            view.detail,
            view.task,
            view.question,
            spoken_age(view),
            self.age,
            self._current,
            self._call,
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
        name = f"{view.spec.name}, {spoken_state(view, self._call.unseen)}"
        if name != self.accessibleName():  # each setting is told to screen readers
            self.setAccessibleName(name)
        if (age := spoken_age(view)) != self.accessibleDescription():
            self.setAccessibleDescription(age)
        self.setToolTip(state_tip(view, self._call.unseen))

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
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._close_rect().contains(event.position()):
            self.mousePressEvent(event)  # The second of two quick clicks, each on another tab's ×.
        else:
            self.rename_requested.emit()

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self._themes.colors
        theme = colors.theme(self._view.spec.theme)
        rect = QRectF(self.rect())
        radius = load_tokens().radius["control"]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._filled:
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
        accent = color(colors.waiting.on_fill if self._filled else theme.accent_ui)
        fill_round(painter, QRectF(8, middle - 7, 3, 14), 1.5, accent)
        self._paint_shape(painter, middle)
        strong = self._current or self._view.state is InstanceState.WAITING
        painter.setFont(font(Role.BODY, 600 if strong else 400))
        name = QRectF(_NAME_LEFT, 0, self._name_end() - _NAME_LEFT, rect.height())
        paint_name(painter, name, self._view.spec.name, self._text())
        self._paint_end(painter, rect)
        done = task_progress(self._view)
        if done is not None and not self._filled:
            line = QRectF(_LINE_INSET, rect.height() - 3, rect.width() - 2 * _LINE_INSET, 2)
            paint_progress(painter, line, self._view, colors, done)
        if self.hasFocus():
            stroke_round(painter, rect, radius, colors.chrome.focus_ring, FOCUS_RING)

    def _paint_end(self, painter: QPainter, rect: QRectF) -> None:
        """The pill, the mark and the number, or × under the pointer."""
        colors = self._themes.colors
        if self.underMouse():
            box = self._close_rect()
            on_fill = color(colors.waiting.on_fill)
            if box.contains(QPointF(self.mapFromGlobal(self.cursor().pos()))):
                veil = QColor(on_fill if self._filled else colors.chrome.text)
                veil.setAlphaF(0.14)
                fill_round(painter, box, 4, veil)
            tint = on_fill if self._filled else colors.chrome.text_2
            paint_icon(painter, "close", tint, box.x() + 3, box.y() + 3, 14)
            return
        middle = rect.center().y()
        if self._pill_fits():
            painter.setOpacity(self._fill_opacity)
            left = rect.width() - _END - pill_width(self.age)
            paint_pill(painter, left, middle, self.age, colors, filled=self._call.needs_attention)
            painter.setOpacity(1)
            return
        if self._call.unseen is not None:
            paint_unseen(painter, self._name_end() + _MARK_GAP, middle, self._call.unseen, colors)
        if self.width() >= NUMBER_FROM_WIDTH:
            painter.setFont(font(Role.CAPTION))
            number = QRectF(0, 0, rect.width() - 10, rect.height())
            tint = color(colors.waiting.on_fill_2) if self._filled else colors.chrome.text_3
            paint_text(painter, number, str(self._view.number), tint, Qt.AlignmentFlag.AlignRight)

    def _paint_shape(self, painter: QPainter, middle: float) -> None:
        """The state's; in a tab too narrow for its pill, that is around the shape."""
        colors = self._themes.colors
        tint = self._state_color()
        if self.age and (not self._pill_fits() or self.underMouse()):
            box = QRectF(19 - _RING, middle - BOX / 2 - _RING, BOX + 2 * _RING, BOX + 2 * _RING)
            if self._call.needs_attention:
                painter.setOpacity(self._fill_opacity)
                fill_round(painter, box, box.height() / 2, color(colors.waiting.fill))
                painter.setOpacity(1)
                tint = color(colors.waiting.on_fill)
            else:
                stroke_round(painter, box, box.height() / 2, colors.waiting_outline)
        paint_state(painter, 19, middle - BOX / 2, self._view.shown_state, tint)

    def _pill_fits(self) -> bool:
        return bool(self.age) and self.width() - _NAME_LEFT - pill_width(self.age) - _END >= _LEAST_NAME

    def _text(self) -> QColor:
        colors = self._themes.colors
        if self._filled:
            return color(colors.waiting.on_fill)
        waits = self._view.state is InstanceState.WAITING
        bright = self._current or waits or self._call.unseen is not None
        return colors.chrome.text if bright else colors.chrome.text_2

    def _state_color(self) -> QColor:
        colors = self._themes.colors
        return color(colors.waiting.on_fill) if self._filled else colors.state(self._view.shown_state)

    def _name_end(self) -> float:
        if self.underMouse():
            return self._close_rect().left() - 2
        if self._pill_fits():
            return self.width() - _END - pill_width(self.age) - 6
        end = self.width() - (26 if self.width() >= NUMBER_FROM_WIDTH else 8)
        return end if self._call.unseen is None else end - MARK_SIZE - _MARK_GAP

    def _close_rect(self) -> QRectF:
        return QRectF(self.width() - _CLOSE_BOX - 5, (self.height() - _CLOSE_BOX) / 2, _CLOSE_BOX, _CLOSE_BOX)
