"""The inbox itself: what waits for a person, oldest first, and what they have not seen; keys and buttons answer it."""

from typing import Final

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from podium.core.clock import Clock, wall
from podium.core.ids import InstanceId
from podium.core.themes import load_tokens
from podium.sessions.hub import SessionHub
from podium.ui.inbox import words
from podium.ui.inbox.answers import InboxAnswers
from podium.ui.inbox.card_list import CardList
from podium.ui.inbox.contents import Card, Contents, Member, contents, same_as
from podium.ui.inbox.frame_parts import KeyLine
from podium.ui.inbox.quiet_strip import Moon, QuietStrip
from podium.ui.inbox.selection import Entry, Selection
from podium.ui.inbox.tails import ScreenTails
from podium.ui.terminal.input.shortcut_keys import pressed_names
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import fill_round, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_label
from podium.ui.theme.short_text import age_text
from podium.ui.widgets.buttons import Button
from podium.workspace.workspace import Workspace

_COALESCE_MS: Final = 50
_AGES_MS: Final = 1000
_MOVES: Final = {"Down": 1, "J": 1, "Up": -1, "K": -1}
_ANSWERS: Final = {"A": True, "D": False}
_ENTER: Final = ("Return", "Enter")
_KEYS: Final = frozenset({*_MOVES, *_ANSWERS, *_ENTER, "E", "Z", "Esc"})
"""By the names of ``pressed_names``: letters count by their place where the layout has another alphabet."""


