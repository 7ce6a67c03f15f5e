"""Names of the files that Podium opens, and the paths of what a desktop or a person hands it."""

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

SUFFIX: Final = ".podium.toml"
"""The end of a workspace file's name."""
FOLDER_FILE: Final = (".podium", "workspace.toml")
"""The workspace file that a folder may carry, by folder and name; its paths are relative to the folder itself."""
MAX_OPENED: Final = 16
"""Files and folders that are opened together."""
_ANY_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
MISSION_NAME: Final = "mission.toml"
MISSION_SUFFIX: Final = ".mission.toml"


def folder_of(file: Path) -> Path:
    """The folder that the paths in a workspace ``file`` are relative to."""
    beside = file.parent
    return beside.parent if (beside.name, file.name) == FOLDER_FILE else beside


def path_of(text: str) -> Path:
    """The absolute path that ``text`` names: a path, or a ``file:`` URL. Raises ValueError for another URL, and for a
    name that is not UTF-8.
    """
    is_file = text.casefold().startswith("file:")
    if is_file or _ANY_URL.match(text):
        url = urlsplit(text)
        if not is_file or url.netloc not in ("", "localhost") or not url.path:
            raise ValueError(f"“{text}” is not on this machine, or names no file.")
        text = unquote(url.path, errors="surrogateescape")
        if os.name == "nt":
            text = text.removeprefix("/")
    if not text or "\0" in text:
        raise ValueError("A path is missing.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("Its name is not UTF-8 text; rename it first.") from None
    return Path(os.path.abspath(text))  # noqa: PTH100 - resolve() would ask the disk


def missing_error(paths: Iterable[Path]) -> str:
    """Which of ``paths`` is not there, for a person; "" when all are. Touches the disk."""
    for path in paths:
        with contextlib.suppress(OSError):  # The window says why it can't be looked at.
            if not path.exists():
                return f"there is no file or folder {path}. Check the path."
    return ""
