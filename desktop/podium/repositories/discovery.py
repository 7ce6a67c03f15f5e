"""Finding the repository of a folder without touching it, and without running anything that it names."""

from enum import Enum, auto
from pathlib import Path
from typing import Final

from podium.repositories.git import INSPECTION_TIMEOUT, Git, GitError, NoGit
from podium.repositories.repository import Repository, git_version

_MERGE_TREE: Final = (2, 38)
"""The git that can merge without a work tree."""
_OLDEST: Final = (2, 17)


class Obstacle(Enum):
    """The kinds of reasons why a folder can't have worktrees."""

    NO_GIT = auto()
    GIT_FAILED = auto()
    NO_REPOSITORY = auto()
    INSIDE_BARE = auto()
    UNUSABLE = auto()
    TOO_OLD = auto()
    INSIDE_GIT_FOLDER = auto()
    FILES_ELSEWHERE = auto()
    NO_SUCH_BASE = auto()
    HEAD_MISSING = auto()
    NO_COMMIT = auto()
    NOT_COMMITTED = auto()
    """The folder lies in a repository that has no commit of it."""


class CannotUse(Exception):
    """The folder can't have worktrees. ``reason`` is a sentence for a person."""

    def __init__(self, obstacle: Obstacle, reason: str) -> None:
        super().__init__(reason)
        self.obstacle = obstacle
        self.reason = reason


def find_repository(folder: Path, base: str = "") -> Repository:
    """The repository of ``folder``, to start from the branch, tag or commit ``base``, or from HEAD. Blocks.

    Only git commands are used that run no program whatever the repository's settings are: none that reads or writes
    files of a work tree, and none that fetches. Raises CannotUse.
    """
    git = Git(folder, timeout=INSPECTION_TIMEOUT)
    try:
        version = git_version(git)
        inside = git.run("rev-parse", "--is-bare-repository", check=False)
    except GitError as error:
        obstacle = Obstacle.NO_GIT if isinstance(error, NoGit) else Obstacle.GIT_FAILED
        raise CannotUse(obstacle, f"{error}.") from None
    if inside.code != 0:
        raise _refusal(folder, inside.errors)
    if version < _OLDEST:
        raise CannotUse(Obstacle.TOO_OLD, f"git {'.'.join(map(str, version))} is too old.")
    try:
        return _inspect(git, folder, base, version, bare=inside.text == "true")
    except GitError as error:
        raise CannotUse(Obstacle.GIT_FAILED, f"{error}.") from None


def _refusal(folder: Path, errors: str) -> CannotUse:
    """The fault behind git's ``errors``."""
    if "not a git repository" in errors:
        return CannotUse(Obstacle.NO_REPOSITORY, f"{folder} is in no git repository.")
    if "safe.bareRepository" in errors:
        return CannotUse(
            Obstacle.INSIDE_BARE,
            f"{folder} lies inside of a bare repository, which git uses only when it is named itself.",
        )
    return CannotUse(Obstacle.UNUSABLE, f"git can't use the repository: {errors.splitlines()[0]}.")


def _inspect(git: Git, folder: Path, base: str, version: tuple[int, ...], bare: bool) -> Repository:
    common = folder / git.run("rev-parse", "--git-common-dir").path
    top = folder if bare else _top_of_checkout(git, folder)
    commit = _start(git, base)
    subfolder = "" if bare else _below(folder, top)
    if subfolder and not git.run("ls-tree", "-z", "--full-tree", commit, "--", subfolder).names:
        raise CannotUse(Obstacle.NOT_COMMITTED, f"{folder} is not committed in the repository {top}.")
    return Repository(
        top,
        common.resolve(),
        commit,
        subfolder,
        version >= _MERGE_TREE,
        has_identity=git.succeeds("-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"),
    )


def _top_of_checkout(git: Git, folder: Path) -> Path:
    shown = git.run("rev-parse", "--show-toplevel", check=False)
    if shown.code != 0:
        raise CannotUse(Obstacle.INSIDE_GIT_FOLDER, f"{folder} is inside of .git.")
    top = shown.path
    if not (top / ".git").exists() or not folder.is_relative_to(top.resolve()):
        raise CannotUse(
            Obstacle.FILES_ELSEWHERE,
            f"The repository of {folder} says that its files are in {top} (core.worktree), which is no "
            "checkout of it.",
        )
    return top


def _start(git: Git, base: str) -> str:
    wanted = base or "HEAD"
    found = git.run("rev-parse", "--verify", "--quiet", f"{wanted}^{{commit}}", check=False)
    if found.code == 0:
        return found.text
    if base:
        raise CannotUse(Obstacle.NO_SUCH_BASE, f"There is no branch, tag or commit “{wanted}”.")
    if git.succeeds("rev-parse", "--verify", "--quiet", wanted):
        raise CannotUse(
            Obstacle.HEAD_MISSING,
            "The commit that is checked out is not in the repository (it may be a partial clone).",
        )
    raise CannotUse(
        Obstacle.NO_COMMIT, "The repository has no commit yet, so there is nothing to start from."
    )


def branch_in_the_way(git: Git, name: str) -> str:
    """The branch because of which there can be none below ``name``, or "". Raises GitError.

    git can't have a branch below another branch's name.
    """
    parts = name.split("/")
    above = ["/".join(parts[:number]) for number in range(1, len(parts) + 1)]
    found = git.text("for-each-ref", "--format=%(refname)", *(f"refs/heads/{branch}" for branch in above))
    # It also lists the branches below these.
    return next((branch for branch in above if f"refs/heads/{branch}" in found.splitlines()), "")


def _below(folder: Path, top: Path) -> str:
    relative = folder.resolve().relative_to(top.resolve())
    return "" if relative == Path() else relative.as_posix()
