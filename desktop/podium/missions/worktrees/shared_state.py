"""What all worktrees of a repository share and a person relies on, noted so that it can be compared and put back.

That is branches and tags, the stash with its order, HEAD, the index, and the files of the repository that decide what
git runs and sees. Blocks.
"""

import json
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Final

import msgspec

from podium.core.system.scratch import scratch_folder
from podium.missions.worktrees.git import Git, GitError, identity
from podium.missions.worktrees.leftover_commits import head_log
from podium.missions.worktrees.repository import Repository

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
_BESIDE_BRANCHES: Final = ("refs/tags", "refs/notes", "refs/replace")
_TAG_FORMAT: Final = "%(objecttype) %(*objecttype) %(objectname) %(*objectname)"
_MAX_FILE: Final = 1 << 20
_MAX_HOOKS: Final = 200
_MOST_PARENTS: Final = 2000
_MOST_TAGS: Final = 1000


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
    """What is staged in the person's checkout; "" if that can't be told, as in the middle of a merge."""
    files: dict[str, SharedFile] = {}
    head_moves: int = 0
    """How many moves the logs of the person's HEADs had."""


def read_shared_state(
    repository: Repository, own_branches: Collection[str], own_worktrees: Path, reference: str
) -> tuple[SharedState, str]:
    """As it is now, without branches below ``own_branches``: missions that run change those. Raises GitError.

    Also returns the commit that ``reference`` leads to, "" if it is not there.
    """
    git = repository.git
    branches: dict[str, str] = {}
    tags: dict[str, str] = {}
    held_by = ""
    shown = ("refs/heads", *_BESIDE_BRANCHES, reference)
    for line in git.text("for-each-ref", "--format=%(objectname) %(refname)", *shown).splitlines():
        commit, _, name = line.partition(" ")
        if name == reference:
            held_by = commit
        elif not name.startswith("refs/heads/"):
            tags[name] = commit
        elif not is_below(name, own_branches):
            branches[name] = commit
    state = SharedState(
        branches,
        tags,
        read_stash(git),
        _head(git),
        _index_tree(repository),
        read_files(repository.common),
        len(moves_of_head(repository, own_worktrees)),
    )
    return state, held_by


def read_stash(git: Git) -> tuple[StashEntry, ...]:
    """The stash's entries, the newest first."""
    found = git.run("log", "-g", "-z", "--format=%H %gs", "refs/stash", "--", check=False)
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


def hold(git: Git, reference: str, state: SharedState) -> str:
    """Make ``reference`` lead to everything in ``state``, so that git forgets none of it. Raises GitError.

    Returns the commit that it leads to.
    """
    entries = []
    for number, file in enumerate(state.files.values()):
        blob = git.run("hash-object", "-w", "--stdin", stdin=file.data).text
        entries.append(f"100644 blob {blob}\t{number}\n")
    if state.index_tree:
        entries.append(f"040000 tree {state.index_tree}\tindex\n")
    tree = git.run("mktree", stdin="".join(entries).encode()).text
    parents = [word for commit in _commits(git, state)[:_MOST_PARENTS] for word in ("-p", commit)]
    # json escapes what is not UTF-8 in a branch's name; msgspec would refuse it.
    message = json.dumps(msgspec.to_builtins(state))
    made = git.run(
        *("commit-tree", tree, *parents, "-F", "-"),
        stdin=message.encode(),
        environment=identity("Podium", "podium"),
    ).text
    git.run("update-ref", reference, made)
    _hold_tags(git, f"{reference}-tags", state)
    return made


def _hold_tags(git: Git, folder: str, state: SharedState) -> None:
    """A commit can't lead to a tag's own object, so each has a reference; notes and replacements too."""
    annotated: set[str] = set()
    there: set[str] = set()
    listed = git.text("for-each-ref", "--format=%(objecttype) %(objectname) %(refname)", "refs/tags", folder)
    for kind, object_id, name in (line.split(" ", 2) for line in listed.splitlines()):
        if not name.startswith("refs/tags/"):
            there.add(object_id)
        elif kind == "tag":
            annotated.add(object_id)
    beside = {object_id for name, object_id in state.tags.items() if not name.startswith("refs/tags/")}
    wanted = (annotated & set(state.tags.values())) | beside
    orders = "".join(f"update {folder}/{name} {name}\n" for name in list(wanted - there)[:_MOST_TAGS])
    if orders:
        git.run("update-ref", "--stdin", stdin=orders.encode())


def let_go(git: Git, reference: str) -> None:
    """Hold nothing any more. Raises GitError."""
    names = git.text("for-each-ref", "--format=%(refname)", reference, f"{reference}-tags").split()
    git.run("update-ref", "--stdin", stdin="".join(f"delete {name}\n" for name in names).encode())


def _commits(git: Git, state: SharedState) -> list[str]:
    """All that ``state`` leads to, each once."""
    wanted = [entry.commit for entry in state.stash]
    if state.head and not state.head.startswith("refs/"):
        wanted.append(state.head)
    wanted += state.branches.values()
    for line in git.text("for-each-ref", f"--format={_TAG_FORMAT}", "refs/tags").splitlines():
        words = line.split()
        if "commit" in words:
            wanted.append(words[-1])
    return list(dict.fromkeys(wanted))


def held(git: Git, reference: str) -> SharedState | None:
    """What ``hold`` noted before this process, or None."""
    found = git.run("log", "-1", "--format=%B", reference, "--", check=False)
    if found.code != 0:
        return None
    try:
        return msgspec.convert(json.loads(found.out), SharedState)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors too.
        return None


def _head(git: Git) -> str:
    symbolic = git.run("symbolic-ref", "--quiet", "HEAD", check=False)
    if symbolic.code == 0:
        return symbolic.text
    return git.run("rev-parse", "--verify", "--quiet", "HEAD", check=False).text


def index_file(repository: Repository) -> Path | None:
    """The index of the person's checkout, None where there is none."""
    found = repository.git.run("rev-parse", "--git-path", "index", check=False)
    path = repository.top / found.path
    return path if found.code == 0 and path.is_file() else None


def _index_tree(repository: Repository) -> str:
    """git would write into the person's index to tell, so a copy is asked."""
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
