"""The overview of keys, from the command table: to be read and searched. The command palette is what runs commands."""

from collections.abc import Collection
from typing import Final, NamedTuple

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from podium.core.commands import COMMANDS, Command, CommandId, Group
from podium.ui.dialogs.sheet import Sheet
from podium.ui.keys_in_use import KeysInUse
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import icon
from podium.ui.theme.painting import fill_round, paint_text
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import breakable, plain_label
from podium.ui.widgets.accessible import announce
from podium.ui.widgets.buttons import Button, ButtonKind
from podium.ui.widgets.keycaps import keycaps_width, paint_keycaps
from podium.ui.widgets.row_model import ROW_ROLE, RowModel

_ROW: Final = 32
_HEADING: Final = 34
_TITLE: Final = 190
_BETWEEN: Final = 10
"""px between two keys of the same command."""
_MOVES: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class GroupRow(NamedTuple):
    """A heading."""

    group: Group


class KeyRow(NamedTuple):
    """A command that has keys."""

    command: Command
    keys: list[list[str]]
    """The caps of each of its keys."""

    @property
    def title(self) -> str:
        return self.command.title.rstrip("…")

    @property
    def spoken_keys(self) -> str:
        return " or ".join("+".join(caps) for caps in self.keys)

    def matches(self, text: str) -> bool:
        return text in f"{self.command.title} {self.command.help} {self.spoken_keys}".casefold()


OverviewRow = GroupRow | KeyRow


def overview(offered: Collection[CommandId], keys: KeysInUse, text: str = "") -> list[OverviewRow]:
    """The commands in ``offered`` that have keys and match ``text``, below the headings of their groups."""
    wanted = text.strip().casefold()
    found: list[OverviewRow] = []
    for group in Group:
        commands = [row for row in COMMANDS if row.group is group and row.id in offered]
        rows = [KeyRow(row, keys.all_caps(row.id)) for row in commands]
        matching = [row for row in rows if row.keys and row.matches(wanted)]
        if matching:
            found += [GroupRow(group), *matching]
    return found


class _Model(RowModel[OverviewRow]):
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, KeyRow):
            return row.command.help
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _spoken(row)
        return None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        if isinstance(self.rows[index.row()], GroupRow):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def _spoken(row: OverviewRow) -> str:
    return (
        row.group.value
        if isinstance(row, GroupRow)
        else f"{row.title}, {row.spoken_keys}, {row.command.help}"
    )


class _Rows(QStyledItemDelegate):
    """Paints the rows."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, _HEADING if isinstance(index.data(ROW_ROLE), GroupRow) else _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        row = index.data(ROW_ROLE)
        chrome = self._themes.colors.chrome
        if isinstance(row, GroupRow):
            painter.setFont(font(Role.CAPTION, 600))
            paint_text(painter, rect.adjusted(10, 8, -10, 0), row.group.value, chrome.text_3)
        elif isinstance(row, KeyRow):
            marked = bool(option.state & QStyle.StateFlag.State_Selected)
            if marked:
                fill_round(painter, rect, 6, chrome.selected)
            self._paint_row(painter, rect, row, marked)
        painter.restore()

    def _paint_row(self, painter: QPainter, rect: QRectF, row: KeyRow, marked: bool) -> None:
        chrome = self._themes.colors.chrome
        end = rect.right() - 10
        for caps in reversed(row.keys):
            paint_keycaps(painter, caps, end, rect.center().y(), chrome)
            end -= keycaps_width(caps) + _BETWEEN
        painter.setFont(font(Role.BODY))
        left = rect.left() + 10
        paint_text(painter, QRectF(left, rect.top(), _TITLE, _ROW), row.title, chrome.text)
        painter.setFont(font(Role.SMALL))
        left += _TITLE + 8
        paint_text(
            painter,
            QRectF(left, rect.top(), end - left - 8, _ROW),
            row.command.help.rstrip("."),
            chrome.text_2 if marked else chrome.text_3,
        )


class ShortcutsDialog(Sheet):
    """Lists the keys of the commands in ``offered``."""

    change_chosen = Signal()
    """The keys are to be changed."""

    def __init__(
        self, themes: ThemeManager, host: QWidget, offered: Collection[CommandId], keys: KeysInUse
    ) -> None:
        super().__init__(themes, host, "Keyboard shortcuts", width=760)
        self._offered = offered
        self._keys = keys
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search commands and keys")
        self.search.setAccessibleName("Search commands and keys")
        self.search.addAction(
            icon("search", themes.colors.chrome.text_3), QLineEdit.ActionPosition.LeadingPosition
        )
        self.search.textChanged.connect(self._show)
        self.search.installEventFilter(self)
        self._model = _Model(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Rows(themes, self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Keys")
        height = max(160, min(560, host.height() - 220))
        self.list.setFixedHeight(height)
        self.nothing = plain_label()
        self.nothing.setProperty("role", "secondary")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.nothing.setWordWrap(True)
        self.nothing.setFixedHeight(height)
        self.nothing.hide()
        key = keys.text(CommandId.COMMAND_PALETTE)
        where = f" ({key})" if key else ""
        palette = plain_label(f"The command palette{where} finds and runs all commands.")
        palette.setFont(font(Role.SMALL))
        palette.setProperty("role", "tertiary")
        self.body.setSpacing(12)
        self.body.addWidget(self.search)
        self.body.addWidget(self.list)
        self.body.addWidget(self.nothing)
        self.body.addWidget(palette)
        change = Button(themes, "Change keys…", kind=ButtonKind.OUTLINED)
        change.clicked.connect(self._on_change)
        self.buttons.addWidget(change)
        self._show("")

    def _on_change(self) -> None:
        self.accept()
        self.change_chosen.emit()

    def first_focus(self) -> QWidget:
        return self.search

    def shown(self) -> tuple[CommandId, ...]:
        return tuple(row.command.id for row in self._model.rows if isinstance(row, KeyRow))

    @property
    def marked(self) -> CommandId | None:
        """The command of the row that the arrow keys have come to."""
        row = self.list.currentIndex().data(ROW_ROLE)
        return row.command.id if isinstance(row, KeyRow) else None

    def _show(self, text: str) -> None:
        self._model.set_rows(overview(self._offered, self._keys, text))
        found = bool(self._model.rows)
        self.list.setVisible(found)
        self.nothing.setText(breakable(f"No key matches ‘{text}’."))
        self.nothing.setVisible(not found)

    def _move(self, by: int) -> None:
        """Mark the row that many further; headings are passed over."""
        places = [number for number, row in enumerate(self._model.rows) if isinstance(row, KeyRow)]
        if not places:
            return
        at = self.list.currentIndex().row()
        place = places.index(at) + by if at in places else 0
        number = places[min(max(place, 0), len(places) - 1)]
        if number == places[0]:
            self.list.scrollToTop()  # With its heading.
        self.list.setCurrentIndex(self._model.index(number))
        announce(self.search, _spoken(self._model.rows[number]))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in _MOVES:
                self._move(_MOVES[key])
                return True
            if key in _ENTER:
                return True  # Nothing is offered here.
        return super().eventFilter(watched, event)
