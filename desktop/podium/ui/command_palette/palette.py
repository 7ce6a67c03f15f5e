"""The palette: a field, and below it the list of what the text in it means."""

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from podium.core.themes import load_tokens
from podium.ui.command_palette.entries import Entry
from podium.ui.command_palette.matching import MOST_QUERY, Hit, read_query
from podium.ui.command_palette.model import Heading, PaletteModel, Refused, Row, rows_for, spoken
from podium.ui.command_palette.rows import HEADING, PaletteRows
from podium.ui.dialogs.modal_card import ModalCard
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import paint_text
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import breakable, plain_label
from podium.ui.widgets.accessible import announce
from podium.ui.widgets.keycaps import keycaps_width, paint_keycaps
from podium.ui.widgets.row_model import ROW_ROLE

_TOP: Final = 96
_SIDES: Final = 16
_FIELD: Final = 48
"""With the line below it; the style sheet has the field's own height."""
_FOOTER: Final = 34
_LEAST_LIST: Final = 108
_ROWS: Final = 10
"""Rows in sight where the window is high enough."""
_PAGE: Final = 8
_HINT: Final = "Search, or > for commands, @ for instances"
_LONGEST: Final = 10_000
"""Further than any list is long."""
_MOVES: Final = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: _PAGE,
    Qt.Key.Key_PageUp: -_PAGE,
    Qt.Key.Key_Home: -_LONGEST,
    Qt.Key.Key_End: _LONGEST,
}
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_EDITING: Final = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
"""With these Home and End are the field's."""


