"""Dragging a tab or a pane's bar inside the window: a ghost that follows the pointer, Esc to give up."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

GHOST_OPACITY = 0.6


class DragGesture(QObject):
    """Watches ``handle`` and reports a drag of ``picture`` in global positions."""

    moved = Signal(QPoint)
    dropped = Signal(QPoint)
    cancelled = Signal()

    def __init__(self, handle: QWidget, picture: QWidget) -> None:
        super().__init__(handle)
        self._handle = handle
        self._picture = picture
        self._pressed_at: QPoint | None = None
        self._ghost: _Ghost | None = None
        handle.installEventFilter(self)

    @property
    def active(self) -> bool:
        return self._ghost is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._handle and isinstance(event, QMouseEvent):
            return self._on_mouse(event)
        if watched is self._handle and event.type() is QEvent.Type.Hide:
            # Nothing tells it that the button is released: it would keep all keys for ever.
            self._cancel()
        elif self.active and isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
                self._cancel()
            return True
        return False

    def _on_mouse(self, event: QMouseEvent) -> bool:
        at = event.globalPosition().toPoint()
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() is Qt.MouseButton.LeftButton:
                self._pressed_at = at
            case QEvent.Type.MouseMove if self._pressed_at is not None:
                far = (at - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
                if not self.active and far:
                    self._ghost = _Ghost(self._picture, self._pressed_at)
                    # All keys of the app, until it is dropped: the focus stays in the terminal.
                    _application().installEventFilter(self)
                if self._ghost is not None:
                    self._ghost.follow(at)
                    self.moved.emit(at)
                    return True
            case QEvent.Type.MouseButtonRelease:
                was_active = self.active
                self._end()
                if was_active:
                    self.dropped.emit(at)
                    return True
        return False

    def _cancel(self) -> None:
        was_active = self.active
        self._end()
        if was_active:
            self.cancelled.emit()

    def _end(self) -> None:
        self._pressed_at = None
        if self._ghost is not None:
            _application().removeEventFilter(self)
            self._ghost.deleteLater()
            self._ghost.hide()
            self._ghost = None


def _application() -> QCoreApplication:
    app = QCoreApplication.instance()
    assert app is not None
    return app


class _Ghost(QWidget):
    """A faint picture of what is dragged, inside its window."""

    def __init__(self, picture: QWidget, grabbed_at: QPoint) -> None:
        self._window = picture.window()
        super().__init__(self._window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._pixmap: QPixmap = picture.grab()
        self._offset = picture.mapFromGlobal(grabbed_at)
        self.resize(picture.size())
        self.show()

    def follow(self, at: QPoint) -> None:
        self.move(self._window.mapFromGlobal(at) - self._offset)
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setOpacity(GHOST_OPACITY)
        painter.drawPixmap(0, 0, self._pixmap)
