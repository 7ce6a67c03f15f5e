"""The environment of agents, gates and set-up commands, and the reasons why one can't be started."""

import os
from pathlib import Path
from typing import Final

from podium.core.missions.spec import Mission
from podium.core.system.git_variables import without_git_variables
from podium.core.system.launcher_variables import AGENTS, without_launcher

MISSION_RUN: Final = "PODIUM_MISSION_RUN"
"""Marks everything a run starts, so that what outlives a killed run can be found and ended."""


def mission_environment(
    mission: Mission, round_number: int, folder: Path | None = None, run: str = ""
) -> dict[str, str]:
    """The mission's own environment, and where they are. ``folder``: where they run, if not in the mission's own."""
    inherited = without_launcher(os.environ, AGENTS)
    if folder is not None:  # A repository named from outside would beat the worktree they are in.
        inherited = without_git_variables(inherited)
    return {
        **inherited,
        "PWD": str(folder or mission.folder),
        "PODIUM_MISSION": mission.name,
        "PODIUM_ROUND": str(round_number),
        **({MISSION_RUN: run} if run else {}),
    }


def start_failure(error: Exception, folder: Path, program: str) -> str:
    """Why a program could not be started in ``folder``, for a person."""
    if not folder.is_dir():
        return f"the folder {folder} is gone"
    if isinstance(error, FileNotFoundError):
        if (folder / program).is_file():  # The kernel means the interpreter after “#!”.
            return f"{program} names an interpreter that does not exist"
        return f"there is no program “{program}”"
    if isinstance(error, PermissionError):
        return f"{program} may not be run"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
