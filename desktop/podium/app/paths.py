"""Paths of Podium's own files, at the platform's places."""

import re
from pathlib import Path

import platformdirs

from podium.core.system.app_dirs import crash_folder as crash_folder
from podium.core.system.app_dirs import settings_path as settings_path
from podium.core.system.app_dirs import state_folder


def state_path() -> Path:
    """The file the workspace is remembered in."""
    return state_folder() / "workspace.json"


def screens_path() -> Path:
    """The folder for what instances showed last. It may contain secrets, as a screen may."""
    return state_folder() / "screens"


def lines_path() -> Path:
    """The folder for terminals' older lines. The files in it have no names, and end with their workers."""
    return platformdirs.user_cache_path("podium", appauthor=False) / "lines"


def updates_path() -> Path:
    """The file that says when it was last looked for a newer Podium."""
    return state_folder() / "updates.json"


def recent_path() -> Path:
    """The file that says what was chosen and opened last."""
    return state_folder() / "recent.json"


def log_folder() -> Path:
    """The folder of the logs."""
    return platformdirs.user_log_path("podium", appauthor=False)


def with_tilde(text: str) -> str:
    """``text`` with the person's home folder written as ``~``."""
    home = str(Path.home())
    return text if len(home) < 2 else re.sub(rf"(?<![\w/]){re.escape(home)}(?![\w.-])", "~", text)
