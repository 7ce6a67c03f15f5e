"""Searching all instances: one list of what was found, by instance and newest first. Enter goes there."""

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListView, QWidget

from podium.core.finding.query import MAX_QUERY, SearchQuery
from podium.core.ids import InstanceId
from podium.core.protocol.reports import ErrorReport
from podium.sessions.found_lines import Failure, FoundLines, WideSearch
from podium.sessions.hub import SessionHub
from podium.ui.dialogs.found_rows import FoundHeader, FoundModel, FoundRow, FoundRows, Row
from podium.ui.dialogs.sheet import Sheet
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import icon
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_label
from podium.ui.widgets.row_model import ROW_ROLE
from podium.ui.widgets.toggles import Toggle
from podium.workspace.workspace import Workspace

_WIDTH: Final = 860
_MOST_LINES: Final = 200
"""Lines of one instance."""
_TYPING_MS: Final = 120
"""Between two keys that belong together."""
_MOVES: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}


class FindAllSheet(Sheet):
    """A field, the choices of a search, and the lines found so far."""

    match_chosen = Signal(str, object, object)
    """Instance, SearchQuery and the absolute number of the line."""

    def __init__(
        self,
        workspace: Workspace,
        hub: SessionHub,
        themes: ThemeManager,
        host: QWidget,
        query: SearchQuery | None,
    ) -> None:
        super().__init__(themes, host, "Find in all instances", width=_WIDTH)
        self._workspace = workspace
        self._hub = hub
        self._search: WideSearch | None = None
        self._found: dict[InstanceId, FoundLines] = {}
        self._fault = ""
        self.field = QLineEdit()
        self.field.setMaxLength(MAX_QUERY)
        self.field.setPlaceholderText("Find in all instances")
        self.field.setAccessibleName("Find in all instances")
        self.field.addAction(
            icon("search", themes.colors.chrome.text_3), QLineEdit.ActionPosition.LeadingPosition
        )
        self.case = Toggle(themes, "Aa", "Match case", self)
        self.word = Toggle(themes, "W", "Whole words", self)
        self.regex = Toggle(themes, ".*", "Regular expression", self)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.field, 1)
        row.addSpacing(8)
        for toggle in (self.case, self.word, self.regex):
            row.addWidget(toggle)
        self.said = plain_label()
        self.said.setFont(font(Role.SMALL))
        self.said.setProperty("role", "secondary")
        self._model = FoundModel(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(FoundRows(themes, self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName("Lines found")
        self.list.setFixedHeight(max(160, min(520, host.height() - 220)))
        self.list.clicked.connect(self._on_clicked)
        self.body.setSpacing(10)
        self.body.addLayout(row)
        self.body.addWidget(self.said)
        self.body.addWidget(self.list)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._begin)
        if query is not None:
            self.field.setText(query.text)
            for toggle, on in ((self.case, query.case), (self.word, query.word), (self.regex, query.regex)):
                toggle.setChecked(on)
        self.field.selectAll()
        self.field.textChanged.connect(self._typing.start)
        for toggle in (self.case, self.word, self.regex):
            toggle.toggled.connect(self._begin)
        self.field.installEventFilter(self)
        self.finished.connect(self._drop)
        self._begin()

    def first_focus(self) -> QWidget:
        return self.field

    @property
    def query(self) -> SearchQuery:
        return SearchQuery(
            self.field.text(), self.case.isChecked(), self.word.isChecked(), self.regex.isChecked()
        )

    def rows(self) -> tuple[Row, ...]:
        return tuple(self._model.rows)

    # Searching

    def _drop(self) -> None:
        self._typing.stop()
        if self._search is not None:
            self._search.cancel()
            self._search = None

    def _begin(self) -> None:
        self._drop()
        self._fault = ""
        self._found.clear()
        query = self.query
        if not query.text:
            self._show()
            return
        self._search = search = WideSearch(self._hub, self._workspace.ids(), self._workspace.send)
        search.begin(query, _MOST_LINES, self._on_found)
        self._show()

    def _on_found(self, instance: InstanceId, found: FoundLines | Failure) -> None:
        if isinstance(found, FoundLines):
            if found.lines:
                self._found[instance] = found
        elif isinstance(found, ErrorReport):
            self._fault = found.message
        self._show()

    # Showing

    def _show(self) -> None:
        chosen = self._chosen()
        rows: list[Row] = []
        for instance in self._workspace.ids():
            found = self._found.get(instance)
            if found is not None:
                view = self._workspace.view(instance)
                rows.append(FoundHeader(view, found.total))
                rows += [FoundRow(instance, view, line) for line in found.lines]
        self._model.set_rows(rows)
        self.said.setText(self._summary())
        same = (
            number
            for number, row in enumerate(rows)
            if isinstance(row, FoundRow)
            and chosen is not None
            and (row.instance, row.line.number) == (chosen.instance, chosen.line.number)
        )
        self._choose(next(same, 1 if rows else -1))

    def _summary(self) -> str:
        waits = self._search is not None and self._search.waiting
        if self._fault:
            return self._fault
        if not self.field.text():
            return "Screens and scrollbacks of all instances are searched."
        total = sum(found.total for found in self._found.values())
        if not total:
            return "Searching" if waits else "No match"
        matches = f"{total:,}{'+' if waits else ''} match{'' if total == 1 else 'es'}"
        count = len(self._found)
        shown = sum(len(found.lines) for found in self._found.values())
        cut = any(len(found.lines) == _MOST_LINES for found in self._found.values())
        newest = f", the newest {shown:,} lines" if cut else ""
        return f"{matches} in {count} instance{'' if count == 1 else 's'}{newest}"

    # Choosing

    def _chosen(self) -> FoundRow | None:
        row = self.list.currentIndex().data(ROW_ROLE)
        return row if isinstance(row, FoundRow) else None

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self._model.rows):
            self.list.setCurrentIndex(self._model.index(number))

    def _move(self, by: int) -> None:
        """Move the choice by so many lines; headers are passed over."""
        lines = [number for number, row in enumerate(self._model.rows) if isinstance(row, FoundRow)]
        if lines:
            at = self.list.currentIndex().row()
            place = lines.index(at) if at in lines else 0
            self._choose(lines[min(max(place + by, 0), len(lines) - 1)])

    def _on_clicked(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if isinstance(row, FoundRow):
            self._go_to(row)

    def _go_to(self, row: FoundRow) -> None:
        query = self.query
        self.accept()
        self.match_chosen.emit(row.instance, query, row.line.number)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress
        if watched is self.field and pressed:
            assert isinstance(event, QKeyEvent)
            key = Qt.Key(event.key())
            if key in _MOVES:
                self._move(_MOVES[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
                row = self._chosen()
                if row is not None and not self._typing.isActive():
                    self._go_to(row)
                return True
        return super().eventFilter(watched, event)
