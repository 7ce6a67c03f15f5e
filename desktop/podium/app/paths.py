"""Where Podium keeps its own files, at the platform's places."""

from pathlib import Path

import platformdirs


def state_path() -> Path:
    """The file the workspace is remembered in."""
    return platformdirs.user_state_path("podium", appauthor=False) / "workspace.json"


def screens_path() -> Path:
    """The folder for what instances showed last. It may contain secrets, as a screen may."""
    return state_path().parent / "screens"
