"""Whether widgets come to rest: no timer in them ticks, no animation runs, nothing is painted."""

from PySide6.QtCore import QAbstractAnimation, QAbstractEventDispatcher, QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot


class Paints(QObject):
    """Counts the paint events of every widget from now on."""

    def __init__(self) -> None:
        super().__init__()
        self.of: list[QObject] = []
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.of.append(watched)
        return False


def restless(root: QWidget) -> list[QObject]:
    """The objects in a window that will do something without being asked."""
    dispatcher = QAbstractEventDispatcher.instance()
    objects = [root, root.windowHandle(), *root.findChildren(QObject)]
    running = QAbstractAnimation.State.Running
    return [
        one
        for one in objects
        if dispatcher.registeredTimers(one)
        or (isinstance(one, QAbstractAnimation) and one.state() == running)
    ]


def wait_for_rest(qtbot: QtBot, root: QWidget) -> None:
    """Timers of one shot run out; one that repeats never does, and neither does painting that asks for painting."""

    def rests() -> None:
        paints = Paints()
        QApplication.sendPostedEvents()
        QApplication.processEvents()
        assert not paints.of
        assert not restless(root)

    qtbot.waitUntil(rests)
