"""Base of the questions whose answer can end or run something."""

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from podium.ui.dialogs.key_guard import KeyGuard
from podium.ui.dialogs.sheet import Sheet
from podium.ui.theme.palette import ThemeManager


class Question(Sheet):
    """Opens with its safe button focused, and takes no key until a person can have read it.

    It has no purpose: Enter on anything but a button does nothing.
    """

    def __init__(self, themes: ThemeManager, host: QWidget, title: str, *, width: int | None = None) -> None:
        super().__init__(themes, host, title, width=width)
        self._safe: QWidget = self.close_button
        self._guard = KeyGuard(self)
        self.finished.connect(self._guard.disarm)

    @property
    def guarded(self) -> bool:
        """True while it takes no key yet."""
        return self._guard.armed

    def set_safe(self, button: QWidget) -> None:
        """The button that changes nothing."""
        self._safe = button

    def open_sheet(self) -> None:
        self._guard.arm()
        super().open_sheet()

    def come_back(self) -> None:
        self._guard.arm()
        self._safe.setFocus()

    def first_focus(self) -> QWidget:
        return self._safe

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._guard.painted()
