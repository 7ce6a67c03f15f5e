"""A card of the inbox: who asks, what, the end of the screen, and the buttons that answer."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QMoveEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from podium.core.clock import Clock
from podium.core.ids import InstanceId
from podium.core.instances import AlertLevel
from podium.core.themes import load_tokens
from podium.ui.inbox import words
from podium.ui.inbox.answers import Batch
from podium.ui.inbox.contents import Card, Member
from podium.ui.inbox.parts import KeyButton, TwoLines, paint_age
from podium.ui.inbox.selection import SETTLE
from podium.ui.inbox.tail_view import TailGlyphs, TailView
from podium.ui.terminal.model.line_cache import StyledLine
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import FOCUS_RING, fill_round, paint_name, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager, color
from podium.ui.theme.plain_text import breakable, plain_tip, wrapped_label
from podium.ui.theme.short_text import age_text
from podium.ui.theme.state_shapes import BOX, paint_state
from podium.ui.widgets.buttons import Button, ButtonKind
from podium.workspace.views import InstanceState

_HEAD: Final = 22
_ASKER: Final = 22
_MOST_ASKERS: Final = 6


class _Head(QWidget):
    """Bar, diamond, name, who, and the age."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self.card: Card | None = None
        self.age = ""
        self.setFixedHeight(_HEAD)
        themes.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.card is None:
            return
        colors = self._themes.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, left = self.height() / 2, 0.0
        for theme in dict.fromkeys(member.view.spec.theme for member in self.card.members):
            bar = QRectF(left, middle - 7, 3, 14)
            fill_round(painter, bar, 1.5, color(colors.theme(theme).accent_ui))
            left += 5
        left += 5
        paint_state(
            painter, left, middle - BOX / 2, InstanceState.WAITING, colors.state(InstanceState.WAITING)
        )
        left += BOX + 7
        right = paint_age(painter, self.age, self.width(), middle, colors) - 8
        if len(self.card.members) == 1 and self.card.first.view.spec.alerts is AlertLevel.MUTED:
            right -= 18
            paint_icon(painter, "bell-off", colors.chrome.text_3, right, round(middle - 7), 14)
        painter.setFont(font(Role.BODY_STRONG))
        name = words.heading(self.card)
        paint_name(painter, QRectF(left, 0, right - left, _HEAD), name, colors.chrome.text)
        left += QFontMetricsF(painter.font()).horizontalAdvance(name) + 8
        if len(self.card.members) == 1 and left < right:
            painter.setFont(font(Role.SMALL))
            who = words.who(self.card.first)
            paint_text(painter, QRectF(left, 0, right - left, _HEAD), who, colors.chrome.text_2)


