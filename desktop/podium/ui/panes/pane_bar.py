"""The bar on top of a pane: number, name, state, meters and buttons."""

from msgspec import structs
from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from podium.core.instances import Kind
from podium.core.themes import load_tokens
from podium.ui.panes.bar_content import (
    BarButton,
    bar_buttons,
    bar_meters,
    fit_meters,
    plan_bar,
    progress,
)
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import fill_round, paint_text
from podium.ui.theme.palette import ThemeManager, WindowColors, color
from podium.ui.theme.short_text import age_text
from podium.ui.theme.state_shapes import BOX, paint_state
from podium.ui.theme.task_progress import paint_progress
from podium.ui.widgets.buttons import Button, ButtonKind
from podium.ui.widgets.focus import release_focus
from podium.workspace.views import InstanceView

_LEFT = 9
_PANE_MORE = 4
"""By how much its pane is wider: the outline's room on both sides."""
_BADGE = 18
_WORD_GAP = 5
"""Between the state's shape and its word."""
_METER_GAP = 14
_TIGHT_GAP = 10
"""Before a meter is left out."""
_LEAST_NAME = 40


def _to_the_second(view: InstanceView) -> InstanceView:
    """``view`` without fractions that are not shown."""
    seconds, waiting = view.seconds, view.waiting_seconds
    return structs.replace(
        view,
        seconds=None if seconds is None else int(seconds),
        waiting_seconds=None if waiting is None else int(waiting),
    )


def _at_the_time_of(view: InstanceView, other: InstanceView) -> InstanceView:
    return structs.replace(view, seconds=other.seconds, waiting_seconds=other.waiting_seconds)


