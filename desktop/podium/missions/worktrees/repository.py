"""The repository a mission works on, seen without touching it."""

import re
from pathlib import Path
from typing import Final

import msgspec

from podium.core.missions.spec import Isolation, Mission
from podium.missions.worktrees.git import LOOKING, Git, GitError, NoGit
from podium.missions.worktrees.names import slug

_MERGE_TREE: Final = (2, 38)
"""The git that can merge without a work tree."""
_OLDEST: Final = (2, 17)
_SHARED_FIX: Final = 'Or write isolation = "shared" below [workspace]; then agents work in the folder itself.'


class CannotIsolate(Exception):
    """Worktrees are wanted and can't be had. ``fix`` says what to do, ``key`` where in the mission file."""

    def __init__(self, reason: str, fix: str, key: str = "workspace.isolation") -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.key = key


class Repository(msgspec.Struct, frozen=True):
    """``top`` is where git is asked: the top of the person's checkout, or a bare repository."""

    top: Path
    common: Path
    """The folder with the objects and branches."""
    base: str
    """The commit the mission starts from."""
    subfolder: str
    """Where the mission's folder is below the top; "" at the top."""
    merges_in_memory: bool
    """Whether this git has ``merge-tree --write-tree``."""
    uncommitted: int = 0
    """Changes in the person's checkout, which worktrees don't have; 0 until ``with_changes`` has looked."""
    has_identity: bool = True
    """Whether git knows who commits here."""

    @property
    def git(self) -> Git:
        return Git(self.top)


def find_repository(mission: Mission) -> Repository | None:
    """The repository for worktrees, or None if the agents share the mission's folder. Blocks.

    It is asked before the person has agreed to anything, so only git commands are used that run no program whatever
    the repository's settings are: none that reads or writes files of a work tree, and none that fetches.

    Raises CannotIsolate where worktrees are asked for, or would be used, and something is in the way.
    """
    wanted = mission.workspace.isolation
    if wanted is Isolation.SHARED:
        return None
    git = Git(mission.folder, timeout=LOOKING)
    try:
        version = git_version(git)
        inside = git.run("rev-parse", "--is-bare-repository", check=False)
    except GitError as error:
        if wanted is None and isinstance(error, NoGit):
            return None
        raise CannotIsolate(f"{error}.", _SHARED_FIX) from None
    if inside.code != 0:
        if "not a git repository" in inside.errors:
            if wanted is None:
                return None
            raise CannotIsolate(
                f"{mission.folder} is in no git repository.", f"Make one: git init. {_SHARED_FIX}"
            )
        if "safe.bareRepository" in inside.errors:
            raise CannotIsolate(
                f"{mission.folder} lies inside of a bare repository, which git uses only when it is named itself.",
                f"Name the folder of a checkout, or of the bare repository. {_SHARED_FIX}",
            )
        raise CannotIsolate(f"git can't use the repository: {inside.errors.splitlines()[0]}.", _SHARED_FIX)
    if version < _OLDEST:
        raise CannotIsolate(
            f"git {'.'.join(map(str, version))} is too old.", f"Install a newer one. {_SHARED_FIX}"
        )
    try:
        return _looked_at(git, mission, version, bare=inside.text == "true")
    except GitError as error:
        raise CannotIsolate(f"{error}.", _SHARED_FIX) from None


def _looked_at(git: Git, mission: Mission, version: tuple[int, ...], bare: bool) -> Repository | None:
    common = mission.folder / git.run("rev-parse", "--git-common-dir").path
    top = mission.folder
    if not bare:
        shown = git.run("rev-parse", "--show-toplevel", check=False)
        if shown.code != 0:
            raise CannotIsolate(
                f"{mission.folder} is inside of .git.", "Name the folder with the project's files."
            )
        top = shown.path
        if not (top / ".git").exists() or not mission.folder.is_relative_to(top.resolve()):
            raise CannotIsolate(
                f"The repository of {mission.folder} says that its files are in {top} (core.worktree), which is no "
                "checkout of it.",
                "Name the folder of a checkout.",
            )
    wanted = mission.workspace.base or "HEAD"
    found = git.run("rev-parse", "--verify", "--quiet", f"{wanted}^{{commit}}", check=False)
    if found.code != 0:
        if mission.workspace.base:
            raise CannotIsolate(
                f"There is no branch, tag or commit “{wanted}”.",
                "Correct base below [workspace].",
                "workspace.base",
            )
        if git.succeeds("rev-parse", "--verify", "--quiet", wanted):
            raise CannotIsolate(
                "The commit that is checked out is not in the repository (it may be a partial clone).",
                f"Fetch it: git fetch. {_SHARED_FIX}",
            )
        raise CannotIsolate(
            "The repository has no commit yet, so there is nothing to start from.",
            f"Commit something: git commit --allow-empty -m Begin. {_SHARED_FIX}",
        )
    subfolder = "" if bare else _below(mission.folder, top)
    if subfolder and not git.run("ls-tree", "-z", "--full-tree", found.text, "--", subfolder).names:
        if mission.workspace.isolation is None:
            return None  # The folder only happens to lie in somebody's repository, which doesn't know it.
        raise CannotIsolate(
            f"{mission.folder} is not committed in the repository {top}.", f"Commit it. {_SHARED_FIX}"
        )
    _look_at_prefix(git, mission)
    return Repository(
        top,
        common.resolve(),
        found.text,
        subfolder,
        version >= _MERGE_TREE,
        has_identity=git.succeeds("-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"),
    )


def _look_at_prefix(git: Git, mission: Mission) -> None:
    """git can't have a branch below another branch's name. Raises CannotIsolate."""
    parts = f"{mission.workspace.branch_prefix}/{slug(mission.name)}".split("/")
    for number in range(1, len(parts) + 1):
        name = "/".join(parts[:number])
        if git.succeeds("rev-parse", "--verify", "--quiet", f"refs/heads/{name}"):
            raise CannotIsolate(
                f"There is a branch “{name}” in the repository, so the mission’s branches can’t be named "
                f"{'/'.join(parts)}/….",
                'Rename that branch, or write another branch_prefix below [workspace], such as "agents".',
                "workspace.branch_prefix",
            )


def with_changes(repository: Repository) -> Repository:
    """``repository`` with the number of changes in the person's checkout, where git can tell it. Blocks.

    git may run the filters that the repository's settings name: only for a person who has agreed to them.
    """
    if not (repository.top / ".git").exists():
        return repository
    try:
        changes = repository.git.run("status", "--porcelain", "-z", "--no-renames", "--ignore-submodules")
    except (
        GitError
    ):  # Such as a filter that is missing. The number is only told; the work has its own checks.
        return repository
    return msgspec.structs.replace(repository, uncommitted=len(changes.names))


def git_version(git: Git) -> tuple[int, ...]:
    """As numbers, such as (2, 39, 5). Raises GitError."""
    match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", git.text("version"))
    if match is None:
        raise GitError("git does not tell its version")
    return tuple(int(part) for part in match.groups("0"))


def _below(folder: Path, top: Path) -> str:
    relative = folder.resolve().relative_to(top.resolve())
    return "" if relative == Path() else relative.as_posix()
