"""One worktree: made, recognised, brought to a commit, removed. All of it blocks.

Nothing in here looks at what a worktree holds: ``saving`` does that, and comes first wherever an agent has worked.
"""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from podium.core.system.private_files import private_folder
from podium.repositories.folder_handle import FolderHandle, is_plain_folder, remove_folder
from podium.repositories.git import Git, GitError
from podium.repositories.leftover_commits import forget_head_log
from podium.repositories.repository import Repository

_LOCKS: Final = ("index.lock", "HEAD.lock")
_HALF_DONE: Final = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "BISECT_LOG": "bisect",
}
_LEFT_BY_GIT: Final = (
    *_HALF_DONE,
    "sequencer",
    "MERGE_MSG",
    "MERGE_MODE",
    "AUTO_MERGE",
    "SQUASH_MSG",
    "BISECT_START",
)


class Worktree:
    """The worktree at ``path``. Its own ``.git`` is not trusted: an agent could have made it lead elsewhere.

    ``identity`` is the device and inode of the folder that was made; None: not known.
    """

    def __init__(self, repository: Repository, path: Path, identity: tuple[int, int] | None = None) -> None:
        self.repository = repository
        self.path = path
        self._identity = identity
        self._handle: FolderHandle | None = None

    @property
    def exists(self) -> bool:
        return self.path.is_dir() and self.admin is not None

    @property
    def identity(self) -> tuple[int, int] | None:
        return self._identity

    def hold(self) -> None:
        """Keep the folder open, so that it stays the same one from now on. Raises GitError if it is another one."""
        if self._handle is not None:
            return
        try:
            handle = FolderHandle.open(self.path)
        except OSError:
            raise GitError(f"the worktree {self.path} is gone") from None
        if self._identity not in (None, handle.identity):
            handle.close()
            raise GitError(f"another folder stands at {self.path}")
        self._handle, self._identity = handle, handle.identity

    def let_go(self) -> None:
        """Close what ``hold`` has opened."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    @property
    def place(self) -> Path | None:
        """The held folder's current path: elsewhere, if somebody moved it. None: it was removed."""
        if self._handle is None:
            return self.path if self.path.is_dir() and not self.path.is_symlink() else None
        try:
            return None if self._handle.removed else self._handle.place
        except OSError:
            return None

    @property
    def stands(self) -> bool:
        """Whether the folder is where it was made, is the same one, and no link leads there."""
        if not is_plain_folder(self.path, self.path.parent.parent):
            return False
        try:
            found = os.lstat(self.path)
        except OSError:
            return False
        return self._identity in (None, (found.st_dev, found.st_ino))

    @property
    def intact(self) -> bool:
        """Whether it exists and is registered with git."""
        return self.stands and self.admin is not None

    def create(self, commit: str, branch: str = "") -> None:
        """Check ``commit`` out, on ``branch`` or on none, where nothing is yet. Raises GitError or OSError."""
        self.let_go()
        private_folder(self.path.parent)
        admin = self.admin
        if admin is not None and not os.path.lexists(self.path):
            shutil.rmtree(admin)  # It was removed without git.
        how = ("--no-track", "-B", branch) if branch else ("--detach",)
        self.repository.git.run("worktree", "add", "--quiet", "--force", *how, str(self.path), commit)
        self._identity = None
        self.hold()
        self._begin_head_log()

    def bring_to(self, commit: str, branch: str = "") -> None:
        """Make it ``commit`` exactly, but for files git ignores. Raises GitError."""
        git = self.git()
        self._forget_half_done()
        how = ("--no-track", "-B", branch) if branch else ("--detach",)
        git.run("checkout", "--quiet", "--force", *how, commit)
        git.run("reset", "--quiet", "--hard", commit)
        git.run("clean", "--quiet", "-ffd")
        self._begin_head_log()

    def remove(self) -> None:
        """Remove it, whatever state it is in. Its branches stay. Raises GitError or OSError.

        Only what stands at ``path`` goes, and a link there is removed, not followed.
        """
        self.let_go()
        if self.path.is_symlink() or self.path.is_file():
            self.path.unlink()
        elif self.path.exists():
            remove_folder(self.path)
        admin = self.admin
        if admin is not None:
            shutil.rmtree(admin)

    def remove_moved(self, root: Path) -> bool:
        """Remove the held folder if somebody has moved it, as far as it is below ``root``; True if it was moved.

        Raises OSError.
        """
        place = self.place
        if place is None or place == self.path:
            return False
        admin = self.admin
        if admin is not None:
            shutil.rmtree(admin)
        if place.is_relative_to(root):
            remove_folder(place)
        self.let_go()
        return True

    def unlock(self) -> None:
        """Remove the locks that a killed git has left in here."""
        admin = self.admin
        if admin is not None:
            for name in _LOCKS:
                (admin / name).unlink(missing_ok=True)

    @property
    def half_done(self) -> str:
        """``merge``, ``rebase`` … if one was begun in here and not ended, or ""."""
        admin = self.admin
        if admin is None:
            return ""
        return next((what for name, what in _HALF_DONE.items() if (admin / name).exists()), "")

    def _begin_head_log(self) -> None:
        """Start a new log of HEAD: its moves from here on are the agent's."""
        if (admin := self.admin) is not None:
            forget_head_log(admin)

    def _forget_half_done(self) -> None:
        admin = self.admin
        for name in _LEFT_BY_GIT if admin is not None else ():
            path = admin / name if admin is not None else Path(name)
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def git(self) -> Git:
        """git for this work tree and no other. Raises GitError when it is gone."""
        admin = self.admin
        if admin is None:
            raise GitError(f"the worktree {self.path} is gone")
        return Git(self.folder, admin)

    @property
    def folder(self) -> Path:
        """A path to the folder that was made, and to nothing that was put in its place. Raises GitError."""
        self.hold()
        handle = self._handle
        if handle is None or handle.removed:
            raise GitError(f"the worktree {self.path} is gone")
        return handle.path

    @property
    def admin(self) -> Path | None:
        """The repository's folder for this worktree."""
        places = [self.path]
        if self._handle is not None and (place := self.place) is not None:
            places.append(place)  # git worktree move writes the new place down.
        return admin_entry(self.repository.common, places)


def admin_entry(common: Path, places: Sequence[Path]) -> Path | None:
    """The folder in the repository ``common`` for the worktree at one of ``places``; None if there is none.

    What stands in the worktree itself is not asked.
    """
    try:
        wanted = {place.resolve() for place in places}
        entries = sorted((common / "worktrees").iterdir())
    except (OSError, RuntimeError):
        return None
    for entry in entries:
        try:
            leads_to = (entry / "gitdir").read_text(encoding="utf-8", errors="surrogateescape").strip()
            if (entry / leads_to).parent.resolve() in wanted:  # It may be written relative to the entry.
                return entry
        except (OSError, RuntimeError):
            continue
    return None