class _Askers(QWidget):
    """All who ask the same, by name, with what became of the last answer to each."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._members: tuple[Member, ...] = ()
        themes.changed.connect(self.update)

    def show_members(self, members: tuple[Member, ...]) -> None:
        self._members = members
        shown = len(members)
        rows = shown if shown <= _MOST_ASKERS else _MOST_ASKERS
        self.setFixedHeight(rows * _ASKER)
        names = ", ".join(member.view.spec.name for member in members)
        self.setToolTip("" if shown <= _MOST_ASKERS else plain_tip(names))
        self.setAccessibleName(names)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self._themes.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fits = self._members if len(self._members) <= _MOST_ASKERS else self._members[: _MOST_ASKERS - 1]
        for number, member in enumerate(fits):
            row = QRectF(0, number * _ASKER, self.width(), _ASKER)
            accent = color(colors.theme(member.view.spec.theme).accent_ui)
            fill_round(painter, QRectF(0, row.center().y() - 6, 3, 12), 1.5, accent)
            painter.setFont(font(Role.SMALL, 500))
            name = member.view.spec.name
            paint_name(painter, row.adjusted(10, 0, 0, 0), name, colors.chrome.text)
            left = 10 + QFontMetricsF(painter.font()).horizontalAdvance(name) + 8
            painter.setFont(font(Role.SMALL))
            if left < row.width():
                paint_text(painter, row.adjusted(left, 0, 0, 0), words.who(member), colors.chrome.text_2)
        if len(fits) < len(self._members):
            row = QRectF(10, len(fits) * _ASKER, self.width() - 10, _ASKER)
            painter.setFont(font(Role.SMALL))
            paint_text(painter, row, f"and {len(self._members) - len(fits)} more", colors.chrome.text_2)


class QuestionCard(QWidget):
    """Shows one card; what its buttons mean is the inbox's. Allow and Deny wait until the card has stood still."""

    chosen = Signal()
    answered = Signal(bool)
    show_requested = Signal()
    unfold_requested = Signal()
    """Take the question apart, or together again."""
    menu_requested = Signal(QPoint)
    keyboard_left = Signal()
    """What has the keyboard is about to go."""

    def __init__(
        self, themes: ThemeManager, glyphs: TailGlyphs, card: Card, clock: Clock, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._themes = themes
        self._clock = clock
        self._placed_at = clock()
        self._focused = False
        self.card = card
        self._head = _Head(themes, self)
        self._question = TwoLines(themes, self)
        self._askers = _Askers(themes, self)
        self.tail = TailView(glyphs, self)
        self.said = wrapped_label()
        self.said.setFont(font(Role.SMALL))
        self.said.setProperty("role", "error")
        self.outcome = _Outcome(themes, self)
        self.allow = KeyButton(themes, "Allow", "A", parent=self)
        self.deny = KeyButton(themes, "Deny", "D", parent=self)
        self.show_button = KeyButton(themes, "Show", "↵", kind=ButtonKind.PLAIN, parent=self)
        self.unfold = KeyButton(themes, "One by one", "Z", kind=ButtonKind.PLAIN, parent=self)
        self.more = Button(themes, icon="more", small=True, name="More", parent=self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._row = QWidget(self)
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for button in (self.allow, self.deny, self.show_button, self.unfold):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(6)
        for part in (self._head, self._question, self._askers, self.tail, self._row, self.outcome, self.said):
            column.addWidget(part)

    def _connect(self) -> None:
        self.allow.clicked.connect(lambda: self._answer(True))
        self.deny.clicked.connect(lambda: self._answer(False))
        self.show_button.clicked.connect(self.show_requested)
        self.unfold.clicked.connect(self.unfold_requested)
        self.more.clicked.connect(
            lambda: self.menu_requested.emit(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))
        )
        self._themes.changed.connect(self._on_theme_changed)

    def _answer(self, allow: bool) -> None:
        if self._clock() >= self._placed_at + SETTLE:
            self.answered.emit(allow)

    def show_card(
        self, card: Card, age: float, batch: Batch | None, refused: Sequence[tuple[Member, str]]
    ) -> None:
        """Show ``card`` as it is now; ``batch`` is the answer under way."""
        self.card = card
        single = len(card.members) == 1
        self._head.card, self._head.age = card, age_text(age)
        self._head.update()
        self._question.set_text(words.question(card))
        self._askers.setVisible(not single)
        if not single:
            self._askers.show_members(card.members)
        self.tail.setVisible(single)
        for button, allow, text in (
            (self.allow, True, words.allow_text(card)),
            (self.deny, False, words.deny_text(card)),
        ):
            self._show_part(button, card.can_say(allow=allow))
            button.setText(text)
        answerable = card.can_say(allow=True) or card.can_say(allow=False)
        self.show_button.setText("Show" if answerable else "Answer…")
        self.show_button.set_kind(ButtonKind.PLAIN if answerable else ButtonKind.OUTLINED)
        self._show_part(self.show_button, single)
        self._show_part(self.unfold, not single or card.apart)
        self.unfold.setText("Together" if card.apart else "One by one")
        self._show_part(self.more, single)
        said = words.refusal(card, refused)
        self.said.setText(breakable(said))
        self.said.setVisible(bool(said) and batch is None)
        under_way = batch is not None and bool(batch.word)
        self._show_part(self._row, not under_way)
        self.outcome.setVisible(under_way)
        if batch is not None:
            self.outcome.show_outcome(batch.word, done=batch.over)
        self.setAccessibleName(f"{words.heading(card)}: {words.question(card)} {self._head.age}")

    def _show_part(self, part: QWidget, shown: bool) -> None:
        focused = self.window().focusWidget()
        if not shown and focused is not None and (part is focused or part.isAncestorOf(focused)):
            self.keyboard_left.emit()
        part.setVisible(shown)

    def show_selected(self, selected: bool, *, keyboard: bool) -> None:
        self._focused = selected and keyboard
        self.allow.set_kind(ButtonKind.PRIMARY if selected else ButtonKind.OUTLINED)
        for button in (self.allow, self.deny, self.show_button, self.unfold):
            button.show_key(room=selected, shown=self._focused)
        self.update()

    def show_tail(self, rows: tuple[StyledLine, ...]) -> None:
        self.tail.show_rows(rows, self._themes.colors.theme(self.card.first.view.spec.theme))

    @property
    def instance(self) -> InstanceId:
        return self.card.first.view.id

    def _on_theme_changed(self) -> None:
        self.show_tail(self.tail.rows)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit()
        event.accept()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._placed_at = self._clock()

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, radius = QRectF(self.rect()), load_tokens().radius["card"]
        fill_round(painter, rect, radius, chrome.raised)
        if self._focused:
            stroke_round(painter, rect, radius, chrome.focus_ring, FOCUS_RING)
        else:
            stroke_round(painter, rect, radius, chrome.border_strong)


class _Outcome(QWidget):
    """What becomes of an answer, in the place of the buttons."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self.text = ""
        self._done = False
        self.setFixedHeight(load_tokens().size["button_small"])
        themes.changed.connect(self.update)

    def show_outcome(self, text: str, *, done: bool) -> None:
        self.text, self._done = text, done
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self._themes.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(Role.BODY_STRONG))
        left = 0
        if self._done:
            tint = colors.state(InstanceState.DONE)
            paint_state(painter, 1, (self.height() - BOX) / 2, InstanceState.DONE, tint)
            left = BOX + 7
        rect = QRectF(self.rect()).adjusted(left, 0, 0, 0)
        paint_text(painter, rect, self.text, colors.chrome.text if self._done else colors.chrome.text_2)
