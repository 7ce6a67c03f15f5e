"""What a window is given of the other windows of Podium: what they share, and its part of the instances."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol, Self

from PySide6.QtCore import QObject

from podium.core.commands import CommandId
from podium.core.finding.query import SearchQuery
from podium.core.ids import InstanceId
from podium.ui.appearance import AppearanceStore
from podium.ui.keys_in_use import KeysInUse
from podium.ui.recent_choices import RecentChoices
from podium.ui.theme.palette import ThemeManager
from podium.workspace.arrangement import Arrangement
from podium.workspace.views import InstanceView
from podium.workspace.workspace import Workspace


class Peer(Protocol):
    """Another window, as far as this one uses it."""

    def run_as_shown(self, command: CommandId, view: InstanceView) -> None:
        """Come forward, and carry out a command of a menu about one of its instances, which showed ``view``."""

    def come_to(self, instance: InstanceId) -> None:
        """Come forward, and show one of its instances."""

    def show_match(self, instance: InstanceId, query: SearchQuery, line: int) -> None:
        """Show what was found in one of its instances, on this absolute line."""


class WindowContext(NamedTuple):
    arrangement: Arrangement
    """The window's own."""
    themes: ThemeManager
    appearance: AppearanceStore
    keys: KeysInUse
    recent: RecentChoices
    """What was chosen in the palettes, and opened."""
    leave: Callable[[Arrangement], bool]
    """The window of this Arrangement is to close: whether it may, because Podium goes on in others."""
    find_peer: Callable[[InstanceId], Peer | None]
    """The other window that has an instance; None when it is in none, or here."""
    instance_commands: Mapping[CommandId, Callable[[InstanceId], None]] = {}
    """Commands for an instance that are about several windows."""

    @classmethod
    def alone(cls, workspace: Workspace, parent: QObject) -> Self:
        """Of a window beside which there are no others."""
        themes, appearance, keys = ThemeManager(parent), AppearanceStore(parent), KeysInUse(parent)
        recent = RecentChoices(parent)
        return cls(workspace.arrangement, themes, appearance, keys, recent, lambda _: False, lambda _: None)
