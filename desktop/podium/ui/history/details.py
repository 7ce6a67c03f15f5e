"""The run that is chosen: what can be done with it, six facts, its time, and its last screen."""

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from podium.core.instances import ThemeName
from podium.core.visible_text import visible
from podium.history.run_list import ListedRun
from podium.ui.history import words
from podium.ui.history.last_screen import LastScreen, ScreenView
from podium.ui.history.rows import StateOf, accent
from podium.ui.history.time_bar import TimeBar
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import fill_round, paint_name, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_label, plain_tip
from podium.ui.theme.short_text import short_path
from podium.ui.theme.state_shapes import BOX, paint_state
from podium.ui.widgets.buttons import Button, ButtonKind

WIDTH: Final = 492
_FACTS: Final = ("Length", "Blocked on you", "Cost", "Rounds", "Tokens", "Folder")
_FACT: Final = 140


class _Elided(QLabel):
    """One line, cut in the middle; whole in its tip."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._whole = ""

    def show_text(self, text: str) -> None:
        self._whole = text
        self.setText(text)
        self.setToolTip(plain_tip(text))
        self.setMinimumWidth(0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        paint_name(painter, QRectF(self.rect()), self._whole, self.palette().windowText().color())


class _Head(QWidget):
    """Name, state and time of a run."""

    def __init__(self, themes: ThemeManager, state_of: StateOf) -> None:
        super().__init__()
        self._themes = themes
        self._state_of = state_of
        self._listed: ListedRun | None = None
        self._today = date.min
        self.setFixedHeight(44)
        themes.changed.connect(self.update)

    def show_run(self, listed: ListedRun, today: date) -> None:
        self._listed, self._today = listed, today
        word = self._state_of(listed.run)[1]
        self.setAccessibleName(f"{visible(listed.run.name)}, {word}, {words.span(listed.run, today)}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._listed is None:
            return
        run, colors = self._listed.run, self._themes.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill_round(painter, QRectF(0, 3, 3, 17), 1.5, accent(self._themes, run))
        painter.setFont(font(Role.HEADING))
        paint_name(painter, QRectF(12, 0, self.width() - 12, 24), visible(run.name), colors.chrome.text)
        state, word = self._state_of(run)
        tint = colors.state(state)
        paint_state(painter, 12, 35 - BOX / 2, state, tint)
        painter.setFont(font(Role.SMALL, 500))
        paint_text(painter, QRectF(28, 26, 150, 18), word, tint)
        left = 28 + painter.fontMetrics().horizontalAdvance(word) + 12
        painter.setFont(font(Role.SMALL))
        room = QRectF(left, 26, self.width() - left, 18)
        paint_text(painter, room, words.span(run, self._today), colors.chrome.text_2)


class Details(QWidget):
    """Shows one run. What its buttons mean is the page's matter."""

    accessible_role = QAccessible.Role.Grouping

    closed = Signal()
    copy_text_requested = Signal(str)

    def __init__(
        self,
        themes: ThemeManager,
        state_of: StateOf,
        now: Callable[[], float],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._themes = themes
        self._now = now
        self._listed: ListedRun | None = None
        self.setAccessibleName("Details of the run")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._head = _Head(themes, state_of)
        close = Button(themes, icon="close", name="Close the details", parent=self)
        close.clicked.connect(self.closed)
        self.show_instance = self._action("Show instance", ButtonKind.PRIMARY)
        self.start_again = self._action("Start again", ButtonKind.OUTLINED)
        self.copy_command = self._action("Copy command", ButtonKind.OUTLINED)
        self.open_folder = self._action("Open folder", ButtonKind.OUTLINED)
        self.buttons = (self.show_instance, self.start_again, self.copy_command, self.open_folder)
        self.values = {name: _Elided() for name in _FACTS}
        self.command = _Elided()
        self.command.setFont(font(Role.SMALL))
        self.command.setProperty("role", "secondary")
        self.reason = plain_label()
        self.reason.setWordWrap(True)
        self.reason.setFont(font(Role.SMALL))
        self._time = TimeBar(themes, self)
        self._longest = plain_label()
        self._longest.setFont(font(Role.SMALL))
        self._longest.setProperty("role", "secondary")
        self.last_screen = ScreenView(self)
        self.screen_note = plain_label()
        self.screen_note.setFont(font(Role.SMALL))
        self.screen_note.setProperty("role", "tertiary")
        self.screen_note.setWordWrap(True)
        self.copy_text = Button(themes, "Copy text", small=True, parent=self)
        self.copy_text.clicked.connect(self._on_copy_text)
        self._lay_out(close)
        themes.changed.connect(self._on_theme_changed)

    def _action(self, text: str, kind: ButtonKind) -> Button:
        return Button(self._themes, text, kind=kind, small=True, parent=self)

    def _lay_out(self, close: Button) -> None:
        head = QHBoxLayout()
        head.addWidget(self._head, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        actions = QHBoxLayout()
        actions.setSpacing(6)
        for button in self.buttons:
            actions.addWidget(button)
        actions.addStretch()
        facts = QGridLayout()
        facts.setHorizontalSpacing(12)
        facts.setVerticalSpacing(2)
        for number, (name, value) in enumerate(self.values.items()):
            title = plain_label(name)
            title.setFont(font(Role.SMALL))
            title.setProperty("role", "secondary")
            value.setFont(font(Role.BODY, 500))
            value.setMinimumWidth(0)
            row, place = divmod(number, 3)
            facts.addWidget(title, 3 * row, place)
            facts.addWidget(value, 3 * row + 1, place)
            facts.setColumnStretch(place, 1)
            facts.setColumnMinimumWidth(place, _FACT)
        facts.setRowMinimumHeight(2, 8)
        last = QHBoxLayout()
        last.addWidget(_heading("Last screen"))
        last.addSpacing(8)
        last.addWidget(self.screen_note, 1)
        last.addWidget(self.copy_text)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(actions)
        column.addWidget(self.command)
        column.addWidget(self.reason)
        column.addLayout(facts)
        column.addWidget(_heading("Time"))
        column.addWidget(self._time)
        column.addWidget(self._longest)
        column.addLayout(last)
        column.addWidget(self.last_screen, 1)
        column.addStretch()

    @property
    def listed(self) -> ListedRun | None:
        return self._listed

    def show_run(self, listed: ListedRun, today: date, *, exists: bool, startable: bool) -> None:
        """``exists``: its instance is in the window; ``startable``: it could be started now."""
        new = self._listed is None or self._listed.run.id != listed.run.id
        self._listed = listed
        run, now = listed.run, self._now()
        self._head.show_run(listed, today)
        self.show_instance.setVisible(exists)
        self.start_again.setVisible(startable)
        self.copy_command.setVisible(bool(run.what))
        self.command.show_text(words.command(run))
        self.reason.setText(visible(run.reason))
        self.reason.setVisible(bool(run.reason))
        length = words.length_of(run, now)
        texts = (
            words.clock_length(length),
            words.blocked(listed),
            words.cost(run),
            words.rounds_and_agents(run),
            words.tokens(run),
            visible(short_path(run.folder)),
        )
        for value, text in zip(self.values.values(), texts, strict=True):
            value.show_text(text)
        self._time.show_time(length or 0.0, listed.blocked.seconds)
        waits = listed.blocked
        waited, longest = words.rough_length(waits.seconds), words.rough_length(waits.longest)
        self._longest.setText(f"{waited} blocked on you (hatched), the longest wait {longest}")
        self._longest.setVisible(waits.seconds > 0)
        if new:
            self.show_no_screen("")

    def show_screen(self, screen: LastScreen) -> None:
        if self._listed is None:
            return
        theme = self._listed.run.theme
        name = ThemeName(theme) if theme in tuple(ThemeName) else next(iter(ThemeName))
        self.screen_note.setText(f"kept {words.clock(screen.saved_at)}")
        self.last_screen.show_screen(screen, self._themes.colors.theme(name))
        self.last_screen.show()
        self.copy_text.show()

    def show_no_screen(self, why: str) -> None:
        self.screen_note.setText(why)
        self.last_screen.hide()
        self.copy_text.hide()

    def _on_copy_text(self) -> None:
        screen = self.last_screen.screen_shown
        if screen is not None:
            self.copy_text_requested.emit(screen.text)

    def _on_theme_changed(self) -> None:
        screen = self.last_screen.screen_shown
        if screen is not None and not self.last_screen.isHidden():
            self.show_screen(screen)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill_round(painter, QRectF(self.rect()), 8, chrome.surface)
        stroke_round(painter, QRectF(self.rect()), 8, chrome.border)


def _heading(text: str) -> QLabel:
    label = plain_label(text)
    label.setFont(font(Role.SMALL, 600))
    return label
