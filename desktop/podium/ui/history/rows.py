"""Paints the rows of the table, and says what is read aloud of them."""

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from podium.core.instances import ThemeName
from podium.core.runs import Run, RunOutcome
from podium.core.themes import load_tokens
from podium.core.visible_text import visible
from podium.history.run_list import ListedRun, RunOrder
from podium.ui.history import words
from podium.ui.history.columns import COLUMNS, SCROLL_BAR, placed
from podium.ui.history.model import DayRow, Index, RunRole
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import FOCUS_RING, fill_round, paint_name, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager, color
from podium.ui.theme.short_text import short_path
from podium.ui.theme.state_shapes import BOX, paint_state
from podium.workspace.views import InstanceState

ROW: Final = 34
"""Headers have the same height: a list of equal rows scrolls through any number of them at once."""
_BAR: Final = 3

StateOf = Callable[[Run], tuple[InstanceState, str]]


class RunPainter(QStyledItemDelegate):
    """``state_of`` is the shape and the word of a run as it is now."""

    def __init__(
        self,
        themes: ThemeManager,
        state_of: StateOf,
        now: Callable[[], float],
        today: Callable[[], date],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._themes = themes
        self._state_of = state_of
        self._now = now
        self._today = today
        self.grouped = True
        """Whether headers say the day."""

    def text(self, row: object) -> str:
        """What is read aloud of a row."""
        if isinstance(row, DayRow):
            return f"{words.day_title(row.day, self._today())}, {words.day_sums(row.sums)}"
        if isinstance(row, ListedRun):
            return words.spoken(row, self._state_of(row.run)[1], self._now(), self._today())
        return ""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        rect.setWidth(option.widget.width() - SCROLL_BAR)
        row = index.data(RunRole.ROW)
        if isinstance(row, DayRow):
            self._paint_day(painter, rect, row)
        elif isinstance(row, ListedRun):
            self._paint_run(painter, rect, row, option)
        painter.restore()

    def _paint_day(self, painter: QPainter, rect: QRectF, row: DayRow) -> None:
        chrome = self._themes.colors.chrome
        painter.fillRect(rect.adjusted(0, 4, 0, -1), chrome.chrome)
        inner = rect.adjusted(12, 4, -12, -1)
        painter.setFont(font(Role.CAPTION, 600))
        paint_text(painter, inner, words.day_title(row.day, self._today()), chrome.text_2)
        painter.setFont(font(Role.CAPTION))
        right = inner.adjusted(180, 0, 0, 0)
        paint_text(painter, right, words.day_sums(row.sums), chrome.text_2, Qt.AlignmentFlag.AlignRight)

    def _paint_run(
        self, painter: QPainter, rect: QRectF, row: ListedRun, option: QStyleOptionViewItem
    ) -> None:
        colors = self._themes.colors
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            radius = load_tokens().radius["control"]
            fill_round(painter, rect, radius, colors.chrome.selected)
            if option.state & QStyle.StateFlag.State_HasFocus:
                stroke_round(painter, rect, radius, colors.chrome.focus_ring, FOCUS_RING)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, colors.chrome.hover)
        if not chosen:
            painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), colors.chrome.border)
        for order, (left, width) in placed(round(rect.width())).items():
            cell = QRectF(rect.left() + left, rect.top(), width, rect.height())
            self._paint_cell(painter, cell, order, row)

    def _paint_cell(self, painter: QPainter, cell: QRectF, order: RunOrder, row: ListedRun) -> None:
        colors = self._themes.colors
        if order is RunOrder.OUTCOME:
            state, word = self._state_of(row.run)
            tint = colors.state(state)
            paint_state(painter, cell.left(), cell.center().y() - BOX / 2, state, tint)
            painter.setFont(font(Role.BODY))
            plain = row.run.outcome in (RunOutcome.DONE, RunOutcome.PARTIAL)
            paint_text(painter, cell.adjusted(BOX + 6, 0, 0, 0), word, colors.chrome.text if plain else tint)
            return
        if order is RunOrder.INSTANCE:
            bar = QRectF(cell.left(), cell.center().y() - 7, _BAR, 14)
            fill_round(painter, bar, 1.5, accent(self._themes, row.run))
            painter.setFont(font(Role.BODY_STRONG))
            paint_name(painter, cell.adjusted(11, 0, 0, 0), visible(row.run.name), colors.chrome.text)
            return
        painter.setFont(font(Role.BODY))
        text = self._cell_text(order, row)
        quiet = order in (RunOrder.FOLDER, RunOrder.STARTED, RunOrder.BLOCKED) or text == words.NOTHING
        tint = colors.chrome.text_2 if quiet else colors.chrome.text
        if order is RunOrder.FOLDER:
            paint_name(painter, cell, text, tint)
        else:
            right = COLUMNS[order].right
            paint_text(
                painter,
                cell,
                text,
                tint,
                Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft,
            )

    def _cell_text(self, order: RunOrder, row: ListedRun) -> str:
        run = row.run
        match order:
            case RunOrder.FOLDER:
                return visible(short_path(run.folder))
            case RunOrder.STARTED:
                return words.started(run.started_at, not self.grouped)
            case RunOrder.ROUNDS:
                return words.rounds(run)
            case RunOrder.LENGTH:
                return words.clock_length(words.length_of(run, self._now()))
            case RunOrder.BLOCKED:
                return words.rough_length(row.blocked.seconds)
            case RunOrder.COST:
                return words.cost(run)
        return ""


def accent(themes: ThemeManager, run: Run) -> QColor:
    """The colour of the theme that the instance had; that of plain bars when there is no such theme any more."""
    if run.theme in tuple(ThemeName):
        return color(themes.colors.theme(ThemeName(run.theme)).accent_ui)
    return themes.colors.chrome.border_strong
