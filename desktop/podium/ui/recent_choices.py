"""What was chosen in the palette, and where work was done, the newest first; bounded, and kept by the app."""

from collections.abc import Iterable
from typing import Final

import msgspec
from PySide6.QtCore import QObject, Signal

MOST_USED: Final = 60
MOST_PLACES: Final = 30
LONGEST: Final = 1_000
"""Characters of an entry's key or a path; longer ones are not remembered."""


class Recent(msgspec.Struct, frozen=True):
    """Each list without repetitions, the newest first."""

    used: tuple[str, ...] = ()
    """Keys of entries, see ``Entry.key``."""
    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Mission files and workspace files."""

    def bounded(self) -> "Recent":
        """The same within the bounds, whatever was read."""
        return Recent(
            _bounded(self.used, MOST_USED),
            _bounded(self.folders, MOST_PLACES),
            _bounded(self.files, MOST_PLACES),
        )

    def before(self, older: "Recent") -> "Recent":
        """This, and then what ``older`` has besides."""
        return Recent(
            self.used + older.used, self.folders + older.folders, self.files + older.files
        ).bounded()


class RecentChoices(QObject):
    """The one place that knows them while the window is open."""

    changed = Signal()
    """There is something new to keep."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current = Recent()

    @property
    def current(self) -> Recent:
        return self._current

    def restore(self, kept: Recent) -> None:
        """Take over what was kept; what came meanwhile stays the newest."""
        self._current = self._current.before(kept)

    def add_used(self, key: str) -> None:
        self._add(Recent(used=(key,)))

    def add_folder(self, folder: str) -> None:
        self._add(Recent(folders=(folder,)))

    def add_file(self, path: str) -> None:
        self._add(Recent(files=(path,)))

    def _add(self, new: Recent) -> None:
        current = new.before(self._current)
        if current != self._current:
            self._current = current
            self.changed.emit()


def _bounded(items: Iterable[str], most: int) -> tuple[str, ...]:
    return tuple(one for one in dict.fromkeys(items) if one and len(one) <= LONGEST and _is_text(one))[:most]


def _is_text(path: str) -> bool:
    """Whether a file can hold it: a path may have bytes that are no text."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
