"""The lines found in all instances as rows of a list: whose they are, and each with its matches marked."""

from typing import Final, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from podium.core.ids import InstanceId
from podium.core.protocol.reports import FoundLine
from podium.ui.terminal.painting.fonts import terminal_font
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import fill_round, paint_name, paint_text
from podium.ui.theme.palette import ThemeManager, color
from podium.ui.widgets.row_model import ROW_ROLE, RowModel
from podium.workspace.views import InstanceView

_ROW: Final = 26
_HEADER: Final = 32
_LEFT: Final = 18
_FONT: Final = 12
_BEFORE: Final = 24
"""Characters in front of the first match, of a line that is too long for the row."""


class FoundHeader(NamedTuple):
    """An instance with matches."""

    view: InstanceView
    total: int


class FoundRow(NamedTuple):
    """A line of an instance."""

    instance: InstanceId
    view: InstanceView
    line: FoundLine


Row = FoundHeader | FoundRow


class FoundModel(RowModel[Row]):
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(row, FoundHeader):
                return f"{row.view.spec.name}, {row.total} matches"
            return row.line.text
        return None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        if isinstance(self.rows[index.row()], FoundHeader):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class FoundRows(QStyledItemDelegate):
    """Paints the rows."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, _HEADER if isinstance(index.data(ROW_ROLE), FoundHeader) else _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        row = index.data(ROW_ROLE)
        if isinstance(row, FoundHeader):
            self._paint_header(painter, rect, row)
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            self._paint_line(painter, rect, row, chosen)
        painter.restore()

    def _paint_header(self, painter: QPainter, rect: QRectF, row: FoundHeader) -> None:
        colors = self._themes.colors
        middle = rect.center().y() + 2
        theme = colors.theme(row.view.spec.theme)
        fill_round(painter, QRectF(rect.left() + 4, middle - 7, 3, 14), 1.5, color(theme.accent_ui))
        painter.setFont(font(Role.BODY_STRONG))
        line = rect.adjusted(_LEFT, 4, -70, 0)
        paint_name(painter, line, row.view.spec.name, colors.chrome.text)
        painter.setFont(font(Role.SMALL))
        right = rect.adjusted(0, 4, -10, 0)
        paint_text(painter, right, f"{row.total:,}", colors.chrome.text_2, Qt.AlignmentFlag.AlignRight)

    def _paint_line(self, painter: QPainter, rect: QRectF, row: FoundRow, chosen: bool) -> None:
        chrome = self._themes.colors.chrome
        if chosen:
            fill_round(painter, rect, 6, chrome.selected)
        painter.setFont(terminal_font(_FONT))
        metrics = QFontMetricsF(painter.font())
        text, spans = row.line.text, row.line.spans
        room = rect.adjusted(_LEFT, 0, -10, 0)
        cut = 0
        if spans and metrics.horizontalAdvance(text[: spans[0][1]]) > room.width():
            cut = max(0, spans[0][0] - _BEFORE)
        shown = ("…" if cut else "") + text[cut:]
        shift = (1 if cut else 0) - cut
        painter.setClipRect(room)
        for start, end in spans:
            left = metrics.horizontalAdvance(shown[: max(0, start + shift)])
            width = metrics.horizontalAdvance(shown[max(0, start + shift) : end + shift])
            mark = QRectF(room.left() + left, rect.top() + 4, width, rect.height() - 8)
            fill_round(painter, mark, 2, chrome.match_other)
        paint_text(painter, room, shown, chrome.text if chosen else chrome.text_2)
