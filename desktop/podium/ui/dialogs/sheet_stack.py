"""The dialogs that are open over one window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from podium.ui.dialogs.modal_card import ModalCard  # loaded with the first dialog, see window_commands


class SheetStack(QObject):
    """Opens dialogs above each other; the keyboard goes back to the one below, or to the window."""

    filled = Signal()
    """The first one opened."""
    emptied = Signal()
    """The last one closed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._sheets: list[ModalCard] = []

    @property
    def sheets(self) -> "list[ModalCard]":
        """Those that are open, the topmost last."""
        return self._sheets.copy()

    def open(self, sheet: "ModalCard") -> None:
        self._sheets.append(sheet)
        if len(self._sheets) == 1:
            self.filled.emit()
        sheet.finished.connect(lambda: self._on_finished(sheet))
        sheet.open_sheet()

    def _on_finished(self, sheet: "ModalCard") -> None:
        topmost = self._sheets[-1] is sheet
        self._sheets.remove(sheet)
        if not self._sheets:
            self.emptied.emit()
        elif topmost:
            self._sheets[-1].come_back()
