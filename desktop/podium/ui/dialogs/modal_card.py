"""What lies over the window and has the keyboard until it closes: a card over a scrim inside it.

Inside, because then it looks the same everywhere. A window of its own would have square black corners where no
compositor runs, and could be lost behind.
"""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QWidget

from podium.core.themes import load_tokens
from podium.ui.theme.painting import fill_round, stroke_round
from podium.ui.theme.palette import ThemeManager


class _Scrim(QWidget):
    """Darkens the window and keeps the mouse off it while a card is open."""

    def __init__(self, themes: ThemeManager, card: "ModalCard", host: QWidget) -> None:
        super().__init__(host)
        self._themes = themes
        self._card = card
        self.setGeometry(host.rect())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self._card.on_pressed_beside()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._themes.colors.chrome.scrim)


class ModalCard(QDialog):
    """Base of dialogs and the command palette: the scrim, the place in the window, and Tab that never leaves it."""

    def __init__(self, themes: ThemeManager, host: QWidget, title: str) -> None:
        self._scrim = _Scrim(themes, self, host)
        super().__init__(self._scrim)
        self.setWindowFlags(
            Qt.WindowType.Widget
        )  # QDialog's constructor makes a window of it whatever it is given
        self._themes = themes
        self._host = host
        self.setAccessibleName(title)
        self.setWindowTitle(title)
        host.installEventFilter(self)
        themes.changed.connect(self.update)
        self.finished.connect(self._on_finished)

    def open_sheet(self) -> None:
        """Show it over its window; the results come by ``accepted`` and ``rejected``."""
        self._scrim.show()
        self._scrim.raise_()
        self.show()
        self._centre()
        self._focus(self.first_focus())

    def come_back(self) -> None:
        """A dialog above this one has closed: the keyboard is this one's again."""
        focused = self.focusWidget()
        self._focus(focused if focused is not None and focused.isVisible() else self.first_focus())

    def first_focus(self) -> QWidget | None:
        """The widget that has the focus when it opens."""
        return self

    def on_pressed_beside(self) -> None:
        """The mouse was pressed on the window beside it. A dialog stays: what is typed in it must not be lost."""

    def _centre(self) -> None:
        """Take its place in the window; called again at each change of the window's size."""
        self._scrim.setGeometry(self._host.rect())

    @staticmethod
    def _focus(widget: QWidget | None) -> None:
        if widget is not None:
            widget.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_finished(self, _result: int) -> None:
        self._host.removeEventFilter(self)
        self._scrim.hide()
        self._scrim.deleteLater()

    def focusNextPrevChild(self, forward: bool) -> bool:
        # The chain of the whole window ends here: Tab never leaves an open dialog.
        chain: list[QWidget] = []
        widget = self.nextInFocusChain()
        while widget is not self and widget is not None:
            wanted = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            if self.isAncestorOf(widget) and wanted and widget.isVisible() and widget.isEnabled():
                chain.append(widget)
            widget = widget.nextInFocusChain()
        if not chain:
            return False
        focused = self.focusWidget()
        at = chain.index(focused) if focused in chain else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        chain[(at + (1 if forward else -1)) % len(chain)].setFocus(reason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() is QEvent.Type.Resize:
            self._centre()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        radius = load_tokens().radius["dialog"]
        fill_round(painter, rect, radius, chrome.overlay)
        stroke_round(painter, rect, radius, chrome.border_strong)
