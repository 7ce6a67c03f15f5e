"""Cards to choose one of several: kinds of instance and themes. Arrow keys move within a group."""

from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from podium.core.instances import ThemeName
from podium.core.themes import load_theme
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import FOCUS_RING, fill_round, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager, color

_RADIUS = 8


class _Card(QAbstractButton):
    """Frame, choice and focus of a card; subclasses paint what is on it."""

    accessible_role = QAccessible.Role.RadioButton

    def __init__(self, themes: ThemeManager, text: str, height: int) -> None:
        super().__init__()
        self._themes = themes
        self._height = height
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(120, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._height)

    def _paint_frame(self, painter: QPainter, ground: QColor, line: QColor) -> None:
        rect = QRectF(self.rect())
        ring = self._themes.colors.chrome.focus_ring
        fill_round(painter, rect, _RADIUS, ground)
        chosen = self.isChecked()
        stroke_round(painter, rect, _RADIUS, ring if chosen else line, 2 if chosen else 1)
        if self.hasFocus():
            # The choice has a ring already, so focus is a second one inside it.
            stroke_round(painter, rect.adjusted(3.5, 3.5, -3.5, -3.5), _RADIUS - 3, ring, FOCUS_RING / 2)


class KindCard(_Card):
    def __init__(self, themes: ThemeManager, title: str, subtitle: str, icon: str) -> None:
        super().__init__(themes, title, 68)
        self._subtitle = subtitle
        self._icon_name = icon
        self.setAccessibleDescription(subtitle)

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = chrome.choice if self.isChecked() else chrome.hover if self.underMouse() else chrome.sunken
        self._paint_frame(painter, ground, chrome.border_strong)
        paint_icon(painter, self._icon_name, chrome.text_2, 14, 14)
        painter.setFont(font(Role.BODY_STRONG))
        paint_text(painter, QRectF(38, 12, self.width() - 48, 20), self.text(), chrome.text)
        painter.setFont(font(Role.SMALL))
        paint_text(painter, QRectF(14, 38, self.width() - 24, 18), self._subtitle, chrome.text_2)


class ThemeSwatch(_Card):
    """A theme as it will look: its name and six of its colours on its ground."""

    def __init__(self, themes: ThemeManager, theme: ThemeName) -> None:
        super().__init__(themes, load_theme(theme).name, 60)
        self.theme = theme

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._themes.colors.theme(self.theme)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter, color(theme.background), color(theme.outline))
        painter.setFont(font(Role.SMALL, 600))
        paint_text(painter, QRectF(14, 10, self.width() - 40, 18), self.text(), color(theme.accent_text))
        if self.isChecked():
            paint_icon(painter, "check", self._themes.colors.chrome.focus_ring, self.width() - 28, 11)
        # A prompt mark and the six colours that programs use most.
        painter.setFont(font(Role.SMALL, 600))
        paint_icon(painter, "prompt", color(theme.accent_text), 13, 34, 12)
        for index, shade in enumerate(theme.ansi[1:7]):
            fill_round(painter, QRectF(30 + index * 12, 36, 8, 8), 2, color(shade))


class CardRow(QWidget):
    """Cards side by side, exactly one of them chosen."""

    accessible_role = QAccessible.Role.Grouping

    def __init__(self, cards: Iterable[QAbstractButton], label: str) -> None:
        super().__init__()
        self.setAccessibleName(label)
        self.group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for card in cards:
            self.group.addButton(card)
            row.addWidget(card, 1)
        self.group.buttonToggled.connect(self._on_toggled)
        for card in self.group.buttons():
            self._on_toggled(card, card.isChecked())

    @staticmethod
    def _on_toggled(card: QAbstractButton, chosen: bool) -> None:
        # Until one has had the focus, Qt leaves Tab to the card that was added last.
        card.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)
