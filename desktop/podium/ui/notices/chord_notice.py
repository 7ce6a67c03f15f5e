"""Says that the second key of a chord is awaited."""

from PySide6.QtCore import QObject

from podium.ui.widgets.toast import Toast, Toasts


class ChordNotice(QObject):
    """One toast, as long as it lasts."""

    def __init__(self, toasts: Toasts, parent: QObject) -> None:
        super().__init__(parent)
        self._toasts = toasts
        self._toast: Toast | None = None

    def show(self, first: str) -> None:
        """``first`` was pressed; "" when nothing is awaited any more."""
        toast, self._toast = self._toast, None
        if toast is not None:
            toast.end()
        if first:
            self._toast = self._toasts.show(
                f"{first} was pressed", "Press the second key, or Esc.", lasting=True
            )
            self._toast.closed.connect(self._forget)

    def _forget(self) -> None:
        self._toast = None
