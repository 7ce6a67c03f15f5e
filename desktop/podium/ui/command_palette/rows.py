"""Paints the palette's rows."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from podium.core.themes import load_tokens
from podium.ui.command_palette.entries import Entry
from podium.ui.command_palette.marked_text import paint_marked
from podium.ui.command_palette.matching import Hit
from podium.ui.command_palette.model import Heading, Refused
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import fill_round, paint_text
from podium.ui.theme.palette import ThemeManager, color
from podium.ui.theme.state_shapes import BOX, paint_state
from podium.ui.widgets.keycaps import keycaps_width, paint_keycaps
from podium.ui.widgets.row_model import ROW_ROLE

HEADING: Final = 30
_INSET: Final = 6
"""Between the card's edge and the fill of the chosen row."""
_LEFT: Final = 47
"""Where titles begin."""
_RIGHT: Final = 17
_GAP: Final = 12
_LEAST_DETAIL: Final = 60
"""px; in less room a detail tells nothing."""


class PaletteRows(QStyledItemDelegate):
    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        heading = isinstance(index.data(ROW_ROLE), Heading)
        return QSize(0, HEADING if heading else load_tokens().size["palette_row"])

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        row = index.data(ROW_ROLE)
        chrome = self._themes.colors.chrome
        if isinstance(row, Heading):
            painter.setFont(font(Role.CAPTION, 600))
            paint_text(painter, rect.adjusted(_RIGHT, 4, -_RIGHT, 0), row.text, chrome.text_2)
        else:
            fill = rect.adjusted(_INSET, 0, -_INSET, 0)
            if option.state & QStyle.StateFlag.State_Selected:
                fill_round(painter, fill, 6, chrome.selected)
            elif option.state & QStyle.StateFlag.State_MouseOver:
                fill_round(painter, fill, 6, chrome.hover)
            if isinstance(row, Refused):
                self._paint_refused(painter, rect, row)
            elif isinstance(row, Hit):
                self._paint_hit(painter, rect, row)
        painter.restore()

    def _paint_refused(self, painter: QPainter, rect: QRectF, row: Refused) -> None:
        chrome = self._themes.colors.chrome
        painter.save()
        painter.translate(rect.left() + _RIGHT + 8, rect.center().y())
        if not row.open:
            painter.rotate(-90)
        paint_icon(painter, "chevron", chrome.text_3, -8, -8)
        painter.restore()
        painter.setFont(font(Role.SMALL))
        line = rect.adjusted(_LEFT, 0, -_RIGHT, 0)
        paint_text(painter, line, row.text, chrome.text_2)
        paint_text(painter, line, row.offer, chrome.text_2, Qt.AlignmentFlag.AlignRight)

    def _paint_hit(self, painter: QPainter, rect: QRectF, hit: Hit) -> None:
        chrome = self._themes.colors.chrome
        entry = hit.entry
        self._paint_sign(painter, rect, entry)
        end = rect.right() - _RIGHT
        if entry.keys and not entry.refusal:
            end -= keycaps_width(entry.keys) + _GAP
            paint_keycaps(painter, entry.keys, rect.right() - _RIGHT, rect.center().y(), chrome)
        painter.setFont(font(Role.BODY, 500))
        line = QRectF(rect.left() + _LEFT, rect.top(), end - rect.left() - _LEFT, rect.height())
        tint = chrome.text_2 if entry.refusal else chrome.text
        middle = Qt.TextElideMode.ElideMiddle
        width = paint_marked(painter, line, entry.title, hit.title, tint, chrome.link, middle)
        line.setLeft(line.left() + width + _GAP)
        if line.width() >= _LEAST_DETAIL:
            painter.setFont(font(Role.SMALL))
            paint_marked(painter, line, entry.detail, hit.detail, chrome.text_2, chrome.link)

    def _paint_sign(self, painter: QPainter, rect: QRectF, entry: Entry) -> None:
        colors = self._themes.colors
        middle = rect.center().y()
        if entry.theme is not None and entry.state is not None:
            accent = color(colors.theme(entry.theme).accent_ui)
            fill_round(painter, QRectF(rect.left() + _RIGHT, middle - 7, 3, 14), 1.5, accent)
            left = rect.left() + _RIGHT + 11
            paint_state(painter, left, middle - BOX / 2, entry.state, colors.state(entry.state))
        elif entry.icon:
            tint = colors.chrome.text_disabled if entry.refusal else colors.chrome.text_2
            paint_icon(painter, entry.icon, tint, rect.left() + _RIGHT, middle - 8)
