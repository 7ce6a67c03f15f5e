"""Small buttons that stay pressed: the choices of a search."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from podium.core.themes import load_tokens
from podium.ui.theme.painting import fill_round, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.widgets.buttons import Button, ButtonKind

_PADDING = 6


class Toggle(Button):
    """A button that is on or off, with a short sign on it and its meaning as a tip."""

    def __init__(
        self,
        themes: ThemeManager,
        sign: str,
        name: str,
        parent: QWidget,
        kind: ButtonKind = ButtonKind.PLAIN,
    ) -> None:
        super().__init__(themes, sign, kind=kind, small=True, name=name, parent=parent)
        self._themes = themes
        self.setCheckable(True)

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(self.font()).horizontalAdvance(self.text()) + 2 * _PADDING
        return QSize(max(self.height(), round(width + 0.5)), self.height())

    def _paint_body(self, painter: QPainter, rect: QRectF, radius: float) -> None:
        if not self.isChecked():
            super()._paint_body(painter, rect, radius)
            return
        chrome = self._themes.colors.chrome
        radius = load_tokens().radius["control"]
        fill_round(painter, rect, radius, chrome.selected)
        stroke_round(painter, rect, radius, chrome.control_border)