class InboxPanel(QWidget):
    """Takes in nothing while it is hidden. Its keys act while it has the keyboard, or one of its buttons does."""

    accessible_role = QAccessible.Role.Grouping

    closed = Signal()
    """A person closes it."""
    instance_wanted = Signal(str)
    """A person wants to see this instance."""
    menu_requested = Signal(str, QPoint)

    def __init__(
        self,
        workspace: Workspace,
        hub: SessionHub,
        themes: ThemeManager,
        parent: QWidget,
        clock: Clock,
    ) -> None:
        """``clock`` says how long cards have stood where they are."""
        super().__init__(parent)
        self._workspace = workspace
        self._alerts = workspace.alerts
        self._themes = themes
        self._shown = Contents()
        self._apart: frozenset[int] = frozenset()
        """Alerts that ask what others ask, and have cards of their own."""
        self.selection = Selection(clock)
        self.answers = InboxAnswers(self._alerts.answer, self)
        self.list = CardList(themes, clock, self)
        self.tails = ScreenTails(workspace, hub, self.list.in_sight, self)
        self._build()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_COALESCE_MS)
        self._soon.timeout.connect(self.refresh)
        self._ages = QTimer(self)
        self._ages.setInterval(_AGES_MS)
        self._ages.timeout.connect(self.refresh)
        self._connect()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Inbox")
        self.hide()

    def _build(self) -> None:
        quiet = self._alerts.do_not_disturb
        title = plain_label("Inbox")
        title.setFont(font(Role.HEADING))
        self.summary = plain_label()
        self.summary.setFont(font(Role.SMALL))
        self.summary.setProperty("role", "secondary")
        self.moon = Moon(self._themes, quiet, self)
        self.close_button = Button(self._themes, icon="close", name="Close", parent=self)
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 10, 6)
        head.setSpacing(8)
        head.addWidget(title)
        head.addWidget(self.summary, 1)
        head.addWidget(self.moon)
        head.addWidget(self.close_button)
        self.key_line = KeyLine(self._themes, self)
        self.strip = QuietStrip(self._themes, quiet, self)
        strip = QHBoxLayout()
        strip.setContentsMargins(12, 0, 12, 8)
        strip.addWidget(self.strip)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(strip)
        column.addWidget(self.list, 1)
        column.addWidget(self.key_line)

    def _connect(self) -> None:
        for changed in (
            self._alerts.changed,
            self._workspace.instance_changed,
            self._workspace.instance_removed,
            self.answers.changed,
        ):
            changed.connect(self._refresh_soon)
        self.tails.changed.connect(lambda id: self.list.show_tail(InstanceId(id), self.tails))
        self.list.chosen.connect(self._choose)
        self.list.answered.connect(self._on_answered)
        self.list.show_requested.connect(self._on_show_requested)
        self.list.unfold_requested.connect(self._on_unfold_requested)
        self.list.menu_requested.connect(self.menu_requested)
        self.list.all_seen.connect(self._see_all)
        self.list.scrolled.connect(self.tails.look)
        self.close_button.clicked.connect(self.closed)
        self._themes.changed.connect(self.update)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)

    # Showing

    @property
    def has_keyboard(self) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and (focused is self or self.isAncestorOf(focused))

    @property
    def shown(self) -> Contents:
        return self._shown

    def refresh(self) -> None:
        """Bring it up to date."""
        here = set(self._workspace.ids())
        members = [
            Member(self._workspace.view(alert.instance), alert)
            for alert in self._alerts.open()
            if alert.instance in here
        ]
        numbers = frozenset(member.number for member in members)
        self._apart &= numbers
        self.answers.keep(numbers)
        busy = self.answers.busy()
        found = contents([member for member in members if member.number not in busy], self._apart)
        cards = (*found.cards, *(batch.card for batch in self.answers.batches))
        cards = tuple(sorted(cards, key=lambda card: (card.first.alert.since, card.first.number)))
        self._shown = Contents(cards, found.ended)
        before = self.selection.entry
        self.selection.show(self._entries())
        self.list.show_contents(self._shown, self.answers, self._age, self._time, self.tails)
        oldest = age_text(self._age(cards[0].first)) if cards else ""
        self.summary.setText(words.summary(self._shown, oldest))
        self.list.empty.set_text(words.running(len(self._workspace.busy())))
        self.strip.refresh()
        self._show_chosen(scroll=before is None)
        QTimer.singleShot(0, self, self.tails.look)

    def _refresh_soon(self, _instance: str = "") -> None:
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _entries(self) -> tuple[Entry, ...]:
        return (*self._shown.cards, *self._shown.ended)

    def _age(self, member: Member) -> float:
        return self._alerts.age(member.alert)

    def _time(self, member: Member) -> str:
        return words.clock_text(wall(), self._age(member))

    def _show_chosen(self, *, scroll: bool) -> None:
        """No key is named while the keyboard is elsewhere: it would be typed there."""
        keyboard = self.has_keyboard
        self.key_line.setEnabled(keyboard)
        self.list.show_chosen(self.selection.index, keyboard=keyboard, scroll=scroll)
        shown = (*self.list.cards, *self.list.rows)
        index = self.selection.index
        self.setAccessibleDescription(shown[index].accessibleName() if 0 <= index < len(shown) else "")

    def _on_focus_changed(self, _old: QWidget | None, _now: QWidget | None) -> None:
        if self.isVisible():
            self._show_chosen(scroll=False)

    # What a person does

    def _choose(self, index: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.selection.choose(index)
        self._show_chosen(scroll=False)

    def _on_answered(self, index: int, allow: bool) -> None:
        self.selection.choose(index)
        self._answer(allow)

    def _on_show_requested(self, index: int) -> None:
        self.selection.choose(index)
        self._show_instance()

    def _on_unfold_requested(self, index: int) -> None:
        self.selection.choose(index)
        self._unfold()

    def _answer(self, allow: bool) -> None:
        if isinstance(card := self.selection.entry, Card):
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # The button that was pressed goes.
            self.answers.give(card, allow=allow)

    def _show_instance(self) -> None:
        entry = self.selection.entry
        if entry is not None:
            member = entry.first if isinstance(entry, Card) else entry
            self.instance_wanted.emit(member.view.id)

    def _see(self) -> None:
        entry = self.selection.entry
        if entry is not None:
            for member in entry.members if isinstance(entry, Card) else (entry,):
                self._alerts.see(member.view.id)

    def _see_all(self) -> None:
        for member in self._shown.ended:
            self._alerts.see(member.view.id)

    def _unfold(self) -> None:
        if not isinstance(card := self.selection.entry, Card):
            return
        if card.apart:
            self._apart -= same_as(card, self._shown.cards)
        elif len(card.members) > 1:
            self._apart |= card.numbers
        self.refresh()

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = next((name for name in pressed_names(event) if name in _KEYS), "")
        if not key:
            event.ignore()
        elif key in _MOVES:
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # Not a button of the card that is left.
            self.selection.step(_MOVES[key])
            self._show_chosen(scroll=True)
        elif event.isAutoRepeat():
            event.accept()
        elif key == "Esc":
            self.closed.emit()
        elif key in _ENTER:
            self._show_instance()
        elif key in _ANSWERS:
            if self.selection.settled():
                self._answer(_ANSWERS[key])
        elif key == "E":
            self._see()
        else:
            self._unfold()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ages.start()
        self.tails.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.selection.forget()  # Who opens it again begins with the oldest question.
        for timer in (self._ages, self._soon):
            timer.stop()
        self.tails.stop()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # Not for what lies below.

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, radius = QRectF(self.rect()), load_tokens().radius["dialog"]
        fill_round(painter, rect, radius, chrome.overlay)
        stroke_round(painter, rect, radius, chrome.border_strong)
