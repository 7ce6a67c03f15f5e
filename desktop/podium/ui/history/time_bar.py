"""The time of a run as one bar; the share in which it waited for the person is hatched."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from podium.ui.history import words
from podium.ui.history.hatching import paint_hatched
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import fill_round, paint_text
from podium.ui.theme.palette import ThemeManager

_HEIGHT = 22


class TimeBar(QWidget):
    """How much of it was waiting is known, not when: so that share stands at the end."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._seconds = self._waited = 0.0
        self.setFixedHeight(_HEIGHT)
        themes.changed.connect(self.update)

    def show_time(self, seconds: float, waited: float) -> None:
        """Seconds in all, and of those the ones it waited."""
        self._seconds, self._waited = seconds, min(waited, seconds)
        worked = words.rough_length(seconds - self._waited)
        waits = f", {words.rough_length(waited)} blocked on you" if waited > 0 else ""
        self.setAccessibleName(f"Time: {worked} at work{waits}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        share = self._waited / self._seconds if self._seconds > 0 else 0.0
        waited = max(8.0, rect.width() * share) if share > 0 else 0.0
        worked = QRectF(0, 0, rect.width() - waited - (2 if waited else 0), rect.height())
        if worked.width() > 2:
            fill_round(painter, worked, 3, chrome.chart_bar)
            painter.setFont(font(Role.CAPTION, 600))
            text = words.rough_length(self._seconds - self._waited)
            if worked.width() > 80:
                paint_text(painter, worked.adjusted(8, 0, -8, 0), text, chrome.text)
        if waited:
            paint_hatched(painter, QRectF(rect.right() - waited, 0, waited, rect.height()), 3, chrome.text_3)
