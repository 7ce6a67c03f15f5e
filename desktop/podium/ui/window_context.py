"""What a window is given of the other windows of Podium: what they share, and its part of the instances."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Self

from PySide6.QtCore import QObject

from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.ui.appearance import AppearanceStore
from podium.ui.theme.palette import ThemeManager
from podium.workspace.arrangement import Arrangement
from podium.workspace.workspace import Workspace


class WindowContext(NamedTuple):
    arrangement: Arrangement
    """The window's own."""
    themes: ThemeManager
    appearance: AppearanceStore
    leave: Callable[[Arrangement], bool]
    """The window of this Arrangement is to close: whether it may, because Podium goes on in others."""
    instance_commands: Mapping[CommandId, Callable[[InstanceId], None]] = {}
    """Commands for an instance that are about several windows."""

    @classmethod
    def alone(cls, workspace: Workspace, parent: QObject) -> Self:
        """Of a window beside which there are no others."""
        return cls(workspace.arrangement, ThemeManager(parent), AppearanceStore(parent), lambda _: False)
