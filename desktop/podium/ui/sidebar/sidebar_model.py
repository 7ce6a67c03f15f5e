"""The sidebar's rows: instances grouped by their folder, filtered by what is typed."""

from enum import IntEnum
from typing import NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from podium.attention.alerts import AlertKind
from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.ui.attention import Attention
from podium.ui.theme.short_text import age_text, short_path
from podium.ui.theme.spoken import spoken_age, spoken_state, state_tip
from podium.workspace.arrangement import Arrangement
from podium.workspace.views import InstanceState, InstanceView
from podium.workspace.workspace import Workspace


class Header(NamedTuple):
    """A folder and how many of its instances match."""

    folder: str
    members: int
    open: bool


class Entry(NamedTuple):
    view: InstanceView
    current: bool
    unseen: AlertKind | None


Row = Header | Entry


class RowRole(IntEnum):
    ROW = Qt.ItemDataRole.UserRole + 1


def trailing_text(view: InstanceView) -> str:
    """The text at a row's right: how long it waits, its round, its time, or its kind."""
    if view.state is InstanceState.WAITING:
        return age_text(view.waiting_seconds)
    if view.round is not None:
        return f"{view.round}/{view.max_rounds}" if view.max_rounds else str(view.round)
    if view.busy and view.seconds is not None:
        return age_text(view.seconds)
    return {Kind.SHELL: "shell", Kind.COMMAND: "command", Kind.MISSION: "mission"}[view.spec.kind]


class SidebarModel(QAbstractListModel):
    """Rebuilt when the order or the filter changes; a changed view only repaints its row."""

    def __init__(
        self,
        workspace: Workspace,
        arrangement: Arrangement,
        attention: Attention,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._arrangement = arrangement
        self._attention = attention
        self._filter = ""
        self._closed: set[str] = set()
        self._rows: list[Header | InstanceId] = []
        self._painted: dict[InstanceId, tuple[object, ...]] = {}
        """What each row shows that was painted, or is about to be."""
        arrangement.changed.connect(self.rebuild)
        workspace.instance_removed.connect(self.rebuild)
        workspace.instance_changed.connect(self._on_instance_changed)
        attention.changed.connect(self._on_instance_changed)
        self.rebuild()

    def set_filter(self, text: str) -> None:
        self._filter = text.strip().casefold()
        self.rebuild()

    def toggle_group(self, folder: str) -> None:
        self._closed ^= {folder}
        self.rebuild()

    def rebuild(self, _instance: str = "") -> None:
        groups: dict[str, list[InstanceId]] = {}
        for id in self._arrangement.order:
            view = self._workspace.view(id)
            if self._matches(view):
                groups.setdefault(view.spec.folder, []).append(id)
        rows: list[Header | InstanceId] = []
        for folder, members in groups.items():
            # A filter looks into closed groups too.
            is_open = folder not in self._closed or bool(self._filter)
            rows.append(Header(folder, len(members), is_open))
            rows.extend(members if is_open else [])
        if rows == self._rows:
            self.repaint_rows()
            return
        self.beginResetModel()
        self._painted.clear()
        self._rows = rows
        self.endResetModel()

    def refresh_times(self) -> None:
        """Repaint the rows whose time reads differently now; most show minutes."""
        for place, id in enumerate(self._rows):
            if isinstance(id, Header):
                continue
            self._repaint(id, self.index(place))

    def repaint_rows(self) -> None:
        """Repaint those rows that read differently now."""
        self.refresh_times()

    def _repaint(self, id: InstanceId, index: QModelIndex) -> None:
        entry = self._entry(id)
        view = entry.view
        shown = (
            view.spec.name,
            view.spec.theme,
            view.shown_state,
            spoken_state(view, entry.unseen),
            trailing_text(view),
            entry.current,
            entry.unseen,
        )
        if self._painted.get(id) != shown:
            self._painted[id] = shown
            self.dataChanged.emit(index, index)

    def _entry(self, id: InstanceId) -> Entry:
        current = id == self._arrangement.current
        return Entry(self._workspace.view(id), current, self._attention.unseen(id))

    def row(self, index: QModelIndex | QPersistentModelIndex) -> Row:
        row = self._rows[index.row()]
        if isinstance(row, Header):
            return row
        return self._entry(row)

    def index_of(self, instance: InstanceId | None) -> QModelIndex:
        return self.index(self._rows.index(instance)) if instance in self._rows else QModelIndex()

    def _matches(self, view: InstanceView) -> bool:
        return (
            self._filter in f"{view.spec.name} {view.spec.folder} {view.shown_label} {view.detail}".casefold()
        )

    def _on_instance_changed(self, instance: str) -> None:
        index = self.index_of(InstanceId(instance))
        if index.isValid():
            self._repaint(InstanceId(instance), index)

    # QAbstractListModel

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if not index.isValid():
            return None
        row = self.row(index)
        match role:
            case RowRole.ROW:
                return row
            case Qt.ItemDataRole.DisplayRole:
                return short_path(row.folder) if isinstance(row, Header) else row.view.spec.name
            case Qt.ItemDataRole.AccessibleTextRole:
                if isinstance(row, Header):
                    return f"{short_path(row.folder)}, {row.members}"
                told = spoken_state(row.view, row.unseen)
                return f"{row.view.spec.name}, {told}, {spoken_age(row.view) or trailing_text(row.view)}"
            case Qt.ItemDataRole.ToolTipRole:
                if isinstance(row, Header):
                    return row.folder
                return state_tip(row.view, row.unseen, row.view.spec.folder)
        return None
