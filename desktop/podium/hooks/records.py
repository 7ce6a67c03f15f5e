"""What was put into tools' settings, so that it can be taken out without a trace. The settings themselves are not
kept: only where the new text stands and the few blanks that it replaced.
"""

import hashlib
import json
import os
from pathlib import Path
from typing import Final

import msgspec

from podium.core.system.app_dirs import state_folder
from podium.core.system.file_lock import lock
from podium.core.system.private_files import private_folder, read_small, write_private
from podium.hooks.json_edits import Edit, applied

_MOST_BYTES: Final = 4 << 20
_MOST: Final = 500


class Record(msgspec.Struct, frozen=True):
    """The file as it was left, and the way back."""

    digest: str
    undo: list[list[Edit]]
    """Step by step."""
    made_file: bool = False
    made_folders: list[str] = []
    """From the outermost to the innermost."""


class Records:
    """Kept in one file. One that can't be read is none: then hooks are found by what they are, and taken out so."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or state_folder() / "hooks.json"

    def of(self, path: Path) -> Record | None:
        """May wait for the disk, as all here."""
        return self._read().get(_name(path))

    def keep(self, path: Path, record: Record | None) -> None:
        """None forgets it. Raises OSError."""
        private_folder(self._path.parent)
        with self._path.with_name(f"{self._path.name}.lock").open("a") as held:
            lock(held.fileno())  # Another tool's hooks may be put in at the same time.
            records = self._read()
            records.pop(_name(path), None)
            if record is not None:
                records[_name(path)] = record
            kept = dict(list(records.items())[-_MOST:])
            # The names of folders may hold what is no UTF-8, which only this encoder takes.
            data = json.dumps(msgspec.to_builtins(kept)).encode("ascii")
            write_private(self._path, data, durable=True)

    def _read(self) -> dict[str, Record]:
        try:
            known = json.loads(read_small(self._path, _MOST_BYTES))
            return msgspec.convert(known, type=dict[str, Record])
        except (OSError, ValueError, RecursionError):
            return {}


def _name(path: Path) -> str:
    """One name for a file, whichever links lead to it."""
    return os.path.realpath(path)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def undone(record: Record, data: bytes) -> str | None:
    """The text before ours was put in; None when ``data`` is no longer what was left there."""
    if digest(data) != record.digest:
        return None
    text = data.decode()
    for step in record.undo:
        text = applied(text, step)
    return text
