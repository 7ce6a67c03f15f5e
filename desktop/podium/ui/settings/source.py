"""What the page needs of whoever keeps the settings."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import SignalInstance

from podium.core.config.loading import LoadedSettings


class SettingsSource(Protocol):
    """The settings in use and the file they stand in."""

    @property
    def loaded(self) -> SignalInstance:
        """Emitted with LoadedSettings when other ones count."""
        ...

    @property
    def current(self) -> LoadedSettings: ...

    def change(self, key: str, value: object, failed: Callable[[str], None]) -> None:
        """Write a value of ``section.key``. Raises WrongValue; ``failed`` gets what else goes wrong, later."""
        ...

    def reset(self, key: str, failed: Callable[[str], None]) -> None:
        """Have the usual value of ``section.key`` count again."""
        ...
