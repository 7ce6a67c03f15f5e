"""The settings file on disk: made with its remarks when it is asked for, and opened in the person's editor."""

import contextlib
import os
from pathlib import Path

from podium.core.config.settings_text import default_settings_text


def made_settings_file(path: Path) -> Path:
    """``path``, with every setting and its remark in it if there was no file. Touches the disk. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(default_settings_text())
    return path
