"""The settings in use: read from the file, again whenever it changes, and changed in it key by key."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from podium.app.state.person_file import PersonFile
from podium.core.background import RunInBackground
from podium.core.config.declared import find_row
from podium.core.config.loading import LoadedSettings, load_settings
from podium.core.config.settings import Settings
from podium.core.config.settings_text import changed_settings_text
from podium.core.config.toml_file import Fault


class SettingsStore(QObject):
    """``loaded`` is emitted when the file has been read for the first time, and after each change of it."""

    loaded = Signal(object)
    """LoadedSettings."""

    def __init__(self, path: Path, run: RunInBackground, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._run = run
        self._current = LoadedSettings(Settings())
        self._news: tuple[Fault, ...] = ()
        self._read = False
        self._asked = 0
        self._answered = 0
        """The number of the newest reading that came back: they are made at the same time, and may overtake."""
        self._waiting: list[tuple[int, Callable[[], None]]] = []
        """Who waits for a reading, by its number."""
        self._file = PersonFile(path, run, self)
        self._file.changed.connect(self._load)

    @property
    def current(self) -> LoadedSettings:
        """What counts now; the usual settings until the file has been read."""
        return self._current

    @property
    def new_faults(self) -> tuple[Fault, ...]:
        """Those of the faults that were not there before the last change: the others were told already."""
        return self._news

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
        self.change_all({key: value}, failed)

    def reset(self, key: str, failed: Callable[[str], None]) -> None:
        """Take ``section.key`` out of the file: its usual value counts. Raises and calls as ``change`` does."""
        self.change_all({key: None}, failed)

    def change_all(
        self,
        values: Mapping[str, object | None],
        failed: Callable[[str], None],
        done: Callable[[], None] = lambda: None,
    ) -> None:
        """Write all these values, by ``section.key``, or none; None takes a key out. Raises and calls as ``change``
        does, and ``done`` when they count.
        """
        rows = {key: find_row(key) for key in values}
        for key, (_, row) in rows.items():
            if values[key] is not None:
                row.check(values[key])

        def changed(text: str) -> str:
            for key, (section, row) in rows.items():
                text = changed_settings_text(text, section, row.key, values[key])
            return text

        self._file.edit(changed, failed, lambda: self._when_read(done))

    def _when_read(self, done: Callable[[], None]) -> None:
        """Call ``done`` when what was just written counts. The file is being read already, unless it said that."""
        if self._answered < self._asked:
            self._waiting.append((self._asked, done))
        else:
            done()

    def _load(self) -> None:
        before = self._current.settings if self._read else None
        self._asked += 1
        number = self._asked

        def loaded(found: LoadedSettings) -> None:
            if number > self._answered:
                self._answered = number
                self._on_loaded(found)
            ready = [done for asked, done in self._waiting if asked <= self._answered]
            self._waiting = [one for one in self._waiting if one[0] > self._answered]
            for done in ready:
                done()

        self._run(lambda: load_settings(self._path, before), loaded)

    def _on_loaded(self, loaded: LoadedSettings) -> None:
        if self._read and loaded == self._current:
            return
        self._read = True
        # Its line may be another one by now.
        known = {(fault.key, fault.reason) for fault in self._current.faults}
        self._news = tuple(fault for fault in loaded.faults if (fault.key, fault.reason) not in known)
        self._current = loaded
        self.loaded.emit(loaded)
