"""A SettingsHost over a real file, at once."""

from collections.abc import Callable, Mapping
from pathlib import Path

from podium.core.config.declared import find_row
from podium.core.config.loading import LoadedSettings, load_settings
from podium.core.config.settings_text import changed_settings_text


class FileSettings:
    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def current(self) -> LoadedSettings:
        return load_settings(self.path)

    def change_all(
        self,
        values: Mapping[str, object | None],
        failed: Callable[[str], None],
        done: Callable[[], None],
    ) -> None:
        text = self.path.read_text() if self.path.exists() else ""
        try:
            for key, value in values.items():
                section, row = find_row(key)
                text = changed_settings_text(text, section, row.key, value)
        except ValueError as error:
            failed(str(error))
            return
        self.path.write_text(text)
        done()
