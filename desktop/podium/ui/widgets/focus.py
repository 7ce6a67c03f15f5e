"""The keyboard when a widget that has it goes."""

from PySide6.QtWidgets import QWidget


def release_focus(leaving: QWidget) -> None:
    """Call before ``leaving`` is hidden: nothing has the keyboard then, and the window gives it to its terminal.

    Qt would pass it on to whatever comes next, such as another button, which a space typed later would press.
    """
    focused = leaving.window().focusWidget()
    if focused is not None and (focused is leaving or leaving.isAncestorOf(focused)):
        focused.clearFocus()
