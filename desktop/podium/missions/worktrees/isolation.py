"""Whether a mission's agents get worktrees, and of which repository."""

from collections.abc import Mapping
from typing import Final

from podium.core.missions.spec import Isolation, Mission
from podium.missions.worktrees.names import slug
from podium.repositories import discovery
from podium.repositories.discovery import CannotUse, Obstacle, branch_in_the_way
from podium.repositories.git import INSPECTION_TIMEOUT, Git, GitError
from podium.repositories.repository import Repository

_ISOLATION: Final = "workspace.isolation"
_SHARED_FIX: Final = 'Or write isolation = "shared" below [workspace]; then agents work in the folder itself.'
_NAME_FOLDER: Final = "Name the folder of a checkout"
_FIXES: Final[Mapping[Obstacle, str]] = {
    Obstacle.NO_REPOSITORY: f"Make one: git init. {_SHARED_FIX}",
    Obstacle.INSIDE_BARE: f"{_NAME_FOLDER}, or of the bare repository. {_SHARED_FIX}",
    Obstacle.TOO_OLD: f"Install a newer one. {_SHARED_FIX}",
    Obstacle.INSIDE_GIT_FOLDER: "Name the folder with the project's files.",
    Obstacle.FILES_ELSEWHERE: f"{_NAME_FOLDER}.",
    Obstacle.NO_SUCH_BASE: "Correct base below [workspace].",
    Obstacle.HEAD_MISSING: f"Fetch it: git fetch. {_SHARED_FIX}",
    Obstacle.NO_COMMIT: f"Commit something: git commit --allow-empty -m Begin. {_SHARED_FIX}",
    Obstacle.NOT_COMMITTED: f"Commit it. {_SHARED_FIX}",
}
_SHARED_UNASKED: Final = {Obstacle.NO_GIT, Obstacle.NO_REPOSITORY, Obstacle.NOT_COMMITTED}
"""Reasons for which agents share the folder when the mission file does not decide."""


class CannotIsolate(Exception):
    """Worktrees are wanted and can't be had. ``fix`` says what to do, ``key`` where in the mission file."""

    def __init__(self, reason: str, fix: str, key: str = _ISOLATION) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.key = key


def find_repository(mission: Mission) -> Repository | None:
    """The repository for worktrees, or None if the agents share the mission's folder. Blocks.

    It is asked before the person has agreed to anything, and runs no program that the repository names.

    Raises CannotIsolate where worktrees are asked for, or would be used, and something is in the way.
    """
    wanted = mission.workspace.isolation
    if wanted is Isolation.SHARED:
        return None
    try:
        repository = discovery.find_repository(mission.folder, mission.workspace.base)
    except CannotUse as error:
        if wanted is None and error.obstacle in _SHARED_UNASKED:
            return None
        key = "workspace.base" if error.obstacle is Obstacle.NO_SUCH_BASE else _ISOLATION
        raise CannotIsolate(error.reason, _FIXES.get(error.obstacle, _SHARED_FIX), key) from None
    _check_prefix(mission)
    return repository


def _check_prefix(mission: Mission) -> None:
    """Raises CannotIsolate when a branch is in the way of the mission's."""
    wanted = f"{mission.workspace.branch_prefix}/{slug(mission.name)}"
    try:
        name = branch_in_the_way(Git(mission.folder, timeout=INSPECTION_TIMEOUT), wanted)
    except GitError as error:
        raise CannotIsolate(f"{error}.", _SHARED_FIX) from None
    if name:
        raise CannotIsolate(
            f"There is a branch “{name}” in the repository, so the mission’s branches can’t be named {wanted}/….",
            'Rename that branch, or write another branch_prefix below [workspace], such as "agents".',
            "workspace.branch_prefix",
        )
