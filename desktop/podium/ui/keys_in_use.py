"""The keys that the commands have now, for what carries them out and for what shows them."""

from PySide6.QtCore import QObject, Signal

from podium.core.commands import ArgumentType, CommandId, command
from podium.core.shortcuts.keymap import Keymap, usual_keymap
from podium.core.shortcuts.keys import chord_text


class KeysInUse(QObject):
    """One for all windows. What paints keys asks for them each time, and paints anew when they change."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keymap = usual_keymap()

    @property
    def keymap(self) -> Keymap:
        return self._keymap

    def set_keymap(self, keymap: Keymap) -> None:
        self._keymap = keymap
        self.changed.emit()

    def text(self, id: CommandId) -> str:
        """The first keys of a command, as in ``Ctrl+Shift+T``; of a numbered one, the range. "" without any."""
        chords = self._keymap.chords(id)
        if not chords:
            return ""
        text = chord_text(chords[0])
        if command(id).argument is ArgumentType.NUMBER and len(chords) > 1:
            return f"{text[:-1]}1…{len(chords)}"
        return text

    def caps(self, id: CommandId) -> list[str]:
        """The same, key by key."""
        chords = self._keymap.chords(id)
        caps = [cap for stroke in (chords[0] if chords else ()) for cap in stroke.caps]
        if command(id).argument is ArgumentType.NUMBER and len(chords) > 1:
            caps[-1] = f"1…{len(chords)}"
        return caps

    def tip(self, id: CommandId, title: str = "") -> str:
        """What a button that carries out a command says of itself: its title, or ``title``, with its keys."""
        title = title or command(id).title.rstrip("…")
        keys = self.text(id)
        return f"{title}  {keys}" if keys else title
