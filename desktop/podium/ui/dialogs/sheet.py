"""Dialogs of the window: a heading, a body that scrolls where it must, and a row of buttons."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from podium.core.themes import load_tokens
from podium.ui.dialogs.modal_card import ModalCard
from podium.ui.theme.fonts import Role, font
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


class Sheet(ModalCard):
    """Base of the dialogs. ``body`` takes the content, ``buttons`` the row at the bottom.

    Enter presses the button that has the focus; where none has, the button a form is for (``set_purpose``), and in
    a dialog without one it does nothing. Qt's own default button would be pressed whatever has the focus.
    """

    def __init__(self, themes: ThemeManager, host: QWidget, title: str, *, width: int | None = None) -> None:
        super().__init__(themes, host, title)
        self._width = width or load_tokens().size["dialog_width"]
        self._purpose: QAbstractButton | None = None
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
        self._scrolled.installEventFilter(self)
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

    def first_focus(self) -> QWidget | None:
        return self.close_button

    def _set_width(self) -> None:
        self.setFixedWidth(max(1, min(self._width, self._host.width() - 2 * _SIDES)))

    def _centre(self) -> None:
        """As high as the content needs, and never higher than the window: what does not fit is scrolled to."""
        super()._centre()
        room = self._host.rect()
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._scrolled and event.type() is QEvent.Type.LayoutRequest and self.isVisible():
            self._centre()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest and self.isVisible():
            self._centre()
        return super().event(event)


def _height_for(layout: QLayout, width: int) -> int:
    """The height that ``layout`` needs in px when it is ``width`` px wide, its margins included."""
    return (
        layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
    )
