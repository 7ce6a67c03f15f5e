"""The sidebar: a filter, the instances by folder, and what they amount to."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAction,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QVBoxLayout, QWidget

from podium.core.ids import InstanceId
from podium.core.themes import load_tokens
from podium.ui.attention import Attention
from podium.ui.sidebar.blocked_label import BlockedLabel
from podium.ui.sidebar.sidebar_model import Header, RowRole, SidebarModel
from podium.ui.sidebar.sidebar_rows import SidebarRows
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import icon
from podium.ui.theme.painting import paint_text
from podium.ui.theme.palette import ThemeManager
from podium.ui.widgets.buttons import Button
from podium.workspace.arrangement import Arrangement
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace

_MARGIN = 10
_FOOTER = 54
_HANDLE = 5
"""The distance from the right edge within which the pointer may drag the width."""


class _RowList(QListView):
    """Paints the rows that changed. QListView would measure and place all of them anew; their heights never change."""

    def dataChanged(
        self,
        first: QModelIndex | QPersistentModelIndex,
        last: QModelIndex | QPersistentModelIndex,
        roles: Sequence[int] = (),
    ) -> None:
        QAbstractItemView.dataChanged(self, first, last, roles)


class Sidebar(QWidget):
    """Choosing a row makes its instance current."""

    accessible_role = QAccessible.Role.Grouping

    width_changed = Signal(int)
    """A person dragged it to this width."""
    instance_chosen = Signal(str)
    instance_menu_requested = Signal(str, QPoint)
    left = Signal()
    """Esc: back to the terminal."""

    def __init__(
        self,
        workspace: Workspace,
        arrangement: Arrangement,
        attention: Attention,
        themes: ThemeManager,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._arrangement = arrangement
        self._themes = themes
        self._dragging = False
        self.setMouseTracking(True)
        self.setAccessibleName("Sidebar")
        self._model = SidebarModel(workspace, arrangement, attention, self)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText("Filter instances")
        self.filter.setAccessibleName("Filter instances")
        self.filter.setProperty("quiet", True)
        self._lens = QAction(icon("search", themes.colors.chrome.text_3), "Search", self.filter)
        self.filter.addAction(self._lens, QLineEdit.ActionPosition.LeadingPosition)
        self.filter.textChanged.connect(self._model.set_filter)
        self.filter.returnPressed.connect(self._on_return_pressed)
        self.filter.installEventFilter(self)
        self.list = self._make_list()
        self.clear_button = Button(themes, "Clear", small=True, parent=self)
        self.clear_button.clicked.connect(self.filter.clear)
        self.blocked = BlockedLabel(themes, self._name_of, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN + 1, _FOOTER + 2)
        column.setSpacing(8)
        column.addWidget(self.filter)
        column.addWidget(self.list, 1)
        self.setFixedWidth(load_tokens().size["sidebar"])
        self._model.modelReset.connect(self._on_model_reset)
        arrangement.current_changed.connect(self._on_current_changed)
        workspace.instance_changed.connect(self._on_instance_changed)
        themes.changed.connect(self._on_theme_changed)
        self._on_model_reset()

    def _make_list(self) -> QListView:
        rows = _RowList(self)
        rows.setModel(self._model)
        rows.setItemDelegate(SidebarRows(self._themes, rows))
        rows.setAccessibleName("Instances")
        rows.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        rows.setMouseTracking(True)
        rows.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        rows.customContextMenuRequested.connect(self._on_menu_requested)
        rows.clicked.connect(self._choose)
        rows.installEventFilter(self)
        return rows

    def refresh(self) -> None:
        """Draw what changes with time."""
        self._model.refresh_times()
        self._refresh_blocked()

    def footer(self) -> tuple[str, str, str]:
        """Counts, cost and worker mode as the footer shows them."""
        views = [self._workspace.view(id) for id in self._workspace.ids()]
        running = sum(view.shown_state in (InstanceState.RUNNING, InstanceState.FINISHING) for view in views)
        waiting = sum(view.state is InstanceState.WAITING for view in views)
        counts = f"{running} running" + (f" · {waiting} waiting" if waiting else "")
        costs = [view.cost_usd for view in views if view.cost_usd is not None]
        simulated = any(view.cost_simulated for view in views)
        cost = f"${sum(costs):.2f}{' simulated' if simulated else ' today'}" if costs else ""
        processes = "1 worker process" if len(views) == 1 else f"{len(views)} worker processes"
        mode = processes if self._workspace.isolated else "Direct sessions, no isolation"
        return counts, cost, mode

    def _name_of(self, instance: InstanceId) -> str:
        return self._workspace.view(instance).spec.name if instance in self._workspace.ids() else ""

    def _refresh_blocked(self) -> None:
        if self.blocked.refresh():
            self._place_blocked()
            self.update(0, self.height() - _FOOTER, self.width(), _FOOTER)

    def _place_blocked(self) -> None:
        """At the right of the footer's second line, at most over two thirds of it."""
        room = self.width() - 2 * _MARGIN - 3
        width = min(self.blocked.sizeHint().width(), 2 * room // 3)
        self.blocked.setGeometry(_MARGIN + room - width, self.height() - _FOOTER + 27, width, 18)

    # rows

    def _choose(self, index: QModelIndex) -> None:
        row = index.data(RowRole.ROW)
        if isinstance(row, Header):
            self._model.toggle_group(row.folder)
        elif row is not None:
            self.instance_chosen.emit(row.view.id)

    def _on_return_pressed(self) -> None:
        """Return in the filter goes to the first match."""
        for line in range(self._model.rowCount()):
            row = self._model.row(self._model.index(line))
            if not isinstance(row, Header):
                self.filter.clear()
                self.instance_chosen.emit(row.view.id)
                return

    def _on_menu_requested(self, at: QPoint) -> None:
        row = self.list.indexAt(at).data(RowRole.ROW)
        if row is not None and not isinstance(row, Header):
            self.instance_menu_requested.emit(row.view.id, self.list.viewport().mapToGlobal(at))

    def _on_model_reset(self) -> None:
        self._on_current_changed()
        self._place_clear()
        self.update()

    def _on_current_changed(self, _instance: str = "") -> None:
        current = self._model.index_of(self._arrangement.current)
        if current.isValid():
            self.list.setCurrentIndex(current)
            self.list.scrollTo(current)

    def _on_instance_changed(self, instance: str) -> None:
        if self._arrangement.current == InstanceId(instance) or self.isVisible():
            self._refresh_blocked()
            self.update(0, self.height() - _FOOTER, self.width(), _FOOTER)

    def _on_theme_changed(self) -> None:
        self._lens.setIcon(icon("search", self._themes.colors.chrome.text_3))
        self.update()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.filter.clear()
            self.left.emit()
            return True
        if watched is self.filter and key == Qt.Key.Key_Down:
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        if watched is self.list and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.list.currentIndex())
            return True
        return False

    # width

    def set_width(self, width: int) -> None:
        size = load_tokens().size
        self.setFixedWidth(max(size["sidebar_min"], min(width, size["sidebar_max"])))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        near = event.position().x() >= self.width() - _HANDLE
        self.setCursor(Qt.CursorShape.SplitHCursor if near or self._dragging else Qt.CursorShape.ArrowCursor)
        if self._dragging:
            self.set_width(round(event.position().x()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragging = event.position().x() >= self.width() - _HANDLE

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self._dragging:
            self._dragging = False
            self.width_changed.emit(self.width())

    # painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_clear()
        self._place_blocked()

    def _place_clear(self) -> None:
        nothing = bool(self.filter.text()) and self._model.rowCount() == 0
        self.clear_button.setVisible(nothing)
        if nothing:
            self.clear_button.move(_MARGIN, 84)
            self.clear_button.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.fillRect(self.rect(), chrome.chrome)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), chrome.border)
        if not self.clear_button.isHidden():
            painter.setFont(font(Role.SMALL))
            line = QRectF(_MARGIN + 7, 54, self.width() - 2 * _MARGIN - 8, 24)
            paint_text(painter, line, f"No instance matches ‘{self.filter.text()}’.", chrome.text_2)
        top = self.height() - _FOOTER
        painter.fillRect(_MARGIN, top, self.width() - 2 * _MARGIN - 1, 1, chrome.border)
        counts, cost, mode = self.footer()
        painter.setFont(font(Role.SMALL, 500))
        inner = QRectF(_MARGIN + 2, top + 8, self.width() - 2 * _MARGIN - 5, 18)
        metrics = QFontMetricsF(painter.font())
        room = inner.width() - metrics.horizontalAdvance(counts) - 6
        if metrics.horizontalAdvance(cost) > room:
            cost = cost.partition(" ")[0]  # Who waits is worth more than the word behind the sum.
        paint_text(painter, inner, counts, chrome.text_2)
        paint_text(
            painter,
            inner.adjusted(inner.width() - room, 0, 0, 0),
            cost,
            chrome.text_2,
            Qt.AlignmentFlag.AlignRight,
        )
        painter.setFont(font(Role.CAPTION))
        blocked_width = self.blocked.width() + 6 if self.blocked.text else 0
        paint_text(painter, inner.adjusted(0, 19, -blocked_width, 19), mode, chrome.text_3)
