"""State that all worktrees of a repository share and a person relies on, kept to be compared and put back.

That is branches and tags, the stash with its order, HEAD, the index, and the files of the repository that decide what
git runs and sees. Blocks.
"""

import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Final

import msgspec

from podium.core.system.scratch import scratch_folder
from podium.repositories.git import Git, GitError
from podium.repositories.leftover_commits import head_log
from podium.repositories.repository import Repository

_FILES: Final = (
    "config",
    "config.worktree",
    "info/exclude",
    "info/attributes",
    "info/sparse-checkout",
    "info/grafts",
    "objects/info/alternates",
)
_HOOKS: Final = "hooks"
_STASH: Final = "refs/stash"
_BESIDE_BRANCHES: Final = ("refs/tags", "refs/notes", "refs/replace")
_MAX_FILE: Final = 1 << 20
_MAX_HOOKS: Final = 200


class StashEntry(msgspec.Struct, frozen=True):
    commit: str
    message: str


class SharedFile(msgspec.Struct, frozen=True):
    """A file below the repository's folder, with its permissions."""

    data: bytes
    mode: int


class SharedState(msgspec.Struct, frozen=True):
    """``branches``, and ``tags`` with notes and replacements: object by full name. ``stash``: the newest first.
    ``head``: a branch, or a commit.
    """

    branches: dict[str, str] = {}
    tags: dict[str, str] = {}
    stash: tuple[StashEntry, ...] = ()
    head: str = ""
    index_tree: str = ""
    """The index of the person's checkout; "" if it can't be read, as in the middle of a merge."""
    files: dict[str, SharedFile] = {}
    head_moves: int = 0
    """The number of moves in the logs of the person's HEADs."""


def read_shared_state(
    repository: Repository, own_branches: Collection[str], own_worktrees: Path, reference: str
) -> tuple[SharedState, str]:
    """As it is now, without branches below ``own_branches``, which change meanwhile. Raises GitError.

    Also returns the commit that ``reference`` leads to, "" if it is not there.
    """
    git = repository.git
    branches: dict[str, str] = {}
    tags: dict[str, str] = {}
    held_by = head = ""
    has_stash = False
    shown = ("refs/heads", *_BESIDE_BRANCHES, _STASH, reference)
    # Each line holds a star where HEAD leads, and a space elsewhere; neither can be in a name.
    for line in git.text("for-each-ref", "--format=%(objectname)%(HEAD)%(refname)", *shown).splitlines():
        commit, mark, name = line.partition("*" if "*" in line else " ")
        if mark == "*":
            head = name
        if name == reference:
            held_by = commit
        elif name.startswith(_STASH):
            has_stash = has_stash or name == _STASH
        elif not name.startswith("refs/heads/"):
            tags[name] = commit
        elif not is_below(name, own_branches):
            branches[name] = commit
    state = SharedState(
        branches,
        tags,
        read_stash(git) if has_stash else (),
        head or _head(git),
        _index_tree(repository),
        read_files(repository.common),
        len(moves_of_head(repository, own_worktrees)),
    )
    return state, held_by


def read_stash(git: Git) -> tuple[StashEntry, ...]:
    """The stash's entries, the newest first."""
    found = git.run("log", "-g", "-z", "--format=%H %gs", _STASH, "--", check=False)
    if found.code != 0:
        return ()
    return tuple(StashEntry(*entry.split(" ", 1)) for entry in found.names if " " in entry)


def moves_of_head(repository: Repository, own_worktrees: Path) -> list[str]:
    """The commits that HEAD of the person's checkouts was moved to, in the order of each checkout's log."""
    found = [after for _, after, _ in head_log(repository.common)]
    try:
        entries = sorted((repository.common / "worktrees").iterdir())
    except OSError:
        return found
    for entry in entries:
        try:
            place = Path((entry / "gitdir").read_text(errors="surrogateescape").strip())
        except OSError:
            continue
        if not place.is_relative_to(own_worktrees):
            found += [after for _, after, _ in head_log(entry)]
    return found


def _head(git: Git) -> str:
    """Where HEAD leads when no branch says so: to a commit, or to a branch that is not there yet."""
    symbolic = git.run("symbolic-ref", "--quiet", "HEAD", check=False)
    if symbolic.code == 0:
        return symbolic.text
    return git.run("rev-parse", "--verify", "--quiet", "HEAD", check=False).text


def index_file(repository: Repository) -> Path | None:
    """The index of the person's checkout, None where there is none."""
    usual = repository.top / ".git"
    if usual.is_dir():
        return usual / "index" if (usual / "index").is_file() else None
    found = repository.git.run("rev-parse", "--git-path", "index", check=False)
    path = repository.top / found.path
    return path if found.code == 0 and path.is_file() else None


def _index_tree(repository: Repository) -> str:
    """The index as a tree, read from a copy: git would write into the person's own."""
    path = index_file(repository)
    if path is None:
        return ""
    with scratch_folder() as scratch:
        copy = scratch / "index"
        try:
            shutil.copyfile(path, copy)
            found = repository.git.run("write-tree", environment={"GIT_INDEX_FILE": str(copy)}, check=False)
        except (OSError, GitError):
            return ""
        return found.text if found.code == 0 else ""


def is_below(name: str, branches: Collection[str]) -> bool:
    """Whether the reference ``name`` is of a branch below one of ``branches``."""
    return name.startswith(tuple(f"refs/heads/{own}/" for own in branches))


def read_files(common: Path) -> dict[str, SharedFile]:
    """The files of the repository in ``common`` that decide what git runs and sees. Asks no git."""
    names = list(_FILES)
    try:
        hooks = sorted(path.name for path in (common / _HOOKS).iterdir() if not path.name.endswith(".sample"))
    except OSError:
        hooks = []
    names += [f"{_HOOKS}/{name}" for name in hooks[:_MAX_HOOKS]]
    found = {}
    for name in names:
        path = common / name
        try:
            if path.is_file() and path.stat().st_size <= _MAX_FILE:
                found[name] = SharedFile(path.read_bytes(), path.stat().st_mode & 0o777)
            elif path.is_fifo():  # git would wait for somebody to write into it.
                found[name] = SharedFile(b"", 0)
        except OSError:
            continue
    return found