class _Footer(QWidget):
    """What the keys do, and how much of all there is was found."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._count = ""
        self.setFixedHeight(_FOOTER)

    def show_count(self, found: int, total: int) -> None:
        self._count = f"{found} of {total}"
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.fillRect(1, 0, self.width() - 2, 1, chrome.border)
        painter.setFont(font(Role.CAPTION, 600))
        line = QRectF(self.rect()).adjusted(17, 0, -17, 0)
        keys = "↑↓ choose     ↵ run     > commands     @ instances"
        paint_text(painter, line, keys, chrome.text_2)
        paint_text(painter, line, self._count, chrome.text_2, Qt.AlignmentFlag.AlignRight)


class CommandPalette(ModalCard):
    """Shows ``entries``; choosing one closes it and asks for that. ``used`` are keys of entries, the newest first."""

    entry_chosen = Signal(object, int)
    """An Entry, after it has closed, and the key that chose it; 0 for the mouse."""

    def __init__(
        self, themes: ThemeManager, host: QWidget, entries: Iterable[Entry], used: Sequence[str]
    ) -> None:
        super().__init__(themes, host, "Command palette")
        self._entries = list(entries)
        self._used = used
        self._show_refused = False
        self.field = QLineEdit()
        self.field.setObjectName("palette")
        self.field.setMaxLength(MOST_QUERY)
        self.field.setFont(font(Role.HEADING, 400))
        self.field.setPlaceholderText(_HINT)
        self.field.setAccessibleName("Search commands, instances, folders and files")
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._on_typed)
        self.model = PaletteModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(PaletteRows(themes, self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Found")
        self.list.clicked.connect(self._on_clicked)
        self.nothing = plain_label()
        self.nothing.setProperty("role", "secondary")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.nothing.setContentsMargins(17, 8, 17, 8)
        self.nothing.setWordWrap(True)
        self.footer = _Footer(themes, self)
        head = QHBoxLayout()
        head.setContentsMargins(42, 0, 17 + round(keycaps_width(["Esc"])) + 8, 0)
        head.addWidget(self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.footer)
        self._show()

    def first_focus(self) -> QWidget:
        return self.field

    @property
    def rows(self) -> Sequence[Row]:
        return self.model.rows

    @property
    def chosen(self) -> Row | None:
        """The row that Enter is for."""
        row: Row | None = self.list.currentIndex().data(ROW_ROLE)
        return row

    def add(self, entries: Sequence[Entry]) -> None:
        """Show further ones, such as those that had to be read; what is chosen stays."""
        self._entries += entries
        self._show(keep=True)

    def on_pressed_beside(self) -> None:
        self.reject()

    # Searching

    def _on_typed(self) -> None:
        self._show_refused = False
        self._show()

    def _show(self, *, keep: bool = False) -> None:
        chosen = self.chosen if keep else None
        query = read_query(self.field.text())
        rows = rows_for(query, self._entries, self._used, show_refused=self._show_refused)
        self.model.set_rows(rows)
        possible = sum(not entry.refusal for entry in self._entries)
        found = sum(isinstance(row, Hit) and not row.entry.refusal for row in rows)
        self.footer.show_count(found, possible)
        self.list.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.nothing.setText(breakable(f"Nothing matches ‘{self.field.text()}’."))
        self._choose(self._place_of(chosen))
        self._centre()

    def _place_of(self, wanted: Row | None) -> int:
        """Where a row is now; the first one that can be chosen where it is not there."""
        rows = self.model.rows
        for number, row in enumerate(rows):
            if isinstance(wanted, Hit) and isinstance(row, Hit) and row.entry.key == wanted.entry.key:
                return number
            if isinstance(wanted, Refused) and isinstance(row, Refused):
                return number
        return next((number for number, row in enumerate(rows) if not isinstance(row, Heading)), -1)

    # Choosing

    def _choose(self, number: int) -> None:
        if not 0 <= number < len(self.model.rows):
            return
        self.list.setCurrentIndex(self.model.index(number))
        if number and isinstance(self.model.rows[number - 1], Heading):
            self.list.scrollTo(self.model.index(number - 1))  # With its heading.
        self.list.scrollTo(self.model.index(number))
        announce(self.field, spoken(self.model.rows[number]))

    def _move(self, by: int) -> None:
        """Move the choice by so many rows; headings are passed over. One step from an end leads to the other."""
        places = [number for number, row in enumerate(self.model.rows) if not isinstance(row, Heading)]
        if not places:
            return
        at = self.list.currentIndex().row()
        place = (places.index(at) if at in places else 0) + by
        if abs(by) == 1:
            place %= len(places)
        self._choose(places[min(max(place, 0), len(places) - 1)])

    def _on_clicked(self, index: QModelIndex) -> None:
        self._take(index.data(ROW_ROLE), 0)

    def _take(self, row: Row | None, key: int) -> None:
        if isinstance(row, Refused):
            self._show_refused = not self._show_refused
            self._show(keep=True)
            self.list.scrollTo(self.list.currentIndex(), QListView.ScrollHint.PositionAtTop)
        elif isinstance(row, Hit):
            if row.entry.refusal:
                announce(self.field, row.entry.refusal, urgent=True)
                return
            self.accept()
            self.entry_chosen.emit(row.entry, key)

    def _take_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _MOVES and not event.modifiers() & _EDITING:
            self._move(_MOVES[key])
        elif key in _ENTER:
            if not event.isAutoRepeat():
                self._take(self.chosen, key)
        elif key == Qt.Key.Key_P and event.modifiers() == _EDITING:
            self.reject()  # The key that opened it.
        else:
            return False
        return True

    # Qt

    def _centre(self) -> None:
        super()._centre()
        room = self._host.rect()
        width = max(1, min(load_tokens().size["palette_width"], room.width() - 2 * _SIDES))
        row = load_tokens().size["palette_row"]
        wanted = sum(HEADING if isinstance(one, Heading) else row for one in self.model.rows)
        top = _TOP if room.height() >= 2 * _TOP + _FIELD + _FOOTER + _ROWS * row else _SIDES
        most = max(_LEAST_LIST, min(_ROWS * row + HEADING, room.height() - top - _SIDES - _FIELD - _FOOTER))
        height = _FIELD + _FOOTER + min(max(wanted + 6, row + 6), most)
        self.setGeometry((room.width() - width) // 2, top, width, height)

    def sizeHint(self) -> QSize:
        return self.size()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress
        if watched is self.field and pressed:
            assert isinstance(event, QKeyEvent)
            return self._take_key(event)
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_icon(painter, "search", chrome.text_2, 18, (_FIELD - 16) / 2 + 1)
        paint_keycaps(painter, ["Esc"], self.width() - 17, _FIELD / 2 + 1, chrome)
        painter.fillRect(1, _FIELD, self.width() - 2, 1, chrome.border)
