"""The keys of commands in use: read from the person's file, again whenever it changes, and changed in it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from podium.app.state.person_file import PersonFile
from podium.core.background import RunInBackground
from podium.core.commands import CommandId
from podium.core.shortcuts.file import (
    FIRST_TEXT,
    LoadedShortcuts,
    changed_text,
    load_shortcuts,
    text_with_preset,
)
from podium.core.shortcuts.keymap import usual_keymap, without
from podium.core.shortcuts.keys import Chord
from podium.core.shortcuts.presets import Preset


class ShortcutStore(QObject):
    """``loaded`` is emitted when the file has been read for the first time, and after each change of it."""

    loaded = Signal(object)
    """LoadedShortcuts."""

    def __init__(self, path: Path, run: RunInBackground, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._run = run
        self._current = LoadedShortcuts(usual_keymap())
        self._read = False
        self._file = PersonFile(path, run, self)
        self._file.changed.connect(self._load)

    @property
    def current(self) -> LoadedShortcuts:
        """What counts now; Podium's own keys until the file has been read."""
        return self._current

    def start(self) -> None:
        self._load()
        self._file.watch()

    def change(self, id: CommandId, chords: tuple[Chord, ...] | None, failed: Callable[[str], None]) -> None:
        """Give a command these keys, and take them from whoever has them; None gives it back those of the preset.
        ``failed`` is called with the reason, for a person, when the file can't be written.
        """
        own = dict(self._current.own)

        def edit(text: str) -> str:
            text = text or FIRST_TEXT
            for other, had in own.items():
                left = without(had, chords or ())
                if other is not id and left != had:
                    text = changed_text(text, other, left)
            return changed_text(text, id, chords)

        self._file.edit(edit, failed)

    def set_preset(self, preset: Preset, failed: Callable[[str], None]) -> None:
        """Begin with the keys of a preset; what the person has set stays."""
        self._file.edit(lambda text: text_with_preset(text or FIRST_TEXT, preset), failed)

    def _load(self) -> None:
        before = self._current if self._read else None
        self._run(lambda: load_shortcuts(self._path, before), self._on_loaded)

    def _on_loaded(self, loaded: LoadedShortcuts) -> None:
        self._read = True
        self._current = loaded
        self.loaded.emit(loaded)
