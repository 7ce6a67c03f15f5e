"""The history page, made when it is first shown."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from podium.app.background import Background
from podium.app.state.history_service import HistoryService
from podium.workspace.kept_screens import KeptScreens
from podium.workspace.workspace import Workspace

if TYPE_CHECKING:
    from podium.ui.history.page import HistoryPage
    from podium.ui.main_window import MainWindow


def history_page(
    workspace: Workspace, service: HistoryService, kept: KeptScreens, background: Background
) -> "Callable[[MainWindow], HistoryPage]":
    """What makes the page for a window."""

    def make(window: "MainWindow") -> "HistoryPage":
        # Only here: most windows never show it.
        from podium.ui.history.page import HistoryPage

        page = HistoryPage(window.themes, workspace, window, service.ask, background.foreign.run, kept.path)
        service.runs_changed.connect(page.refresh)
        return page

    return make
