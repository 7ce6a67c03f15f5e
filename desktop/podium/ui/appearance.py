"""The choices of a person about the window's appearance that are kept from start to start."""

from typing import Literal

import msgspec
from PySide6.QtCore import QObject, Signal

from podium.core.themes import ColorScheme, load_tokens


def _default_width() -> int:
    return load_tokens().size["sidebar"]


def _default_font() -> int:
    size = load_tokens().type["mono"]
    assert isinstance(size, tuple)
    return size[0]


class Appearance(msgspec.Struct, frozen=True):
    """Sizes are in logical px. The sidebar is remembered for tabs and for the grid apart."""

    scheme: Literal["system", "dark", "light"] = "system"
    sidebar_width: int = msgspec.field(default_factory=_default_width)
    sidebar_tabs: bool = True
    sidebar_grid: bool = False
    sidebar_narrow: bool = False
    """In a window that has little room for it, whatever the layout."""
    link_hosts: tuple[str, ...] = ()
    """Hosts whose links open without a question."""
    font_size: int = msgspec.field(default_factory=_default_font)

    @property
    def color_scheme(self) -> ColorScheme | None:
        """The person's choice; None follows the system."""
        return None if self.scheme == "system" else ColorScheme(self.scheme)


class AppearanceStore(QObject):
    """The choices as they are now."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.current = Appearance()

    def change(self, **changes: object) -> None:
        """Replace fields of ``current``."""
        changed = msgspec.structs.replace(self.current, **changes)
        if changed != self.current:
            self.current = changed
            self.changed.emit()

    def restore(self, appearance: Appearance) -> None:
        """Take over what was saved; nothing changes by that."""
        self.current = appearance
