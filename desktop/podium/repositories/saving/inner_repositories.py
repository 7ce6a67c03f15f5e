"""Contents of a work tree that git passes over silently: inner repositories, all that is named ``.git``, and folders
that can't be read. It can't be committed, so it must not be removed unseen. All of it blocks.
"""

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from podium.repositories.file_names import printable
from podium.repositories.git import Git, GitError
from podium.repositories.saving.ignored_files import ignored_files
from podium.repositories.saving.staging import IndexEntry, Unsaved, below_any, untracked_files

GITLINK: Final = "160000"
_READ_BY_GIT: Final = {".gitignore", ".gitattributes", ".gitmodules"}
_EMPTY_OF_OBJECTS: Final = {"info", "pack"}
_OWN: Final = "it is a repository of its own"


class Inside(msgspec.Struct, frozen=True):
    """``nested``: repositories, of which git would take no more than the name of a commit. ``empty``: those of them
    with nothing in them. ``untracked``: all that git does not know, as raw names.
    """

    untracked: tuple[str, ...]
    nested: tuple[str, ...]
    empty: tuple[str, ...]
    unsaved: tuple[Unsaved, ...]


def inspect_folder(
    git: Git, entries: Sequence[IndexEntry], environment: Mapping[str, str] | None = None
) -> Inside:
    """Below the work tree of ``git`` with the index ``entries``, but for its submodules. Raises GitError."""
    folder = git.folder
    holders, closed = _walk(folder, {entry.path for entry in entries if entry.mode == GITLINK})
    untracked = untracked_files(git, environment)
    nested = tuple(name.rstrip("/") for name in untracked if name.endswith("/"))
    empty = tuple(name for name in nested if holds_nothing(folder / name))
    unsaved = [Unsaved(printable(name), _OWN) for name in nested if name not in empty]
    others = [name for name in holders if not below_any(name, nested)]
    # Folders as one name each, so that it is short.
    ignored = [name.rstrip("/") for name in ignored_files(git, environment)] if others else []
    for name in others:
        own = folder / name / ".git"
        if below_any(name, ignored):
            # Relative: a held folder has a path that only this process can use.
            if _is_repository(own) and has_work(Git(folder / name, Path(".git"))):
                unsaved.append(Unsaved(printable(name), _OWN))
        elif not (_is_repository(own) and _has_no_objects(own)):
            unsaved.append(Unsaved(printable(f"{name}/.git"), "git takes nothing that is named .git"))
    unsaved += [Unsaved(printable(name), "it can’t be read") for name in closed]
    if _has_own_repository(folder):
        unsaved.append(Unsaved(".git", "the folder was made a repository of its own, with commits"))
    return Inside(tuple(untracked), nested, empty, tuple(unsaved))


def _walk(top: Path, links: set[str]) -> tuple[list[str], list[str]]:
    """The folders below ``top`` that hold something named ``.git``, and those that can't be read.

    Pipes under a name that git reads go: git would wait for somebody to write into them.
    """
    holders, closed = [], list[OSError]()
    for place, folders, files in os.walk(top, onerror=closed.append):
        here = os.path.relpath(place, top)
        for name in _READ_BY_GIT.intersection(files):
            if not _is_plain(Path(place, name)):
                Path(place, name).unlink(missing_ok=True)
        if here in links:
            folders.clear()
            continue
        if ".git" in folders:
            folders.remove(".git")
            files.append(".git")
        if ".git" in files and here != ".":
            holders.append(here)
    return holders, [os.path.relpath(error.filename, top) for error in closed]


def _is_plain(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return True
    return stat.S_ISREG(mode) or stat.S_ISLNK(mode)


def holds_nothing(repository: Path) -> bool:
    """Whether there is neither a file nor a commit in it, as after ``git init`` alone."""
    try:
        with os.scandir(repository) as entries:
            if any(entry.name != ".git" for entry in entries):
                return False
    except OSError:
        return False
    return _is_repository(repository / ".git") and _has_no_objects(repository / ".git")


def _is_repository(own: Path) -> bool:
    return (own / "HEAD").exists() or own.is_file()


def _has_no_objects(own: Path) -> bool:
    """Whether ``own``, a repository's ``.git``, is a folder without any commit or file in it."""
    if own.is_symlink() or not own.is_dir():
        return False
    try:
        with os.scandir(own / "objects") as entries:
            if any(entry.name not in _EMPTY_OF_OBJECTS for entry in entries):
                return False
        return not any((own / "objects" / "pack").iterdir())
    except OSError:
        return False


def _has_own_repository(worktree: Path) -> bool:
    """Whether the top of a worktree, where a file is, was made a repository of its own with something in it."""
    own = worktree / ".git"
    return own.is_dir() and not own.is_symlink() and not _has_no_objects(own)


def has_work(git: Git) -> bool:
    """Whether a repository has changes, or commits that it did not fetch from elsewhere."""
    try:
        changed = git.run("status", "--porcelain", "-z", "--untracked-files=normal", "--ignore-submodules")
    except GitError:
        return True  # Nobody can say.
    return bool(changed.names) or has_commits(git)


def has_commits(git: Git) -> bool:
    """Whether it holds commits that it did not fetch from elsewhere."""
    try:
        return bool(git.text("rev-list", "--max-count=1", "--all", "--not", "--remotes"))
    except GitError:
        return True


def submodule_stores(modules: Path) -> Iterator[Path]:
    """The repositories of submodules, and of theirs, below ``modules``."""
    for folder, folders, files in os.walk(modules):
        if "HEAD" in files and "objects" in folders:
            folders[:] = [name for name in folders if name == "modules"]
            yield Path(folder)


def unkept_modules(admin: Path) -> Iterator[str]:
    """The submodules with commits that are nowhere else. Theirs are in ``admin``, the worktree's own git folder."""
    for store in submodule_stores(admin / "modules"):
        if has_commits(Git(store, store)):
            yield store.relative_to(admin / "modules").as_posix()
