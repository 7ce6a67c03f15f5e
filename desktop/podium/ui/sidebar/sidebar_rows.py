"""Paints the sidebar's rows."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from podium.core.themes import load_tokens
from podium.ui.sidebar.sidebar_model import Entry, Header, RowRole, trailing_text
from podium.ui.theme.age_pill import paint_pill, pill_width
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import FOCUS_RING, fill_round, paint_name, paint_path, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager, color
from podium.ui.theme.short_text import short_path
from podium.ui.theme.state_shapes import BOX, paint_state
from podium.ui.theme.unseen_mark import SIZE as MARK_SIZE
from podium.ui.theme.unseen_mark import paint_unseen
from podium.workspace.views import InstanceState

_HEADER = 26
_HEADER_ROOM = 8
"""Above every group but the first."""
_MARK_GAP = 6


class SidebarRows(QStyledItemDelegate):
    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        if isinstance(index.data(RowRole.ROW), Header):
            return QSize(0, _HEADER + (_HEADER_ROOM if index.row() else 0))
        return QSize(0, load_tokens().size["row"])

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = index.data(RowRole.ROW)
        rect = QRectF(option.rect)
        state = option.state
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if isinstance(row, Header):
            rect.setTop(rect.bottom() - _HEADER)
            self._paint_header(painter, rect, row)
        else:
            self._paint_entry(painter, rect, row, hovered)
        if focused:
            stroke_round(painter, rect, 6, self._themes.colors.chrome.focus_ring, FOCUS_RING)
        painter.restore()

    def _paint_header(self, painter: QPainter, rect: QRectF, row: Header) -> None:
        chrome = self._themes.colors.chrome
        middle = rect.center().y()
        painter.save()
        painter.translate(rect.left() + 9, middle)
        if not row.open:
            painter.rotate(-90)
        paint_icon(painter, "chevron", chrome.text_3, -6, -6, 12)
        painter.restore()
        painter.setFont(font(Role.CAPTION, 600))
        folder = rect.adjusted(20, 0, -30, 0)
        paint_path(painter, folder, short_path(row.folder), chrome.text_2)
        painter.setFont(font(Role.CAPTION))
        paint_text(
            painter, rect.adjusted(0, 0, -8, 0), str(row.members), chrome.text_3, Qt.AlignmentFlag.AlignRight
        )

    def _paint_entry(self, painter: QPainter, rect: QRectF, row: Entry, hovered: bool) -> None:
        colors = self._themes.colors
        chrome = colors.chrome
        view = row.view
        if row.current:
            fill_round(painter, rect, 6, chrome.selected)
        elif hovered:
            fill_round(painter, rect, 6, chrome.hover)
        middle = rect.center().y()
        left = rect.left()
        accent = color(colors.theme(view.spec.theme).accent_ui)
        fill_round(painter, QRectF(left + 6, middle - 7, 3, 14), 1.5, accent)
        paint_state(painter, left + 19, middle - BOX / 2, view.shown_state, colors.state(view.shown_state))
        end = rect.right() - 8 - self._paint_trailing(painter, rect, row)
        if row.unseen is not None:
            end -= MARK_SIZE + _MARK_GAP
            paint_unseen(painter, end, middle, row.unseen, colors)
        waiting = view.state is InstanceState.WAITING
        painter.setFont(font(Role.BODY, 600 if row.current or waiting else 500))
        bright = view.state is not InstanceState.IDLE or row.current or row.unseen is not None
        name = QRectF(left + 38, rect.top(), end - left - 46, rect.height())
        paint_name(painter, name, view.spec.name, chrome.text if bright else chrome.text_2)

    def _paint_trailing(self, painter: QPainter, rect: QRectF, row: Entry) -> float:
        """Round, time or wait; returns its width."""
        colors = self._themes.colors
        text = trailing_text(row.view)
        if row.view.state is InstanceState.WAITING and text:
            width = pill_width(text)
            paint_pill(painter, rect.right() - 6 - width, rect.center().y(), text, colors)
            return width
        painter.setFont(font(Role.SMALL))
        paint_text(
            painter, rect.adjusted(0, 0, -8, 0), text, colors.chrome.text_3, Qt.AlignmentFlag.AlignRight
        )
        return QFontMetricsF(painter.font()).horizontalAdvance(text)
