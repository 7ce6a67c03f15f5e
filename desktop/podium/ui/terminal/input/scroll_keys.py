"""The keys that scroll a terminal, on the main screen; on the alternate one they are the program's."""

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent


class ScrollHost(Protocol):
    """The view, as these keys use it."""

    def scroll_pages(self, pages: int) -> None: ...
    def scroll_to_top(self) -> None: ...
    def scroll_to_bottom(self) -> None: ...


def scroll_by_key(host: ScrollHost, event: QKeyEvent) -> bool:
    """Scroll by a key that is pressed; False when it does not scroll."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if modifiers != Qt.KeyboardModifier.ShiftModifier:
        return False
    match event.key():
        case Qt.Key.Key_PageUp:
            host.scroll_pages(-1)
        case Qt.Key.Key_PageDown:
            host.scroll_pages(1)
        case Qt.Key.Key_Home:
            host.scroll_to_top()
        case Qt.Key.Key_End:
            host.scroll_to_bottom()
        case _:
            return False
    return True
