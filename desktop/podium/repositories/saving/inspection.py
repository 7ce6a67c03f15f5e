"""Looking at a worktree: what is in it that no branch has. Writes nothing but objects. All of it blocks."""

import filecmp
import os
import stat
from pathlib import Path

import msgspec

from podium.repositories.git import Git, GitError
from podium.repositories.leftover_commits import head_log
from podium.repositories.repository import Repository
from podium.repositories.saving.inner_repositories import GITLINK, has_work, inspect_folder, unkept_modules
from podium.repositories.saving.staging import index_entries
from podium.repositories.worktree import admin_entry


class WorktreeContents(msgspec.Struct, frozen=True):
    """Names are relative to the worktree."""

    head: str
    """Its commit, or "" when there is none that can be read."""
    loose: bool
    """No branch or tag leads to ``head``."""
    staged: tuple[str, ...]
    """Files that differ between its index and ``head``."""
    changed: tuple[str, ...]
    """Files that its index does not have as they are."""
    stuck: tuple[str, ...]
    """Files that git can't commit, but for submodules."""
    submodules: tuple[str, ...]
    """Those with changes or commits that are nowhere else."""
    ignored: int
    """Files and folders that git ignores."""


def inspect_worktree(repository: Repository, path: Path) -> WorktreeContents:
    """Raises GitError."""
    admin = admin_of(repository, path)
    git = Git(path, admin)
    entries = list(index_entries(git))
    inside = tuple(item.path for item in inspect_folder(git, entries).unsaved)
    head = head_of(git, admin)
    hidden = git.run("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory").names
    links = [entry.path for entry in entries if entry.mode == GITLINK]
    dirty = [name for name in links if os.path.lexists(path / name / ".git") and has_work(Git(path / name))]
    return WorktreeContents(
        head,
        bool(head) and is_loose(git, head),
        tuple(_staged(git, head)),
        changed_files(repository, path),
        inside,
        tuple(dict.fromkeys([*dirty, *unkept_modules(admin)])),
        sum(not _is_copy(repository.top / name, path / name) for name in hidden),
    )


def admin_of(repository: Repository, path: Path) -> Path:
    """The repository's folder for the worktree at ``path``, whose own word is not taken for it. Raises
    GitError.
    """
    found = admin_entry(repository.common, [path])
    if found is None:
        raise GitError(f"git does not know the worktree {path}")
    return found


def head_of(git: Git, admin: Path) -> str:
    """The commit a worktree is at, or was before its branch went; "" when there is none that can be read."""
    if head := git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}", check=False).text:
        return head
    for _, commit, _ in reversed(head_log(admin)):
        if git.succeeds("cat-file", "-e", f"{commit}^{{commit}}"):
            return commit
    return ""


def is_loose(git: Git, commit: str) -> bool:
    """Whether no branch or tag leads to ``commit``. Raises GitError."""
    kept = ("refs/heads", "refs/tags", "refs/remotes")
    return not git.text("for-each-ref", "--count=1", f"--contains={commit}", *kept)


def changed_files(repository: Repository, path: Path) -> tuple[str, ...]:
    """The files that the index does not have as they are. Those that are the person's own, copied, are not among them,
    nor are repositories. Raises GitError.
    """
    admin = admin_of(repository, path)
    git = Git(path, admin)
    tracked = git.run("ls-files", "-z", "--modified", "--deleted").names + marked_files(git, path)
    copies = set(copies_in(repository, path))
    others = git.run("ls-files", "-z", "--others", "--exclude-standard").names
    new = [name for name in others if not name.endswith("/") and name not in copies]
    return tuple(dict.fromkeys([*tracked, *new]))


def copies_in(repository: Repository, path: Path) -> list[str]:
    """The untracked files that are the person's own, copied. Raises GitError."""
    admin = admin_of(repository, path)
    git = Git(path, admin)
    others = git.run("ls-files", "-z", "--others", "--exclude-standard").names
    # Removed from the index alone: the file is still there, and is work.
    removed = set(_staged(git, head_of(git, admin))) if others else set()
    return [
        name
        for name in others
        if not name.endswith("/") and name not in removed and _is_copy(repository.top / name, path / name)
    ]


def _staged(git: Git, head: str) -> list[str]:
    if not head:
        return []
    return git.run("diff-index", "--cached", "-z", "--name-only", "--no-renames", head).names


def marked_files(git: Git, path: Path) -> list[str]:
    """Files that are there although the index is told not to look at them (skip-worktree, assume-unchanged). Raises
    GitError.
    """
    listed = git.run("ls-files", "-z", "-v").names
    names = [entry[2:] for entry in listed if entry[0] in "Ss" or entry[0].islower()]
    return [name for name in names if os.path.lexists(path / name)]


def _is_copy(original: Path, file: Path) -> bool:
    """Whether ``file`` is in the person's checkout just so."""
    try:
        regular = stat.S_ISREG(file.lstat().st_mode) and stat.S_ISREG(original.lstat().st_mode)
        return regular and filecmp.cmp(original, file, shallow=False)
    except OSError:
        return False
