"""The bar on top of a pane: number, name, state, meters and buttons."""

from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from podium.core.commands import CommandId
from podium.core.instances import Kind
from podium.core.themes import load_tokens
from podium.ui.panes.bar_content import (
    AGE_GAP,
    QUESTION_GAP,
    WHOLE_WORD_FROM,
    BarButton,
    BarFacts,
    BarPlan,
    bar_facts,
    buttons_beside,
    fit_meters,
    fit_question,
    plan_bar,
)
from podium.ui.theme.age_pill import paint_pill, pill_width
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import fill_round, paint_name, paint_text
from podium.ui.theme.palette import ThemeManager, WindowColors, color
from podium.ui.theme.spoken import state_tip, state_word
from podium.ui.theme.state_shapes import BOX, paint_state
from podium.ui.theme.task_progress import paint_progress
from podium.ui.widgets.buttons import Button, ButtonKind
from podium.ui.widgets.command_tip import CommandTip
from podium.ui.widgets.focus import release_focus
from podium.workspace.views import InstanceState, InstanceView

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
_AROUND_BUTTONS = 20
"""Gaps beside the buttons."""
_ELIDE = Qt.TextElideMode.ElideMiddle
"""A question ends with what it asks for, and begins with who or what."""


def _question_font(*, filled: bool) -> QFont:
    return font(Role.SMALL, 400 if filled else 500)


