"""A pane on its way from one window to another one."""

from typing import NamedTuple

from podium.ui.panes.find_session import FindSession
from podium.ui.panes.pane import Pane
from podium.ui.panes.pane_session import PaneSession


class HeldPane(NamedTuple):
    """The widget itself: its terminal keeps its screen, its selection, its search and the lines in view."""

    pane: Pane
    session: PaneSession
    find: FindSession | None
