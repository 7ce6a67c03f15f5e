"""Toasts: short words in the bottom right corner, three at most, gone by themselves."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QEnterEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from podium.core.themes import load_tokens
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import fill_round, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import breakable
from podium.ui.widgets.accessible import announce
from podium.ui.widgets.buttons import Button, ButtonKind
from podium.ui.widgets.focus import release_focus

SHOWN_MS = 7000
MOST = 3
_GAP = 10
_EDGE = 14
_TEXT_LEFT = 36
_ROW = 24 + 10
"""A row of buttons below the text."""

Action = tuple[str, Callable[[], None]]


class Toast(QWidget):
    """One message. It stays while the pointer is on it."""

    accessible_role = QAccessible.Role.Notification

    closed = Signal()

    def __init__(
        self,
        themes: ThemeManager,
        title: str,
        text: str,
        parent: QWidget,
        action: Action | None = None,
        lasting: bool = False,
        choices: Sequence[Action] = (),
    ) -> None:
        """``lasting``: until it is closed, by hand or by ``end``. ``choices`` stand in a row below the text; the first
        is the one that is offered.
        """
        super().__init__(parent)
        self._themes = themes
        self._title = breakable(title)
        self._text = breakable(text)
        self._close = Button(themes, icon="close", small=True, name="Dismiss", parent=self)
        self._close.clicked.connect(self.closed)
        right = load_tokens().size["toast_width"] - 8 - 24
        self._action: Button | None = None
        if action is not None:
            label, run = action
            self._action = Button(themes, label, small=True, parent=self)
            self._action.clicked.connect(run)
            self._action.clicked.connect(self.closed)
            right -= self._action.sizeHint().width() + 4
        self._choices = [self._choice(number, *one) for number, one in enumerate(choices)]
        self._text_width = right - _TEXT_LEFT - 6
        self.resize(load_tokens().size["toast_width"], self._wanted_height())
        self._place()
        self.setAccessibleName(f"{title} {text}".strip())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.closed)
        self._lasting = lasting
        self._over = False
        self.closed.connect(self._on_closed)
        self._start_timer()
        themes.changed.connect(self.update)

    def _choice(self, number: int, label: str, run: Callable[[], None]) -> Button:
        kind = ButtonKind.PLAIN if number else ButtonKind.OUTLINED
        button = Button(self._themes, label, kind=kind, small=True, parent=self)
        button.clicked.connect(run)
        button.clicked.connect(self.closed)
        return button

    def _wanted_height(self) -> int:
        title = self._wrapped(Role.BODY_STRONG, self._title)
        text = self._wrapped(Role.SMALL, self._text) if self._text else 0
        return max(44, 13 + title + (2 + text if text else 0) + (_ROW if self._choices else 0) + 13)

    def _wrapped(self, role: Role, text: str) -> int:
        flags = int(Qt.TextFlag.TextWordWrap)
        return QFontMetrics(font(role)).boundingRect(0, 0, self._text_width, 200, flags, text).height()

    def _place(self) -> None:
        middle = 10 if self._choices else (self.height() - 24) // 2
        self._close.setGeometry(self.width() - 8 - 24, middle, 24, 24)
        if self._action is not None:
            width = self._action.sizeHint().width()
            self._action.setGeometry(self._close.x() - 4 - width, middle, width, 24)
        left = _TEXT_LEFT
        for button in self._choices:
            button.setGeometry(left, self.height() - 13 - 24, button.sizeHint().width(), 24)
            left += button.width() + 6

    def enterEvent(self, _event: QEnterEvent) -> None:
        self._timer.stop()

    def leaveEvent(self, _event: QEvent) -> None:
        self._start_timer()

    def _start_timer(self) -> None:
        if not self._lasting:
            self._timer.start()

    def say(self, text: str) -> None:
        """Other words below the title, on one line. Harmless when it is closed already, as ``end`` is."""
        if not self._over:
            self._text = breakable(text)
            self.update()

    def end(self) -> None:
        if not self._over:
            self.closed.emit()

    def _on_closed(self) -> None:
        self._over = True

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        fill_round(painter, rect, 10, chrome.raised)
        stroke_round(painter, rect, 10, chrome.border_strong)
        paint_icon(painter, "attention", chrome.text_2, 12, 13)
        painter.setFont(font(Role.BODY_STRONG))
        title_height = self._wrapped(Role.BODY_STRONG, self._title)
        painter.setPen(chrome.text)
        flags = int(Qt.TextFlag.TextWordWrap)
        painter.drawText(QRectF(_TEXT_LEFT, 13, self._text_width, title_height), flags, self._title)
        if self._text:
            painter.setFont(font(Role.SMALL))
            painter.setPen(chrome.text_2)
            body = QRectF(_TEXT_LEFT, 15 + title_height, self._text_width, rect.height())
            painter.drawText(body, flags, self._text)


class Toasts(QObject):
    """Stacks toasts in the corner of ``host``, or beside what lies there; the newest is lowest."""

    def __init__(self, themes: ThemeManager, host: QWidget) -> None:
        super().__init__(host)
        self._themes = themes
        self._host = host
        self._shown: list[Toast] = []
        self._covered = 0
        host.installEventFilter(self)

    def show(
        self,
        title: str,
        text: str = "",
        action: Action | None = None,
        lasting: bool = False,
        choices: Sequence[Action] = (),
    ) -> Toast:
        toast = Toast(self._themes, title, text, self._host, action, lasting, choices)
        toast.closed.connect(lambda: self._drop(toast))
        self._shown.append(toast)
        while len(self._shown) > MOST:
            self._shown[0].end()
        toast.show()
        self._place()
        announce(toast, toast.accessibleName())
        return toast

    def texts(self) -> tuple[str, ...]:
        return tuple(toast.accessibleName() for toast in self._shown)

    def clear(self) -> None:
        """Close them all, as a person does."""
        for toast in tuple(self._shown):
            toast.end()

    def keep_off(self, covered: int) -> None:
        """Something that a person reads and answers covers so many pixels at the right."""
        if covered != self._covered:
            self._covered = covered
            self._place()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._place()
        return False

    def _drop(self, toast: Toast) -> None:
        if toast in self._shown:
            self._shown.remove(toast)
            release_focus(toast)
            toast.hide()
            toast.deleteLater()
            self._place()

    def _place(self) -> None:
        bottom = self._host.height() - _EDGE
        for toast in reversed(self._shown):
            bottom -= toast.height()
            toast.move(self._host.width() - self._covered - _EDGE - toast.width(), bottom)
            toast.raise_()
            bottom -= _GAP
