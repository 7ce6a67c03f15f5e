"""The panes in sight, as the arrangement says: one in tabs, up to four in the grid. Hidden ones are kept alive."""

from collections.abc import Callable

from PySide6.QtCore import QMetaObject, QObject, QPoint, QRect, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.links.targets import Target
from podium.core.themes import load_tokens
from podium.sessions.hub import SessionHub
from podium.ui.attention import Attention
from podium.ui.panes.find_session import FindSession
from podium.ui.panes.held_pane import HeldPane
from podium.ui.panes.link_box import LinkBox
from podium.ui.panes.pane import Pane
from podium.ui.panes.pane_geometry import pane_rects, panes_that_fit
from podium.ui.panes.pane_session import PaneSession
from podium.ui.terminal.view import TerminalView
from podium.ui.theme.palette import ThemeManager
from podium.workspace.arrangement import GRID_PANES, Arrangement, Layout
from podium.workspace.workspace import Workspace

_COMPACT_GAP = 4


class PaneArea(QWidget):
    """Holds a pane for each instance, connected with its session."""

    requested = Signal(object, str)
    """A CommandId and the instance it is for."""
    instance_menu_requested = Signal(str, QPoint)
    terminal_menu_requested = Signal(str, QPoint)
    paste_requested = Signal(str, str)
    picture_paste_requested = Signal(str)
    """Instance and text: a paste of several lines that needs a confirmation."""
    run_doubted = Signal(str, str)
    """Instance and a command line that is to run again: it needs a confirmation."""
    command_ended = Signal(str, object)
    """Instance and a CommandEndedReport."""
    find_all_requested = Signal(object)
    """Search all instances; for a SearchQuery, or None."""
    link_activated = Signal(object)
    """A Target to open; likewise ``link_copied``."""
    link_copied = Signal(object)
    links_wanted = Signal(str, object)
    """Instance and LinkQuery."""
    links_missing = Signal()
    """There are no links to mark."""
    terminal_focused = Signal()

    def __init__(
        self,
        workspace: Workspace,
        arrangement: Arrangement,
        hub: SessionHub,
        attention: Attention,
        themes: ThemeManager,
        make_terminal: Callable[[], TerminalView],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._hub = hub
        self._arrangement = arrangement
        self._attention = attention
        self._themes = themes
        self._make_terminal = make_terminal
        self._panes: dict[InstanceId, Pane] = {}
        self._sessions: dict[InstanceId, PaneSession] = {}
        self._finds: dict[InstanceId, FindSession] = {}
        self._connections: dict[InstanceId, list[QMetaObject.Connection]] = {}
        """Of each pane with this area, for when it goes to another window."""
        self._compact = False
        self._all_in_grid = False
        self._link_box = LinkBox(themes, self)
        themes.changed.connect(self._on_theme_changed)
        workspace.instance_added.connect(self._on_instances_changed)
        workspace.instance_removed.connect(self._on_instances_changed)
        workspace.instance_changed.connect(self._on_instance_changed)
        workspace.screen_reset.connect(self._on_screen_reset)
        self._arrangement.changed.connect(self._on_instances_changed)
        workspace.arrangements.changed.connect(self._share_time)
        attention.changed.connect(self._on_instance_changed)
        self._on_instances_changed()

    def pane(self, instance: InstanceId) -> Pane | None:
        return self._panes.get(instance)

    def terminals(self) -> tuple[TerminalView, ...]:
        return tuple(pane.terminal for pane in self._panes.values())

    def visible_panes(self) -> tuple[Pane, ...]:
        return tuple(self._panes[id] for id in self._arrangement.visible if id in self._panes)

    def focus_current(self) -> None:
        """Give the keyboard to the current instance's terminal."""
        current = self._arrangement.current
        if current is not None and current in self._panes:
            self._panes[current].terminal.setFocus()

    def find_session(self, instance: InstanceId) -> FindSession | None:
        """The search in an instance's pane; None when there is no such pane."""
        pane = self._panes.get(instance)
        if pane is None:
            return None
        if instance not in self._finds:
            made = FindSession(self._hub, self._workspace, self._themes, pane)
            self._connections[instance].append(made.all_requested.connect(self.find_all_requested))
            self._finds[instance] = made
        return self._finds[instance]

    def set_compact(self, compact: bool) -> None:
        if compact != self._compact:
            self._compact = compact
            self._lay_out()

    def refresh(self) -> None:
        """Show all panes as they are now: something they depend on was set."""
        self._show_all()

    def refresh_meters(self) -> None:
        """Draw what changes with time in the panes in sight."""
        for pane in self.visible_panes():
            self._show(pane.id)

    # instances

    def release(self, instance: InstanceId) -> HeldPane | None:
        """Give its pane away, as it is: its instance goes to another window. None when there is no such pane."""
        pane = self._panes.pop(instance, None)
        if pane is None:
            return None
        for connection in self._connections.pop(instance):
            QObject.disconnect(connection)
        self._link_box.hide()
        pane.set_drop_target(False)
        pane.hide()
        return HeldPane(pane, self._sessions.pop(instance), self._finds.pop(instance, None))

    def adopt(self, held: HeldPane) -> None:
        """Take a pane that another window has released; its instance follows."""
        id = held.pane.id
        held.pane.setParent(self)
        self._panes[id], self._sessions[id] = held.pane, held.session
        held.session.tell_end = lambda report: self.command_ended.emit(id, report)
        self._connect(held.pane)
        if held.find is not None:
            self._finds[id] = held.find
            self._connections[id].append(held.find.all_requested.connect(self.find_all_requested))

    def _on_instances_changed(self, _instance: str = "") -> None:
        ids = self._arrangement.order
        for gone in [id for id in self._panes if id not in ids]:
            pane = self._panes.pop(gone)
            self._sessions.pop(gone).close()
            self._connections.pop(gone)
            if (find := self._finds.pop(gone, None)) is not None:
                find.end()
            pane.hide()
            # What it had cached is known to be dead: thousands of lines need not wait for the garbage collector.
            pane.terminal.reset()
            pane.deleteLater()
        for id in ids:
            if id not in self._panes:
                self._panes[id] = self._make_pane(id)
        self._show_all()
        self._lay_out()

    def _make_pane(self, id: InstanceId) -> Pane:
        view = self._workspace.view(id)
        terminal = self._make_terminal()
        self._sessions[id] = PaneSession(
            self._hub,
            self._workspace,
            id,
            terminal,
            lambda report: self.command_ended.emit(id, report),
        )
        pane = Pane(self._themes, view, terminal, self)
        self._connect(pane)
        pane.hide()
        return pane

    def _connect(self, pane: Pane) -> None:
        id, terminal, links = pane.id, pane.terminal, pane.terminal.links
        self._connections[id] = [
            terminal.paste_requested.connect(lambda text: self.paste_requested.emit(id, text)),
            terminal.run_doubted.connect(lambda text: self.run_doubted.emit(id, text)),
            terminal.picture_paste_requested.connect(lambda: self.picture_paste_requested.emit(id)),
            terminal.search_requested.connect(lambda: self.requested.emit(CommandId.FIND, id)),
            links.activated.connect(self.link_activated),
            links.copied.connect(self.link_copied),
            links.wanted.connect(lambda query: self.links_wanted.emit(id, query)),
            links.none_found.connect(self.links_missing),
            links.told.connect(lambda target, cells: self._tell_link(terminal, target, cells)),
            pane.requested.connect(self.requested),
            pane.menu_requested.connect(self.instance_menu_requested),
            pane.terminal_menu_requested.connect(self.terminal_menu_requested),
            pane.chosen.connect(self._on_chosen),
            pane.drag_moved.connect(self._on_drag_moved),
            pane.drag_ended.connect(self._on_drag_ended),
            pane.focused.connect(lambda: self._arrangement.select(id)),
            pane.focused.connect(self.terminal_focused),
        ]

    def _on_instance_changed(self, instance: str) -> None:
        id = InstanceId(instance)
        if id in self._panes:
            self._show(id)

    def _on_theme_changed(self) -> None:
        self._show_all()
        self.update()

    def _on_screen_reset(self, instance: str) -> None:
        pane = self._panes.get(InstanceId(instance))
        if pane is not None:
            pane.terminal.reset()

    def _show_all(self) -> None:
        for id in self._panes:
            self._show(id)

    def run_again(self, instance: InstanceId, text: str) -> None:
        """Run a command line in a shell that is at its prompt."""
        if instance in self._sessions:
            self._sessions[instance].run_again(text)

    def _show(self, id: InstanceId) -> None:
        self._panes[id].show_view(
            self._workspace.view(id),
            current=id == self._arrangement.current,
            needs_attention=self._attention.needs_attention(id),
            pulses=self._attention.may_disturb(id),
            in_grid=self._arrangement.layout is Layout.GRID and len(self._arrangement.order) > 1,
        )

    def _on_chosen(self, instance: str) -> None:
        self._arrangement.select(InstanceId(instance))
        self.focus_current()

    def _tell_link(self, terminal: TerminalView, target: Target | None, cells: QRect) -> None:
        if target is None:
            self._link_box.hide()
        else:
            near = QRect(terminal.mapTo(self, cells.topLeft()), cells.size())
            self._link_box.show_target(target, near, terminal.links.keys_to_open())

    # layout

    def show_all_in_grid(self, wanted: bool) -> None:
        """Whether the grid shows as many panes as there is room for, instead of four."""
        self._all_in_grid = wanted
        self._fit_page()

    def _fit_page(self) -> None:
        area, gap = self._area()
        fit = panes_that_fit(area.size(), gap) if self._all_in_grid else GRID_PANES
        self._arrangement.set_page_size(fit)

    def _area(self) -> tuple[QRect, int]:
        """The room of all panes, and the gap between two."""
        size = load_tokens().size
        margin, gap = size["pane_margin"], size["pane_gap"]
        if self._compact:
            margin = gap = _COMPACT_GAP
        return self.rect().adjusted(margin, margin, -margin, -margin), gap

    def _lay_out(self) -> None:
        area, gap = self._area()
        shown = self.visible_panes()
        for pane, rect in zip(shown, pane_rects(len(shown), area, gap), strict=True):
            pane.setGeometry(rect)
        self._share_time()
        for pane in self._panes.values():
            in_sight = pane in shown
            if in_sight != (not pane.isHidden()):
                pane.setVisible(in_sight)

    def _share_time(self) -> None:
        """The panes of all windows share the time that painting may take."""
        count = len(self._workspace.arrangements.in_sight)
        for pane in self.visible_panes():
            pane.terminal.set_visible_count(count)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_page()
        self._lay_out()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._themes.colors.chrome.canvas)

    # dragging a pane onto another swaps them

    def _pane_at(self, at: QPoint) -> Pane | None:
        local = self.mapFromGlobal(at)
        return next((pane for pane in self.visible_panes() if pane.geometry().contains(local)), None)

    def _on_drag_moved(self, instance: str, at: QPoint) -> None:
        target = self._pane_at(at)
        for pane in self._panes.values():
            pane.set_drop_target(pane is target and pane.id != instance)

    def _on_drag_ended(self, instance: str, at: QPoint, dropped: bool) -> None:
        for pane in self._panes.values():
            pane.set_drop_target(False)
        target = self._pane_at(at) if dropped else None
        if target is not None and target.id != instance:
            self._arrangement.swap(InstanceId(instance), target.id)
