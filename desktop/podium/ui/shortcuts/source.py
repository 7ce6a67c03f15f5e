"""What the editor needs of whoever keeps the keys."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import SignalInstance

from podium.core.commands import CommandId
from podium.core.shortcuts.file import LoadedShortcuts
from podium.core.shortcuts.keys import Chord
from podium.core.shortcuts.presets import Preset


class ShortcutSource(Protocol):
    """The keys in use and the file they stand in."""

    @property
    def loaded(self) -> SignalInstance:
        """Emitted with LoadedShortcuts when other ones count."""
        ...

    @property
    def current(self) -> LoadedShortcuts: ...

    def change(self, id: CommandId, chords: tuple[Chord, ...] | None, failed: Callable[[str], None]) -> None:
        """Give a command other keys, taken from whoever has them; None those of the preset."""
        ...

    def set_preset(self, preset: Preset, failed: Callable[[str], None]) -> None: ...
