"""Names of a run's branches and folders."""

import re
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Final

RESULT_FOLDER: Final = ".result"
"""No agent's id begins with a dot."""
SCRATCH_FOLDER: Final = ".merge"
"""The folder in which a git merges that can't do so without a work tree."""


def new_run(now: float) -> str:
    """A name for a run that no other has: ``1125-1846-3f9a07``."""
    return f"{time.strftime('%m%d-%H%M', time.localtime(now))}-{secrets.token_hex(3)}"


def slug(name: str) -> str:
    """A mission's name as part of a branch name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].rstrip("-") or "mission"


def run_branches(prefix: str, mission: str, run: str) -> str:
    """The prefix of all branches of a run."""
    return f"{prefix}/{slug(mission)}/{run}"


def run_references(run: str) -> str:
    """The prefix of a run's references that are no branches."""
    return f"refs/podium/{run}"


def result_branch(of_run: str) -> str:
    return f"{of_run}/result"


def turn_branch(of_run: str, agent: str, round_number: int) -> str:
    return f"{of_run}/{agent}-r{round_number}"


def parts_for(agents: Sequence[str]) -> Mapping[str, str]:
    """The name of each agent in branches and folders: its id where git and every file system accept it."""
    used: set[str] = set()
    parts: dict[str, str] = {}
    for agent in agents:
        part = re.sub(r"\.{2,}", ".", agent).rstrip(".")
        number = 1
        while part.lower() in used:  # Some file systems don't tell A from a.
            number += 1
            part = f"{agent.rstrip('.')}_{number}"
        used.add(part.lower())
        parts[agent] = part
    return parts
