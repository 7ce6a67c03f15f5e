"""Showing what is wrong with a mission file, and reading it."""

import os
import sys
from pathlib import Path
from typing import Final

from podium.core.missions.faults import Fault, MissionFileError
from podium.core.missions.file import load_mission
from podium.core.missions.spec import Mission
from podium.core.visible_text import safe_to_print, visible
from podium.missions.log import terminal_columns
from podium.missions.paint import BOLD, DIM, RED, Paint, wants_colours
from podium.missions.text import count, wrap
from podium.missions.worktrees.isolation import CannotIsolate, find_repository
from podium.repositories.repository import Repository

_STDERR: Final = 2


def read_mission(file: str) -> tuple[Mission, Repository | None] | None:
    """The mission and the repository its worktrees belong to (None: agents share the folder), or None after every
    fault has been shown.
    """
    try:
        mission = load_mission(Path(file))
    except MissionFileError as error:
        show_faults(file, error.faults)
        return None
    try:
        return mission, find_repository(mission)
    except CannotIsolate as error:
        show_faults(file, (Fault(file, error.key, error.reason, error.fix),))
        return None


def show_faults(file: str, faults: tuple[Fault, ...]) -> None:
    """Every fault with its key, reason and fix, on the error output."""
    paint = Paint(wants_colours(os.isatty(_STDERR)))
    columns = terminal_columns(_STDERR) - 5
    lines = [f"{paint('✗', RED)} {count(len(faults), 'fault')} in {visible(file)}"]
    for fault in faults:
        lines.append("")
        lines.append(f"  {paint(visible(fault.key or fault.file), BOLD)}")
        lines += [f"    {line}" for line in wrap(visible(fault.reason), columns)]
        lines += [f"    {paint(line, DIM)}" for line in wrap(visible(fault.fix), columns)]
    print("\n".join(lines), file=sys.stderr)


def complain(text: str) -> None:
    """Say what can't be done, on the error output; ``text`` may hold names from anywhere."""
    print(safe_to_print(f"podium mission: {text}"), file=sys.stderr)