class _Shown(NamedTuple):
    facts: BarFacts
    needs_attention: bool
    in_grid: bool


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
        self._shown: _Shown | None = None
        self._meters = QRect()
        """The area in which the meters were painted."""
        self._offered: tuple[BarButton, ...] = ()
        self._buttons: list[Button] = []
        self._answer = Button(themes, "Answer", kind=ButtonKind.WAITING, small=True, parent=self)
        self._answer.clicked.connect(self.answer_clicked)
        self._zoom = Button(themes, icon="zoom", small=True, name="Zoom pane", parent=self)
        CommandTip(self._zoom, CommandId.ZOOM)
        self._zoom.clicked.connect(self.zoom_requested)
        self._menu = Button(themes, icon="more", small=True, name="More", parent=self)
        self._menu.clicked.connect(lambda: self.menu_requested.emit(self._menu.mapToGlobal(QPoint(0, 28))))
        self.setFixedHeight(load_tokens().size["pane_bar"])
        themes.changed.connect(self.update)
        self.show_view(view, needs_attention=False, in_grid=False)

    def show_view(self, view: InstanceView, *, needs_attention: bool, in_grid: bool) -> None:
        shown = _Shown(bar_facts(view), needs_attention, in_grid)
        if shown == self._shown:
            return
        before, self._shown = self._shown, shown
        self._view = view
        if before is not None and shown == before._replace(
            facts=before.facts._replace(meters=shown.facts.meters)
        ):
            # Once a second in every pane: nothing else has moved, no button either.
            if not needs_attention:
                self.update(self._meters)
            return
        name = view.spec.name
        self._answer.setAccessibleName(f"Answer {name}")
        self._menu.setAccessibleName(f"More for {name}")
        for button in (self._zoom, self._menu):
            button.set_on_fill(needs_attention)
        self._describe(view)
        self._offer(shown.facts.buttons)
        self._lay_out()
        self.update()

    @property
    def _facts(self) -> BarFacts:
        assert self._shown is not None
        return self._shown.facts

    @property
    def _needs_attention(self) -> bool:
        return self._shown is not None and self._shown.needs_attention

    @property
    def _waits(self) -> bool:
        return self._facts.state is InstanceState.WAITING

    def _describe(self, view: InstanceView) -> None:
        tip = state_tip(view) if self._waits and view.question else ""
        if tip != self.toolTip():
            self.setToolTip(tip)

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
            CommandTip(button, row.command, row.text)
            button.clicked.connect(lambda _checked=False, row=row: self.requested.emit(row.command))
            self._buttons.append(button)

    # layout

    def _lay_out(self) -> None:
        plan = plan_bar(self.width() + _PANE_MORE)
        if not self._needs_attention:
            release_focus(self._answer)
        self._answer.setVisible(self._needs_attention and plan.word)
        in_grid = self._shown is not None and self._shown.in_grid
        self._zoom.setVisible(in_grid and plan.zoom and not self._needs_attention)
        room = self._button_count(plan)
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

    def _button_count(self, plan: BarPlan) -> int:
        """The number of labelled buttons with room; *Answer* has the filled bar for itself."""
        if self._needs_attention:
            return 0
        if self._waits and plan.word:
            question = QFontMetricsF(_question_font(filled=False)).horizontalAdvance(self._facts.question)
            fixed = self._menu.sizeHint().width() + self._zoom.sizeHint().width() + _AROUND_BUTTONS
            room = self.width() - self._name_end_wanted() - fixed
            widths = [button.sizeHint().width() + 6 for button in self._buttons]
            return buttons_beside(question, pill_width(self._facts.age), room, widths, plan.buttons)
        # What one press would put right stays as long as its word does.
        primary = bool(self._offered) and self._offered[0].primary
        return max(plan.buttons, 1) if plan.word and primary else plan.buttons

    def _name_end_wanted(self) -> float:
        """Where the state's word would end, were the name shown whole."""
        name = QFontMetricsF(font(Role.BODY_STRONG)).horizontalAdvance(self._facts.name)
        return _LEFT + _BADGE + 8 + name + 12 + BOX + self._word_width()

    def _word(self) -> str:
        whole = self.width() + _PANE_MORE >= WHOLE_WORD_FROM
        return state_word(self._view) if whole else self._facts.word

    def _word_width(self) -> float:
        return _WORD_GAP + QFontMetricsF(font(Role.SMALL, 600)).horizontalAdvance(self._word())

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
        word_width = self._word_width() if plan.word else 0
        left = self._paint_name(painter, colors, left, end - 12 - BOX - word_width)
        facts = self._facts
        tint = color(colors.waiting.on_fill) if self._needs_attention else colors.state(facts.state)
        left += 12
        paint_state(painter, left, (self.height() - BOX) / 2, facts.state, tint)
        left += BOX
        if not plan.word:
            return
        painter.setFont(font(Role.SMALL, 600))
        paint_text(painter, self._line(left + _WORD_GAP, min(left + word_width, end)), self._word(), tint)
        left += word_width
        if self._needs_attention:
            self._paint_filled_question(painter, colors, left, end - 6)  # *Answer* is filled up to its edge
            return
        if self._waits:
            left = self._paint_calm_question(painter, colors, left, end)
        self._meters = self._line(left, end).toAlignedRect()
        self._paint_meters(painter, colors, left, end, plan.meters)

    def _paint_bottom(self, painter: QPainter, colors: WindowColors) -> None:
        theme = colors.theme(self._view.spec.theme)
        done = self._facts.progress
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
        paint_name(painter, self._line(left, left + width), self._view.spec.name, tint)
        return left + width

    def _paint_meters(
        self, painter: QPainter, colors: WindowColors, left: float, end: float, limit: int
    ) -> None:
        painter.setFont(font(Role.SMALL))
        metrics = QFontMetricsF(painter.font())
        texts = self._facts.meters[:limit]
        widths = [metrics.horizontalAdvance(text) + 1 for text in texts]
        elastic = self._view.spec.kind is not Kind.MISSION and not self._waits
        gap = _METER_GAP
        if sum(widths) + gap * len(widths) > end - left:
            gap = _TIGHT_GAP
        for text, width in zip(texts, fit_meters(widths, end - left, gap, elastic), strict=False):
            left += gap
            paint_text(painter, self._line(left, left + width), text, colors.chrome.text_2)
            left += width

    def _paint_filled_question(
        self, painter: QPainter, colors: WindowColors, left: float, end: float
    ) -> None:
        """Its age stands at the right."""
        shown = _question_font(filled=True)
        metrics = QFontMetricsF(shown)
        question, age = self._facts.question, self._facts.age
        plan = fit_question(
            metrics.horizontalAdvance(question), metrics.horizontalAdvance(age) + 1, end - left
        )
        painter.setFont(shown)
        tint = color(colors.waiting.on_fill_2)
        if plan.age:
            paint_text(painter, self._line(end - plan.age, end), age, tint)
        if plan.question:
            left += QUESTION_GAP
            place = self._line(left, left + plan.question)
            paint_text(painter, place, question, tint, elide=_ELIDE)

    def _paint_calm_question(self, painter: QPainter, colors: WindowColors, left: float, end: float) -> float:
        """Its age follows it in a pill; returns where that ends."""
        shown = _question_font(filled=False)
        question, age = self._facts.question, self._facts.age
        wanted = QFontMetricsF(shown).horizontalAdvance(question)
        plan = fit_question(wanted + 1 if question else 0.0, pill_width(age), end - left)
        if plan.question:
            left += QUESTION_GAP
            painter.setFont(shown)
            place = self._line(left, left + plan.question)
            paint_text(painter, place, question, colors.chrome.text, elide=_ELIDE)
            left += plan.question
        if plan.age:
            left += AGE_GAP
            paint_pill(painter, left, self.height() / 2, age, colors)
            left += plan.age
        return left

    def _line(self, left: float, right: float) -> QRectF:
        return QRectF(left, 0, right - left, self.height())
