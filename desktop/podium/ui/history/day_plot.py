"""The plot of days: cost up, minutes blocked on the person down. A click on a day filters by it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from podium.history.run_list import RunSum
from podium.ui.history import words
from podium.ui.history.hatching import paint_hatched
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import FOCUS_RING, fill_round, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager

_AXIS: Final = 22
_TOP: Final = 8
_DOWN_SHARE: Final = 0.28
"""Of the height, for what hangs down."""
_MOST_BAR: Final = 30
_NOTHING: Final = RunSum()


class DayPlot(QWidget):
    """←→ go from day to day, Enter and Space filter by one; again takes it back."""

    accessible_role = QAccessible.Role.Chart

    day_chosen = Signal(str)
    """``2026-01-31``; "" when the chosen day was chosen again."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._days: Sequence[str] = ()
        self._sums: Mapping[str, RunSum] = {}
        self._today = date.min
        self._chosen: str | None = None
        self._pointed = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Cost and blocked minutes by day")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(420, 120)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 90)

    def show_days(
        self, days: Sequence[str], sums: Mapping[str, RunSum], today: date, chosen: str | None
    ) -> None:
        """``days`` from the oldest to the newest; those without sums had no runs."""
        self._days, self._sums, self._today, self._chosen = days, sums, today, chosen
        self._point_at(min(self._pointed, len(days) - 1))
        self.update()

    def text_of(self, day: str) -> str:
        """What is said of a day: its name, and what its runs came to."""
        return f"{words.short_day(day)}\n{words.day_sums(self._sums.get(day, _NOTHING))}"

    def bar(self, number: int) -> QRectF:
        """The place of a day, over the whole height."""
        width = self.width() / max(1, len(self._days))
        return QRectF(number * width, 0, width, self.height())

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = self.height() - _AXIS - _TOP
        down = body * _DOWN_SHARE
        zero = _TOP + body - down
        most_usd = max((self._sums.get(day, _NOTHING).usd or 0.0 for day in self._days), default=0.0)
        most_wait = max((self._sums.get(day, _NOTHING).blocked.seconds for day in self._days), default=0.0)
        label = QFontMetricsF(font(Role.CAPTION)).horizontalAdvance("We 30") + 16
        every = max(1, round(label / max(1.0, self.bar(0).width()) + 0.49))
        for number, day in enumerate(self._days):
            place, sums = self.bar(number), self._sums.get(day, _NOTHING)
            if day == self._chosen or number == self._pointed:
                fill_round(painter, place.adjusted(1, 0, -1, 0), 6, chrome.hover)
            if day == self._chosen:
                stroke_round(painter, place.adjusted(1, 0, -1, 0), 6, chrome.border_strong)
            width = min(_MOST_BAR, place.width() * 0.6)
            left = place.center().x() - width / 2
            tint = chrome.primary if day == self._today.isoformat() else chrome.chart_bar
            line = QRectF(left, zero, width, 0)
            self._paint_bars(painter, line, sums, tint, (zero - _TOP, most_usd), (down, most_wait))
            if (len(self._days) - 1 - number) % every == 0:
                self._paint_label(painter, place, day)
        if self.hasFocus():
            stroke_round(painter, QRectF(self.rect()), 6, chrome.focus_ring, FOCUS_RING)

    def _paint_bars(
        self,
        painter: QPainter,
        line: QRectF,
        sums: RunSum,
        tint: QColor,
        up: tuple[float, float],
        down: tuple[float, float],
    ) -> None:
        """``up`` and ``down`` are the room there is and the greatest value, which fills it."""
        chrome = self._themes.colors.chrome
        height = up[0] * (sums.usd or 0.0) / up[1] if up[1] > 0 else 0.0
        if height >= 1:
            fill_round(painter, QRectF(line.left(), line.top() - height, line.width(), height), 2, tint)
        else:
            painter.fillRect(QRectF(line.left(), line.top() - 1, line.width(), 1), chrome.chart_bar)
        hanging = down[0] * sums.blocked.seconds / down[1] if down[1] > 0 else 0.0
        if hanging > 0:
            area = QRectF(line.left(), line.top() + 3, line.width(), max(4.0, hanging - 3))
            paint_hatched(painter, area, 1.5, chrome.text_3)

    def _paint_label(self, painter: QPainter, place: QRectF, day: str) -> None:
        chrome = self._themes.colors.chrome
        today = day == self._today.isoformat()
        strong = today or day == self._chosen
        painter.setFont(font(Role.CAPTION, 600 if strong else 400))
        room = max(place.width(), 44.0)
        at = QRectF(place.center().x() - room / 2, self.height() - _AXIS + 4, room, 16)
        at.moveRight(min(at.right(), self.width()))
        text = "Today" if today else words.axis_day(day)
        tint = chrome.text if strong else chrome.text_2
        paint_text(painter, at, text, tint, Qt.AlignmentFlag.AlignHCenter)

    # Pointing

    def _point_at(self, number: int, at: QPoint | None = None) -> None:
        if number == self._pointed and at is None:
            return
        self._pointed = number
        text = self.text_of(self._days[number]) if 0 <= number < len(self._days) else ""
        self.setAccessibleDescription(text.replace("\n", ", "))
        if text and at is not None:
            QToolTip.showText(self.mapToGlobal(at), text, self)
        elif not text:
            QToolTip.hideText()
        self.update()

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self._days):
            day = self._days[number]
            self.day_chosen.emit("" if day == self._chosen else day)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = int(event.position().x() / max(1.0, self.bar(0).width())) if self._days else -1
        if number != self._pointed:
            self._point_at(number, event.position().toPoint() + QPoint(8, 8))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._days:
            self._choose(int(event.position().x() / max(1.0, self.bar(0).width())))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        last = len(self._days) - 1
        if event.modifiers() or last < 0:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            by = -1 if key is Qt.Key.Key_Left else 1
            self._point_with_key(last if self._pointed < 0 else min(max(self._pointed + by, 0), last))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._pointed >= 0:
            if not event.isAutoRepeat():
                self._choose(self._pointed)
        else:
            super().keyPressEvent(event)

    def _point_with_key(self, number: int) -> None:
        self._point_at(number, self.bar(number).center().toPoint())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point_at(-1)