class PaneBar(QWidget):
    """Paints one InstanceView; the pane paints the bar's ground, because that has the pane's round corners."""

    requested = Signal(object)
    """A CommandId."""
    answer_clicked = Signal()
    menu_requested = Signal(QPoint)
    zoom_requested = Signal()

    def __init__(self, themes: ThemeManager, view: InstanceView, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._view = view
        self._needs_attention = False
        self._in_grid = False
        self._shown: tuple[InstanceView, bool, bool] | None = None
        self._meters = QRect()
        """The area in which the meters were painted."""
        self._offered: tuple[BarButton, ...] = ()
        self._buttons: list[Button] = []
        self._answer = Button(themes, "Answer", kind=ButtonKind.WAITING, small=True, parent=self)
        self._answer.clicked.connect(self.answer_clicked)
        self._zoom = Button(themes, icon="zoom", small=True, name="Zoom pane", parent=self)
        self._zoom.clicked.connect(self.zoom_requested)
        self._menu = Button(themes, icon="more", small=True, name="More", parent=self)
        self._menu.clicked.connect(lambda: self.menu_requested.emit(self._menu.mapToGlobal(QPoint(0, 28))))
        self.setFixedHeight(load_tokens().size["pane_bar"])
        themes.changed.connect(self.update)
        self.show_view(view, needs_attention=False, in_grid=False)

    def show_view(self, view: InstanceView, *, needs_attention: bool, in_grid: bool) -> None:
        shown = (_to_the_second(view), needs_attention, in_grid)
        if shown == self._shown:
            return
        before, self._shown = self._shown, shown
        self._view = view
        if (
            before is not None
            and not needs_attention
            and shown == (_at_the_time_of(before[0], shown[0]), *before[1:])
        ):
            self.update(
                self._meters
            )  # Once a second in every pane: nothing else has moved, no button either.
            return
        self._needs_attention = needs_attention
        self._in_grid = in_grid
        name = view.spec.name
        self._answer.setAccessibleName(f"Answer {name}")
        self._menu.setAccessibleName(f"More for {name}")
        for button in (self._zoom, self._menu):
            button.set_on_fill(needs_attention)
        self._offer(bar_buttons(view))
        self._lay_out()
        self.update()

    def _offer(self, offered: tuple[BarButton, ...]) -> None:
        if offered == self._offered and self._buttons:
            return
        for button in self._buttons:
            release_focus(button)
            button.hide()
            button.deleteLater()
        self._offered = offered
        self._buttons = []
        for row in offered:
            kind = ButtonKind.PRIMARY if row.primary else ButtonKind.PLAIN
            button = Button(self._themes, row.text, icon=row.icon, kind=kind, small=True, parent=self)
            button.setAccessibleName(f"{row.text} {self._view.spec.name}")
            button.clicked.connect(lambda _checked=False, row=row: self.requested.emit(row.command))
            self._buttons.append(button)

    # layout

    def _lay_out(self) -> None:
        plan = plan_bar(self.width() + _PANE_MORE)
        if not self._needs_attention:
            release_focus(self._answer)
        self._answer.setVisible(self._needs_attention and plan.word)
        self._zoom.setVisible(self._in_grid and plan.zoom and not self._needs_attention)
        room = 0 if self._needs_attention else plan.buttons
        # What one press would put right stays as long as its word does.
        if not self._needs_attention and plan.word and self._offered and self._offered[0].primary:
            room = max(room, 1)
        for index, button in enumerate(self._buttons):
            if index >= room:
                release_focus(button)
            button.setVisible(index < room)
        right = self._place(self._menu, self.width() - 6)
        if not self._zoom.isHidden():
            right = self._place(self._zoom, right)
        right -= 4
        for button in (*reversed(self._buttons), self._answer):
            if not button.isHidden():
                right = self._place(button, right) - 6

    def _place(self, button: Button, right: int) -> int:
        width = button.sizeHint().width()
        # The bar's last 2 px are the progress, yet the middle is that of the whole bar, as for the text.
        button.setGeometry(right - width, (self.height() - button.height()) // 2, width, button.height())
        return right - width

    def _content_end(self) -> int:
        shown = [
            button
            for button in (self._menu, self._zoom, self._answer, *self._buttons)
            if not button.isHidden()
        ]
        return min(button.x() for button in shown) - 4

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    # mouse

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.zoom_requested.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event.globalPos())

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self._themes.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_bottom(painter, colors)
        left = self._paint_badge(painter, colors)
        plan = plan_bar(self.width() + _PANE_MORE)
        end = self._content_end()
        word_font = font(Role.SMALL, 600)
        word = QFontMetricsF(word_font).horizontalAdvance(self._view.label)
        word_width = _WORD_GAP + word if plan.word else 0
        left = self._paint_name(painter, colors, left, end - 12 - BOX - word_width)
        tint = color(colors.waiting.on_fill) if self._needs_attention else colors.state(self._view.state)
        left += 12
        paint_state(painter, left, (self.height() - BOX) / 2, self._view.state, tint)
        left += BOX
        if not plan.word:
            return
        painter.setFont(word_font)
        paint_text(painter, self._line(left + _WORD_GAP, min(left + word_width, end)), self._view.label, tint)
        left += word_width
        if self._needs_attention:
            self._paint_question(painter, colors, left, end)
        else:
            self._meters = self._line(left, end).toAlignedRect()
            self._paint_meters(painter, colors, left, end, plan.meters)

    def _paint_bottom(self, painter: QPainter, colors: WindowColors) -> None:
        theme = colors.theme(self._view.spec.theme)
        done = progress(self._view)
        bottom = QRectF(0, self.height() - 2, self.width(), 2)
        if self._needs_attention:
            painter.fillRect(bottom.adjusted(0, 1, 0, 0), color(colors.waiting.rule))
        elif done is None:
            painter.fillRect(bottom.adjusted(0, 1, 0, 0), color(theme.bar_border))
        else:
            paint_progress(painter, bottom, self._view, colors, done)

    def _paint_badge(self, painter: QPainter, colors: WindowColors) -> float:
        theme = colors.theme(self._view.spec.theme)
        ground = colors.waiting.button_fill if self._needs_attention else theme.badge
        figure = colors.waiting.button_text if self._needs_attention else theme.accent_text
        badge = QRectF(_LEFT, (self.height() - _BADGE) / 2, _BADGE, _BADGE)
        fill_round(painter, badge, load_tokens().radius["chip"], color(ground))
        painter.setFont(font(Role.CAPTION, 600))
        paint_text(painter, badge, str(self._view.number), color(figure), Qt.AlignmentFlag.AlignHCenter)
        return badge.right() + 8

    def _paint_name(self, painter: QPainter, colors: WindowColors, left: float, end: float) -> float:
        painter.setFont(font(Role.BODY_STRONG))
        wanted = QFontMetricsF(painter.font()).horizontalAdvance(self._view.spec.name) + 1
        width = max(min(wanted, end - left), _LEAST_NAME if wanted > _LEAST_NAME else wanted)
        tint = color(colors.waiting.on_fill) if self._needs_attention else colors.chrome.text
        paint_text(painter, self._line(left, left + width), self._view.spec.name, tint)
        return left + width

    def _paint_meters(
        self, painter: QPainter, colors: WindowColors, left: float, end: float, limit: int
    ) -> None:
        painter.setFont(font(Role.SMALL))
        metrics = QFontMetricsF(painter.font())
        texts = bar_meters(self._view)[:limit]
        widths = [metrics.horizontalAdvance(text) + 1 for text in texts]
        elastic = self._view.spec.kind is not Kind.MISSION
        gap = _METER_GAP
        if sum(widths) + gap * len(widths) > end - left:
            gap = _TIGHT_GAP
        for text, width in zip(texts, fit_meters(widths, end - left, gap, elastic), strict=False):
            left += gap
            paint_text(painter, self._line(left, left + width), text, colors.chrome.text_2)
            left += width

    def _paint_question(self, painter: QPainter, colors: WindowColors, left: float, end: float) -> None:
        tint: QColor = color(colors.waiting.on_fill_2)
        painter.setFont(font(Role.SMALL))
        end -= 6  # *Answer* is filled up to its edge
        age = age_text(self._view.waiting_seconds)
        age_width = QFontMetricsF(painter.font()).horizontalAdvance(age) + 1
        if plan_bar(self.width() + _PANE_MORE).meters > 1 and left + age_width + 8 < end:
            paint_text(painter, self._line(end - age_width, end), age, tint)
            end -= age_width + 12
            if end - left > 40:
                paint_text(painter, self._line(left + 10, end), self._view.question, tint)

    def _line(self, left: float, right: float) -> QRectF:
        return QRectF(left, 0, right - left, self.height())
