"""Tools' settings files: read with care, and replaced as a whole."""

import contextlib
import os
from pathlib import Path
from typing import Final

from podium.core.system.private_files import read_small
from podium.core.system.whole_file import WholeFile
from podium.core.visible_text import safe_to_print

_MOST_BYTES: Final = 4 << 20


class HooksError(Exception):
    """Hooks can't be seen or changed; the message is for a person, safe to print, and says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(safe_to_print(message))


class ChangedMeanwhile(HooksError):
    """The file is not what was shown."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} was changed just now, so nothing was written. Look at the change again.")


def read(path: Path) -> bytes | None:
    """What the file holds; None when there is none. Raises HooksError."""
    try:
        return read_small(path, _MOST_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise HooksError(
            f"{path} can't be read: {error.strerror}. Make it a file that you can read, or move it away."
        ) from None


def replace(path: Path, before: bytes | None, after: bytes) -> list[str]:
    """Put ``after`` there if it still holds ``before``. Returns the folders that were made. Raises HooksError."""
    made: list[Path] = []
    try:
        for folder in _missing(path.parent):
            folder.mkdir()
            made.append(folder)
        if before is not None and not os.access(path, os.W_OK):
            raise HooksError(
                f"{path} is write-protected. Allow writing (chmod u+w), or add the hooks by hand."
            )
        with WholeFile(path) as file:
            file.write(after)
            if read(path) != before:
                raise ChangedMeanwhile(path)
            file.finish()
    except (OSError, HooksError) as error:
        _remove_empty(made)
        if isinstance(error, HooksError):
            raise
        raise HooksError(
            f"{path} can't be written: {error.strerror}. Check the folder's permissions and the disk."
        ) from None
    return [str(folder) for folder in made]


def remove(path: Path, before: bytes | None, folders: list[str]) -> None:
    """Remove the file, and those of ``folders`` that are empty then. A link stays one, as in ``replace``.

    Raises HooksError.
    """
    if read(path) != before:
        raise ChangedMeanwhile(path)
    try:
        path.resolve().unlink(missing_ok=True)
    except OSError as error:
        raise HooksError(f"{path} can't be removed: {error.strerror}. Remove it by hand.") from None
    _remove_empty([Path(folder) for folder in folders])


def _missing(folder: Path) -> list[Path]:
    missing: list[Path] = []
    while not folder.exists() and folder != folder.parent:
        missing.insert(0, folder)
        folder = folder.parent
    return missing


def _remove_empty(folders: list[Path]) -> None:
    for folder in reversed(folders):
        with contextlib.suppress(OSError):  # Something else is in it by now.
            folder.rmdir()
