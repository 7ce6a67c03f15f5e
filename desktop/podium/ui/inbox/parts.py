"""Parts of the inbox's cards: the age in a pill, two lines of a question, a button that shows its key."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from podium.core.themes import load_tokens
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import fill_round, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager, WindowColors, color
from podium.ui.theme.plain_text import breakable
from podium.ui.widgets.buttons import Button, ButtonKind

_PILL: Final = 20
_CAP: Final = 16
_QUESTION: Final = 14


def paint_age(painter: QPainter, text: str, right: float, middle: float, colors: WindowColors) -> float:
    """Paint an age in a filled pill that ends at ``right``; returns where it begins."""
    painter.setFont(font(Role.CAPTION, 600))
    width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 16
    pill = QRectF(right - width, middle - _PILL / 2, width, _PILL)
    fill_round(painter, pill, _PILL / 2, color(colors.waiting.fill))
    paint_text(painter, pill, text, color(colors.waiting.on_fill), Qt.AlignmentFlag.AlignHCenter)
    return right - width


class TwoLines(QWidget):
    """A text of two lines at most, the second elided; every character of it as it is."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._text = ""
        made = QFont(font(Role.BODY_STRONG))
        made.setPixelSize(_QUESTION)
        self.setFont(made)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        themes.changed.connect(self.update)

    def set_text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(len(self._lines(width)) * self._pitch() + 0.5)

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(1, self.width())))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        pitch = self._pitch()
        for number, line in enumerate(self._lines(self.width())):
            row = QRectF(0, number * pitch, self.width(), pitch)
            paint_text(painter, row, line, self._themes.colors.chrome.text)

    def _pitch(self) -> float:
        return QFontMetricsF(self.font()).height() + 1

    def _lines(self, width: int) -> tuple[str, ...]:
        layout = QTextLayout(breakable(self._text), self.font())
        layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(max(1, width))
        line.setPosition(QPointF(0, 0))
        end = line.textLength()
        layout.endLayout()
        first, rest = layout.text()[:end].rstrip(), layout.text()[end:].strip()
        return (first, rest) if rest else (first,)


class KeyButton(Button):
    """A small button that shows the key which does the same, while that key does it."""

    def __init__(
        self,
        themes: ThemeManager,
        text: str,
        key: str,
        *,
        kind: ButtonKind = ButtonKind.OUTLINED,
        parent: QWidget,
    ) -> None:
        super().__init__(themes, text, kind=kind, small=True, parent=parent)
        self._themes = themes
        self._key = key
        self._has_room = self._key_shown = False

    def show_key(self, *, room: bool, shown: bool) -> None:
        """``room`` is kept for it also while it is not shown, so that nothing moves under a pointer that is pressed."""
        if room != self._has_room:
            self._has_room = room
            self.updateGeometry()
        self._key_shown = shown
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()  # They choose a card; Qt would go to another button.
        else:
            super().keyPressEvent(event)

    @property
    def key(self) -> str:
        """The key as it shows; "" while it does not."""
        return self._key if self._key_shown else ""

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + _CAP + 6, hint.height()) if self._has_room else hint

    def _paint_content(self, painter: QPainter, rect: QRectF) -> None:
        super()._paint_content(painter, rect.adjusted(0, 0, -_CAP - 6 if self._has_room else 0, 0))
        if not self._key_shown:
            return
        tint = self._tint()
        cap = QRectF(rect.right() - 6 - _CAP, rect.center().y() - _CAP / 2, _CAP, _CAP)
        stroke_round(painter, cap, load_tokens().radius["chip"], tint)
        painter.setFont(font(Role.CAPTION, 600))
        paint_text(painter, cap, self._key, tint, Qt.AlignmentFlag.AlignHCenter)
