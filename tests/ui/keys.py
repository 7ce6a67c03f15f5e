"""Keys as a person presses them, questions that take them, and texts to read."""

from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from podium.ui.dialogs.confirm_dialog import ConfirmDialog
from podium.ui.dialogs.question import Question
from podium.ui.main_window import MainWindow
from tests.ui.windows import opened

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


def press(
    window: MainWindow, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """As the system does: to the window, which passes it to whatever has the focus."""
    for key in keys:
        QTest.keyClick(window.windowHandle(), key, modifiers)


def hold(window: MainWindow, key: Qt.Key) -> None:
    """The repeats of a key that was pressed earlier and is still down."""
    for _ in range(3):
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", True)
            QApplication.sendEvent(window.windowHandle(), event)


def takes_keys(sheet: Question) -> bool:
    return not sheet.guarded


def read(qtbot: QtBot, window: MainWindow) -> ConfirmDialog:
    """The open question, once it takes keys."""
    sheet = opened(window, ConfirmDialog)
    qtbot.waitUntil(partial(takes_keys, sheet))
    return sheet


def texts(sheet: QWidget) -> str:
    return " ".join(label.text() for label in sheet.findChildren(QLabel))
