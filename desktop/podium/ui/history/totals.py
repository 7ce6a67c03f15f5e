"""What all runs that are shown came to: four figures and the plot of days on one card."""

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from podium.ui.history import words
from podium.ui.history.day_plot import DayPlot
from podium.ui.history.hatching import paint_hatched
from podium.ui.history.loading import Loaded
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import fill_round, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_label

_HEIGHT: Final = 140
_NARROW: Final = 900
_FIGURE: Final = 118


class _Figure(QWidget):
    """A title, a number, and what there is to say about it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.value = plain_label(words.NOTHING)
        self.note = plain_label()
        self.value.setFont(font(Role.TITLE))
        self.note.setFont(font(Role.SMALL))
        self.note.setProperty("role", "secondary")
        self._title = plain_label(title)
        self._title.setFont(font(Role.SMALL))
        self._title.setProperty("role", "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for label in (self._title, self.value, self.note):
            column.addWidget(label)
        column.addStretch()
        self.setFixedWidth(_FIGURE)

    def show_figure(self, value: str, note: str) -> None:
        self.value.setText(value)
        self.note.setText(note)
        self.note.setToolTip(note)


class _Legend(QWidget):
    """What the two kinds of bars are."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self._themes = themes
        self._range = ""
        self.setFixedHeight(16)
        self.show_range("")
        themes.changed.connect(self.update)

    def show_range(self, range: str) -> None:
        """Say which days the bars are of; "" when they are all days that are shown."""
        self._range = range
        said = f" Bars are of the {range}." if range else ""
        self.setAccessibleName(f"Bars up: cost a day. Hatched bars down: minutes blocked on you.{said}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(Role.CAPTION))
        fill_round(painter, QRectF(0, 4, 10, 9), 2, chrome.chart_bar)
        paint_text(painter, QRectF(16, 0, 80, 16), "cost a day", chrome.text_2)
        paint_hatched(painter, QRectF(96, 3, 11, 10), 1.5, chrome.text_3)
        paint_text(painter, QRectF(113, 0, 150, 16), "minutes blocked on you", chrome.text_2)
        paint_text(painter, QRectF(270, 0, self.width() - 270, 16), self._range, chrome.text_3)


class Totals(QWidget):
    """The card."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self.plot = DayPlot(themes, self)
        self.runs, self.cost = _Figure("Runs"), _Figure("Cost")
        self.ran, self.blocked = _Figure("Ran"), _Figure("Blocked on you")
        figures = QHBoxLayout()
        figures.setSpacing(8)
        for figure in (self.runs, self.cost, self.ran, self.blocked):
            figures.addWidget(figure)
        left = QVBoxLayout()
        left.addLayout(figures)
        left.addStretch()
        self._legend = _Legend(themes)
        left.addWidget(self._legend)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 14, 16, 12)
        row.setSpacing(16)
        row.addLayout(left)
        row.addWidget(self.plot, 1)
        self.setFixedHeight(_HEIGHT)
        themes.changed.connect(self.update)

    @property
    def labels(self) -> tuple[QLabel, ...]:
        return tuple(figure.value for figure in (self.runs, self.cost, self.ran, self.blocked))

    def show_sums(self, loaded: Loaded) -> None:
        total = loaded.sums.total
        days = dict(loaded.plotted.days)
        today = loaded.today.isoformat()
        self.runs.show_figure(f"{total.runs:,}", f"{total.done:,} done, {total.failed:,} failed")
        now = days.get(today)
        notes = ["est."] if total.usd is not None and total.estimated else []
        if now is not None and now.usd is not None:
            notes.append(f"{words.money(now.usd)} today")
        self.cost.show_figure(words.money(total.usd), ", ".join(notes))
        ran = words.rough_length(total.seconds)
        self.ran.show_figure(ran, f"in {words.counted(total.folders, 'folder')}" if total.runs else "")
        waits = total.blocked
        asked = words.counted(waits.questions, "question") if waits.questions else ""
        self.blocked.show_figure(words.rough_length(waits.seconds), asked)
        plotted = loaded.wanted.plotted_days(loaded.today)
        self._legend.show_range("" if loaded.wanted.days == len(plotted) else f"last {len(plotted)} days")
        self.plot.show_days(plotted, days, loaded.today, loaded.wanted.day)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.ran.setVisible(self.width() >= _NARROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill_round(painter, QRectF(self.rect()), 8, chrome.surface)
        stroke_round(painter, QRectF(self.rect()), 8, chrome.border)
