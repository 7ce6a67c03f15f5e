"""Dialogs of the window: a card over a scrim inside it. Inside, because then it looks the same everywhere.

A window of its own would have square black corners where no compositor runs, and could be lost behind.
"""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from podium.core.themes import load_tokens
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import fill_round, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import wrapped_label
from podium.ui.widgets.buttons import Button

_PADDING = 24
_SIDES: Final = 16
"""The least room on both sides of a dialog."""
_TOP: Final = 8
"""The least room above and below it."""
_LEAST_BODY: Final = 40
_SCROLLBAR: Final = 10
"""Room beside a body that has to scroll."""
_SLACK: Final = 2
"""Room below it: with some fonts a field of the last row is a pixel higher than its row."""
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PAGES: Final = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class _Scrim(QWidget):
    """Darkens the window and keeps the mouse off it while a sheet is open."""

    def __init__(self, themes: ThemeManager, host: QWidget) -> None:
        super().__init__(host)
        self._themes = themes
        self.setGeometry(host.rect())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._themes.colors.chrome.scrim)


class Sheet(QDialog):
    """Base of the dialogs. ``body`` takes the content, ``buttons`` the row at the bottom.

    Enter presses the button that has the focus; where none has, the button a form is for (``set_purpose``), and in
    a dialog without one it does nothing. Qt's own default button would be pressed whatever has the focus.
    """

    def __init__(self, themes: ThemeManager, host: QWidget, title: str, *, width: int | None = None) -> None:
        self._scrim = _Scrim(themes, host)
        super().__init__(self._scrim)
        self.setWindowFlags(
            Qt.WindowType.Widget
        )  # QDialog's constructor makes a window of it whatever it is given
        self._themes = themes
        self._host = host
        self._width = width or load_tokens().size["dialog_width"]
        self._purpose: QAbstractButton | None = None
        self.setAccessibleName(title)
        self.setWindowTitle(title)
        heading = wrapped_label(title)
        # One long word must not push the close button out.
        heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        heading.setFont(font(Role.HEADING))
        self.close_button = Button(themes, icon="close", small=True, name="Close")
        self.close_button.clicked.connect(self.reject)
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(self.close_button)
        self._scrolled = QWidget()
        self._scrolled.setObjectName("scrolled")
        self.body = QVBoxLayout(self._scrolled)
        self.body.setContentsMargins(0, 0, 0, _SLACK)
        self.body.setSpacing(0)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._scrolled)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(_PADDING, 18, _PADDING, 18)
        column.setSpacing(14)
        column.addLayout(head)
        column.addWidget(self._scroll)
        column.addLayout(self.buttons)
        self._column = column
        self._reserved = 0
        self._body_height = self._scroll.sizeHint().height()
        self._scroll.setFixedHeight(self._body_height)
        self._set_width()
        host.installEventFilter(self)
        self._scrolled.installEventFilter(self)
        themes.changed.connect(self.update)
        self.finished.connect(self._on_finished)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def set_purpose(self, button: QAbstractButton) -> None:
        """Make ``button`` the one that Enter presses unless another one has the focus."""
        self._purpose = button

    def body_height(self) -> int:
        """The height that ``body`` needs as it is now, in px."""
        inner = self.width() - 2 * _PADDING
        return _height_for(self.body, inner + self.body.contentsMargins().right())

    def reserve(self, height: int) -> None:
        """Leave room below for a body of ``height`` px: what is above stays where it is when the body grows so far."""
        self._reserved = height

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
        return self.close_button

    @staticmethod
    def _focus(widget: QWidget | None) -> None:
        if widget is not None:
            widget.setFocus(Qt.FocusReason.TabFocusReason)

    def _set_width(self) -> None:
        self.setFixedWidth(max(1, min(self._width, self._host.width() - 2 * _SIDES)))

    def _centre(self) -> None:
        """As high as the content needs, and never higher than the window: what does not fit is scrolled to."""
        room = self._host.rect()
        self._scrim.setGeometry(room)
        self._set_width()
        # Head, buttons and margins: their layout's height without the body's.
        around = _height_for(self._column, self.width()) - self._body_height
        limit = max(_LEAST_BODY, room.height() - 2 * _TOP - around)
        wanted = self.body_height()
        scrolls = wanted > limit
        self.body.setContentsMargins(0, 0, _SCROLLBAR if scrolls else 0, _SLACK)
        # Left to itself, a scrollbar of the height before stays: it narrows the text, which then is too high.
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._scroll.setVerticalScrollBarPolicy(policy)
        self._body_height = min(wanted, limit)
        self._scroll.setFixedHeight(self._body_height)
        self.resize(self.width(), around + self._body_height)
        self._reserved = max(self._reserved, wanted) if self._reserved else 0
        tallest = around + min(max(self._reserved, wanted), limit)
        self.move((room.width() - self.width()) // 2, max(_TOP, (room.height() - tallest) // 2))

    def _on_finished(self, _result: int) -> None:
        self._host.removeEventFilter(self)
        self._scrim.hide()
        self._scrim.deleteLater()

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._scrolled.isAncestorOf(now):
            self._scroll.ensureWidgetVisible(now, 0, _TOP)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _PAGES:
            bar = self._scroll.verticalScrollBar()
            bar.setValue(bar.value() + _PAGES[key] * bar.pageStep())
        elif key not in _ENTER and key != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif event.isAutoRepeat():
            event.accept()  # Held since before the dialog was there, or since the last answer.
        elif key == Qt.Key.Key_Escape:
            self.reject()
        elif self._purpose is not None:
            self._purpose.click()  # A Button that has the focus keeps Enter to itself.

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
        resized = watched is self._host and event.type() is QEvent.Type.Resize
        changed = watched is self._scrolled and event.type() is QEvent.Type.LayoutRequest and self.isVisible()
        if resized or changed:
            self._centre()
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest and self.isVisible():
            self._centre()
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        radius = load_tokens().radius["dialog"]
        fill_round(painter, rect, radius, chrome.overlay)
        stroke_round(painter, rect, radius, chrome.border_strong)


def _height_for(layout: QLayout, width: int) -> int:
    """The height that ``layout`` needs in px when it is ``width`` px wide, its margins included."""
    return (
        layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
    )
