"""The cards and rows of the inbox, one below the other; widgets stay as long as what they show."""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from podium.core.clock import Clock
from podium.core.ids import InstanceId
from podium.ui.inbox import words
from podium.ui.inbox.answers import InboxAnswers
from podium.ui.inbox.contents import Card, Contents, Member
from podium.ui.inbox.ended_row import EndedRow
from podium.ui.inbox.frame_parts import EmptyInbox
from podium.ui.inbox.question_card import QuestionCard
from podium.ui.inbox.tail_view import TailGlyphs
from podium.ui.inbox.tails import ScreenTails
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_label
from podium.ui.widgets.buttons import Button

_SIDE: Final = 12
_GAP: Final = 8
_MARGIN_IN_SIGHT: Final = 8

_W = TypeVar("_W", bound=QWidget)
Key = tuple[frozenset[int], bool]


class CardList(QScrollArea):
    """``show_contents`` brings it up to date. It never takes the keyboard, and gives it to its panel when it goes."""

    chosen = Signal(int)
    """The index of a card or row, the cards first."""
    answered = Signal(int, bool)
    show_requested = Signal(int)
    unfold_requested = Signal(int)
    menu_requested = Signal(str, QPoint)
    all_seen = Signal()
    scrolled = Signal()

    def __init__(self, themes: ThemeManager, clock: Clock, parent: QWidget) -> None:
        super().__init__(parent)
        self._panel = parent
        self._themes = themes
        self._clock = clock
        self._glyphs = TailGlyphs()
        self._cards: dict[Key, QuestionCard] = {}
        self._rows: dict[int, EndedRow] = {}
        self.cards: tuple[QuestionCard, ...] = ()
        """From the top down; likewise ``rows``."""
        self.rows: tuple[EndedRow, ...] = ()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().valueChanged.connect(self.scrolled)
        self._build()

    def _build(self) -> None:
        self._body = body = QWidget()
        body.setObjectName("scrolled")
        self.empty = EmptyInbox(self._themes, body)
        self._heading = QWidget(body)
        self._title = plain_label()
        self._title.setFont(font(Role.BODY_STRONG))
        self._count = plain_label()
        self._count.setFont(font(Role.SMALL))
        self._count.setProperty("role", "tertiary")
        self.mark_all = Button(self._themes, "Mark all seen", small=True, parent=self._heading)
        self.mark_all.clicked.connect(self.all_seen)
        row = QHBoxLayout(self._heading)
        row.setContentsMargins(6, 6, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._title)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self.mark_all)
        self._card_box, self._row_box = QVBoxLayout(), QVBoxLayout()
        self._card_box.setSpacing(_GAP)
        self._row_box.setSpacing(0)
        self._column = column = QVBoxLayout(body)
        column.setContentsMargins(_SIDE, 0, _SIDE, _GAP)
        column.setSpacing(_GAP)
        column.addLayout(self._card_box)
        column.addWidget(self.empty)
        column.addWidget(self._heading)
        column.addLayout(self._row_box)
        column.addStretch(1)
        self.setWidget(body)

    # Showing

    def show_contents(
        self,
        shown: Contents,
        answers: InboxAnswers,
        age: Callable[[Member], float],
        time: Callable[[Member], str],
        tails: ScreenTails,
    ) -> None:
        """Show all of it; ``age`` and ``time`` say since when."""
        cards = {(card.numbers, card.apart): card for card in shown.cards}
        rows = {member.number: member for member in shown.ended}
        made = {key: self._cards.get(key) or self._make_card(card) for key, card in cards.items()}
        made_rows = {number: self._rows.get(number) or self._make_row(one) for number, one in rows.items()}
        self._drop(widget for key, widget in self._cards.items() if key not in made)
        self._drop(widget for number, widget in self._rows.items() if number not in made_rows)
        self._cards, self._rows = made, made_rows
        self.cards = self._place(self._card_box, self.cards, tuple(made.values()))
        self.rows = self._place(self._row_box, self.rows, tuple(made_rows.values()))
        for key, card in cards.items():
            refused = [(one, why) for one in card.members if (why := answers.refusal(one))]
            made[key].show_card(card, age(card.first), answers.batch(card), refused)
            made[key].show_tail(tails.tail(card.first.view.id))
        for number, member in rows.items():
            made_rows[number].show_member(member, time(member))
        self.empty.setVisible(not cards and not rows)
        if not rows:
            self._keep_keyboard(self._heading)
        self._heading.setVisible(bool(rows))
        self._title.setText(words.ended_heading(shown.ended))
        self._count.setText(str(len(rows)))

    def show_tail(self, instance: InstanceId, tails: ScreenTails) -> None:
        for card in self.cards:
            if card.instance == instance:
                card.show_tail(tails.tail(instance))

    def show_chosen(self, index: int, *, keyboard: bool, scroll: bool) -> None:
        """The card or row at ``index`` is the chosen one, -1: none. ``keyboard``: keys act on it.

        ``scroll`` brings it into sight.
        """
        shown: tuple[QuestionCard | EndedRow, ...] = (*self.cards, *self.rows)
        for number, widget in enumerate(shown):
            widget.show_selected(number == index, keyboard=keyboard)
            if number == index and scroll:
                self._column.activate()
                self.ensureWidgetVisible(widget, 0, _MARGIN_IN_SIGHT)

    def in_sight(self) -> tuple[InstanceId, ...]:
        """The instances whose screens show."""
        return tuple(
            card.instance
            for card in self.cards
            if card.tail.isVisible() and not card.tail.visibleRegion().isEmpty()
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # They choose a card; Qt would scroll.

    # Widgets

    def _make_card(self, card: Card) -> QuestionCard:
        made = QuestionCard(self._themes, self._glyphs, card, self._clock, self._body)
        made.chosen.connect(lambda: self.chosen.emit(self._index(made)))
        made.answered.connect(lambda allow: self.answered.emit(self._index(made), allow))
        made.show_requested.connect(lambda: self.show_requested.emit(self._index(made)))
        made.unfold_requested.connect(lambda: self.unfold_requested.emit(self._index(made)))
        made.menu_requested.connect(lambda at: self.menu_requested.emit(made.instance, at))
        made.keyboard_left.connect(self._take_keyboard)
        return made

    def _make_row(self, member: Member) -> EndedRow:
        made = EndedRow(self._themes, member, self._body)
        made.chosen.connect(lambda: self.chosen.emit(self._index(made)))
        made.show_requested.connect(lambda: self.show_requested.emit(self._index(made)))
        return made

    def _index(self, widget: QuestionCard | EndedRow) -> int:
        shown: tuple[QWidget, ...] = (*self.cards, *self.rows)
        return shown.index(widget) if widget in shown else -1

    def _place(self, box: QVBoxLayout, before: tuple[_W, ...], wanted: tuple[_W, ...]) -> tuple[_W, ...]:
        if before != wanted:
            for place, widget in enumerate(wanted):
                if box.indexOf(widget) != place:
                    box.removeWidget(widget)
                    box.insertWidget(place, widget)
                widget.show()
        return wanted

    def _drop(self, leaving: Iterable[QWidget]) -> None:
        for widget in leaving:
            self._keep_keyboard(widget)
            for box in (self._card_box, self._row_box):
                box.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

    def _keep_keyboard(self, leaving: QWidget) -> None:
        """Qt would hand the keyboard to whatever comes next, such as a button that a space typed later would press."""
        focused = self.window().focusWidget()
        if focused is not None and leaving.isAncestorOf(focused):
            self._take_keyboard()

    def _take_keyboard(self) -> None:
        self._panel.setFocus(Qt.FocusReason.OtherFocusReason)
