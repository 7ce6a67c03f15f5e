"""The settings in use: read from the file, again whenever it changes, and changed in it key by key."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from podium.app.state.person_file import PersonFile
from podium.core.background import RunInBackground
from podium.core.config.declared import find_row
from podium.core.config.loading import LoadedSettings, load_settings
from podium.core.config.settings import Settings
from podium.core.config.settings_text import changed_settings_text


class SettingsStore(QObject):
    """``loaded`` is emitted when the file has been read for the first time, and after each change of it."""

    loaded = Signal(object)
    """LoadedSettings."""

    def __init__(self, path: Path, run: RunInBackground, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._run = run
        self._current = LoadedSettings(Settings())
        self._read = False
        self._file = PersonFile(path, run, self)
        self._file.changed.connect(self._load)

    @property
    def current(self) -> LoadedSettings:
        """What counts now; the usual settings until the file has been read."""
        return self._current

    @property
    def path(self) -> Path:
        return self._path

    def start(self) -> None:
        self._load()
        self._file.watch()

    def change(self, key: str, value: object, failed: Callable[[str], None]) -> None:
        """Write ``value`` for ``section.key`` into the file; it counts as soon as it stands there. ``failed`` is called
        with the reason, for a person, when it can't. Raises WrongValue for one that can't be, and for a key that there
        is not.
        """
        section, row = find_row(key)
        row.check(value)
        self._file.edit(lambda text: changed_settings_text(text, section, row.key, value), failed)

    def reset(self, key: str, failed: Callable[[str], None]) -> None:
        """Take ``section.key`` out of the file: its usual value counts. Raises and calls as ``change`` does."""
        section, row = find_row(key)
        self._file.edit(lambda text: changed_settings_text(text, section, row.key, None), failed)

    def _load(self) -> None:
        before = self._current.settings if self._read else None
        self._run(lambda: load_settings(self._path, before), self._on_loaded)

    def _on_loaded(self, loaded: LoadedSettings) -> None:
        if self._read and loaded == self._current:
            return
        self._read = True
        self._current = loaded
        self.loaded.emit(loaded)
