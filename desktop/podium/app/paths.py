"""Where Podium keeps its own files, at the platform's places."""

from pathlib import Path

import platformdirs


def state_folder() -> Path:
    """The folder of all that Podium keeps between its starts."""
    return platformdirs.user_state_path("podium", appauthor=False)


def state_path() -> Path:
    """The file the workspace is remembered in."""
    return state_folder() / "workspace.json"


def history_path() -> Path:
    """The database of runs, and of the processes that run just now."""
    return state_folder() / "history.db"


def settings_path() -> Path:
    """The file a person writes settings into."""
    return platformdirs.user_config_path("podium", appauthor=False) / "settings.toml"


def screens_path() -> Path:
    """The folder for what instances showed last. It may contain secrets, as a screen may."""
    return state_folder() / "screens"
