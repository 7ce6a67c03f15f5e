"""The tooltip of a widget that carries out a command: what it does, and the keys that do the same."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from podium.core.commands import CommandId
from podium.ui.keys_in_use import KeysInUse


class CommandTip(QObject):
    """Kept by its widget. The tip is made when it is asked for: keys can be changed, and widgets are made early."""

    def __init__(self, widget: QWidget, id: CommandId, title: str = "") -> None:
        """``title`` where the widget says in other words what the command does."""
        super().__init__(widget)
        self._widget = widget
        self.set_command(id, title)
        widget.installEventFilter(self)

    def set_command(self, id: CommandId, title: str = "") -> None:
        """The widget carries out another command now."""
        self._id = id
        self._title = title
        self._widget.setToolTip(KeysInUse().tip(id, title))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(watched, QWidget):
            keys = getattr(watched.window(), "keys", None)
            if isinstance(keys, KeysInUse):
                watched.setToolTip(keys.tip(self._id, self._title))
        return False
