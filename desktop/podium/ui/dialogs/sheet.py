"""Dialogs of the window: a card over a scrim inside it. Inside, because then it looks the same everywhere.

A window of its own would have square black corners where no compositor runs, and could be lost behind.
"""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from podium.core.themes import load_tokens
from podium.ui.look.fonts import Role, font
from podium.ui.look.painting import fill_round, stroke_round
from podium.ui.look.palette import Looks
from podium.ui.look.plain_text import plain_label
from podium.ui.widgets.buttons import Button

_PADDING = 24


class _Scrim(QWidget):
    """Darkens the window and keeps the mouse off it while a sheet is open."""

    def __init__(self, looks: Looks, host: QWidget) -> None:
        super().__init__(host)
        self._looks = looks
        self.setGeometry(host.rect())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._looks.look.chrome.scrim)


class Sheet(QDialog):
    """Base of the dialogs. ``body`` takes the content, ``buttons`` the row at the bottom."""

    def __init__(self, looks: Looks, host: QWidget, title: str, *, width: int | None = None) -> None:
        self._scrim = _Scrim(looks, host)
        super().__init__(self._scrim)
        self.setWindowFlags(
            Qt.WindowType.Widget
        )  # QDialog's constructor makes a window of it whatever it is given
        self._looks = looks
        self._host = host
        self.setAccessibleName(title)
        self.setWindowTitle(title)
        self.setFixedWidth(min(width or load_tokens().size["dialog_width"], host.width() - 32))
        heading = plain_label(title)
        heading.setWordWrap(True)
        # One long word must not push the close button out.
        heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        heading.setFont(font(Role.HEADING))
        self.close_button = Button(looks, icon="close", small=True, name="Close")
        self.close_button.clicked.connect(self.reject)
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(self.close_button)
        self.body = QVBoxLayout()
        self.body.setSpacing(0)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(_PADDING, 18, _PADDING, 18)
        column.setSpacing(14)
        column.addLayout(head)
        column.addLayout(self.body)
        column.addLayout(self.buttons)
        host.installEventFilter(self)
        looks.changed.connect(self.update)
        self.finished.connect(self._on_finished)

    def open_sheet(self) -> None:
        """Show it over its window; the results come by ``accepted`` and ``rejected``."""
        self._scrim.show()
        self._scrim.raise_()
        self.show()
        self._centre()
        first = self.first_focus()
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def first_focus(self) -> QWidget | None:
        """What has the focus when it opens."""
        return self.close_button

    def _centre(self) -> None:
        self._scrim.setGeometry(self._host.rect())
        self.adjustSize()
        room = self._host.rect()
        self.move((room.width() - self.width()) // 2, max(8, (room.height() - self.height()) // 2))

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

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest and self.isVisible():
            self._centre()
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._looks.look.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        radius = load_tokens().radius["dialog"]
        fill_round(painter, rect, radius, chrome.overlay)
        stroke_round(painter, rect, radius, chrome.border_strong)
