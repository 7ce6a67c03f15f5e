"""Checks that the program of a command is there to be run."""

import os
import shutil
from pathlib import Path

from podium.core.system.reexec import OWN_PROGRAM


def program_fault(program: str, folder: Path) -> tuple[str, str] | None:
    """Why ``program`` can't be run in ``folder`` and what to do about it, or None if it can."""
    if program == OWN_PROGRAM:
        return None
    if "/" in program:
        path = folder / Path(program)
        try:
            there = path.is_file()
        except OSError as error:
            return f"{path} can't be run: {error.strerror}.", "Correct the path."
        if not there:
            return f"There is no program {path}.", "Correct the path, or create the program."
        if not os.access(path, os.X_OK):
            return f"{path} may not be run.", f"Make it executable: chmod +x {path}"
    elif shutil.which(program) is None:
        return (
            f"There is no program “{program}” on the PATH.",
            "Install it, correct its name, or write its whole path.",
        )
    return None
