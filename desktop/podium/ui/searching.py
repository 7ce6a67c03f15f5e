"""Searching as the window offers it: in one pane, in all instances, and from what was found back to a pane."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from podium.core.finding.query import SearchQuery
from podium.core.ids import InstanceId
from podium.sessions.hub import SessionHub
from podium.ui.dialogs.sheet_stack import SheetStack
from podium.ui.panes.pane_area import PaneArea
from podium.ui.window_context import WindowContext
from podium.workspace.workspace import Workspace


class Searching(QObject):
    """Opens the search bar of a pane, or the dialog that searches in all instances."""

    def __init__(
        self,
        workspace: Workspace,
        context: WindowContext,
        hub: SessionHub,
        pane_area: PaneArea,
        sheets: SheetStack,
        sheet_host: QWidget,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._context = context
        self._arrangement, self._themes = context.arrangement, context.themes
        self._hub = hub
        self._pane_area = pane_area
        self._sheets = sheets
        self._sheet_host = sheet_host
        pane_area.find_all_requested.connect(self.open_for_all)

    def open(self, instance: InstanceId) -> None:
        """Open the search bar of an instance's pane."""
        self._arrangement.reveal(instance)
        find = self._pane_area.find_session(instance)
        if find is not None:
            find.open()

    def open_with_current_query(self) -> None:
        """Search in all instances, by what the current pane's search bar has."""
        current = self._arrangement.current
        find = self._pane_area.find_session(current) if current is not None else None
        self.open_for_all(find.query if find is not None and find.is_open else None)

    def open_for_all(self, query: SearchQuery | None) -> None:
        from podium.ui.dialogs.find_all import FindAllSheet  # see window_commands

        if self._sheets.sheets:
            return
        sheet = FindAllSheet(self._workspace, self._hub, self._themes, self._sheet_host, query)
        sheet.match_chosen.connect(self._on_match_chosen)
        self._sheets.open(sheet)

    def _on_match_chosen(self, instance: str, query: SearchQuery, line: int) -> None:
        self.show_match(InstanceId(instance), query, line)

    def show_match(self, instance: InstanceId, query: SearchQuery, line: int) -> None:
        """Show what was found in ``instance`` on the absolute line ``line``, in whichever window that is."""
        self._arrangement.reveal(instance)
        find = self._pane_area.find_session(instance)
        if find is not None:
            find.show_match(query, line)
        elif (peer := self._context.find_peer(instance)) is not None:
            peer.show_match(instance, query, line)
