"""The folder in which dialogs begin."""

from pathlib import Path

from podium.workspace.arrangement import Arrangement
from podium.workspace.workspace import Workspace


def current_folder(workspace: Workspace, arrangement: Arrangement) -> str:
    """That of the current instance; the home folder without one."""
    current = arrangement.current
    return workspace.view(current).spec.folder if current is not None else str(Path.home())
