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

    def caps(self, id: CommandId, number: int = 0) -> list[str]:
        """The same, key by key; with a ``number`` the keys for that one."""
        chords = self._keymap.chords(id)
        if number:
            chords = chords[number - 1 : number]
        caps = [cap for stroke in (chords[0] if chords else ()) for cap in stroke.caps]
        if command(id).argument is ArgumentType.NUMBER and len(chords) > 1:
            caps[-1] = f"1…{len(chords)}"
        return caps

    def all_caps(self, id: CommandId) -> list[list[str]]:
        """All keys of a command; the range of a numbered one."""
        if command(id).argument is ArgumentType.NUMBER:
            return [self.caps(id)] if self._keymap.chords(id) else []
        return [[cap for stroke in chord for cap in stroke.caps] for chord in self._keymap.chords(id)]

    def tip(self, id: CommandId, title: str = "") -> str:
        """What a button that carries out a command says of itself: its title, or ``title``, with its keys."""
        title = title or command(id).title.rstrip("…")
        keys = "" if command(id).argument is ArgumentType.NUMBER else self.text(id)
        return f"{title}  {keys}" if keys else title
