"""The accessible interfaces of a terminal view, made when assistive technology asks for them."""

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAccessibleTextInterface

from podium.ui.terminal.accessible.reading import TerminalReading
from podium.ui.widgets.accessible import WidgetAccessible


class TerminalText(QAccessibleTextInterface):
    """The text in view. It is a program's: nothing can be edited, and a caret can't be moved."""

    def __init__(self, reading: TerminalReading) -> None:
        super().__init__()
        self._reading = reading

    def characterCount(self) -> int:
        return self._reading.text().length

    def text(self, start: int, end: int) -> str:
        return self._reading.text().slice(start, end)

    def cursorPosition(self) -> int:
        return self._reading.cursor_offset()

    def characterRect(self, offset: int) -> QRect:
        return self._reading.rect(offset)

    def offsetAtPoint(self, point: QPoint) -> int:
        return self._reading.offset_at(point)

    def selectionCount(self) -> int:
        return 0

    def setCursorPosition(self, position: int) -> None:
        pass

    def addSelection(self, start: int, end: int) -> None:
        pass

    def removeSelection(self, index: int) -> None:
        pass

    def setSelection(self, index: int, start: int, end: int) -> None:
        pass

    def scrollToSubstring(self, start: int, end: int) -> None:
        pass


class TerminalAccessible(WidgetAccessible):
    """Role, states and name of a terminal."""

    def __init__(self, reading: TerminalReading) -> None:
        text = {QAccessible.InterfaceType.TextInterface: TerminalText(reading)}
        super().__init__(reading.view, QAccessible.Role.Terminal, text)

    def state(self) -> QAccessible.State:
        state = super().state()
        state.multiLine = True
        state.readOnly = True
        state.selectableText = False
        return state


def make_interface(_class_name: str, subject: QObject) -> QAccessibleInterface | None:
    """A factory for ``QAccessible.installFactory``; None for what is no terminal."""
    reading = getattr(subject, "reading", None)
    if not isinstance(reading, TerminalReading):
        return None
    # Python has to keep it as long as Qt has it: as long as its view.
    reading.interface = TerminalAccessible(reading)
    return reading.interface
