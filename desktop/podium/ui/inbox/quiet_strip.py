"""Do not disturb in the inbox: the moon and its menu, and the strip that says how long it lasts."""

from collections.abc import Callable
from math import inf

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from podium.core.clock import Clock, wall
from podium.ui.inbox import words
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import fill_round, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_label
from podium.ui.widgets.buttons import Button
from podium.workspace.alerting.do_not_disturb import DoNotDisturb


class Moon(Button):
    """Stays pressed while it is on. A click opens the choices of its length."""

    def __init__(
        self, themes: ThemeManager, quiet: DoNotDisturb, parent: QWidget, clock: Clock = wall
    ) -> None:
        super().__init__(themes, icon="moon", name="Do not disturb", parent=parent)
        self._themes = themes
        self._quiet = quiet
        self._clock = clock
        self.clicked.connect(self._open)
        quiet.changed.connect(self.update)

    def menu_of_choices(self) -> QMenu:
        """What a person may choose now."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        choices: list[tuple[str, Callable[[], None]]] = [
            ("For 30 minutes", lambda: self._quiet.turn_on_for(1800)),
            ("For an hour", lambda: self._quiet.turn_on_for(3600)),
            ("Until tomorrow", lambda: self._quiet.turn_on(words.tomorrow(self._clock()))),
            ("Until I turn it off", lambda: self._quiet.turn_on(inf)),
        ]
        for title, choose in choices:
            menu.addAction(title).triggered.connect(lambda _checked=False, choose=choose: choose())
        if self._quiet.active:
            menu.addSeparator()
            menu.addAction("Turn off").triggered.connect(lambda _checked=False: self._quiet.turn_off())
        return menu

    def _open(self) -> None:
        self.menu_of_choices().popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def _paint_body(self, painter: QPainter, rect: QRectF, radius: float) -> None:
        if not self._quiet.active:
            super()._paint_body(painter, rect, radius)
            return
        chrome = self._themes.colors.chrome
        fill_round(painter, rect, radius, chrome.selected)
        stroke_round(painter, rect, radius, chrome.control_border)


class QuietStrip(QWidget):
    """In sight while a person does not want to be disturbed."""

    def __init__(
        self, themes: ThemeManager, quiet: DoNotDisturb, parent: QWidget, clock: Clock = wall
    ) -> None:
        super().__init__(parent)
        self._themes = themes
        self._quiet = quiet
        self._clock = clock
        self._strong = plain_label("Do not disturb")
        self._strong.setFont(font(Role.SMALL, 600))
        self.said = plain_label()
        self.said.setFont(font(Role.SMALL))
        self.said.setProperty("role", "secondary")
        self.end = Button(themes, "Turn off", small=True, parent=self)
        self.end.clicked.connect(quiet.turn_off)
        row = QHBoxLayout(self)
        row.setContentsMargins(34, 0, 4, 0)
        row.setSpacing(4)
        row.addWidget(self._strong)
        row.addWidget(self.said, 1)
        row.addWidget(self.end)
        self.setFixedHeight(34)
        quiet.changed.connect(self.refresh)
        themes.changed.connect(self.update)
        self.refresh()

    def refresh(self) -> None:
        """Show how long it lasts, as it is named now."""
        self.setVisible(self._quiet.active)
        if self._quiet.active:
            self.said.setText(f"{words.until_text(self._quiet.until, self._clock())}. No toasts, no sound.")

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        fill_round(painter, rect, 6, chrome.surface)
        stroke_round(painter, rect, 6, chrome.border)
        paint_icon(painter, "moon", chrome.text_2, 11, (self.height() - 14) // 2, 14)
