"""One worktree of a mission: made, brought to a commit, committed, removed. All of it blocks."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from podium.core.private_files import private_folder
from podium.missions.worktrees.git import Git, GitError, identity
from podium.missions.worktrees.repository import Repository


class Committed(msgspec.Struct, frozen=True):
    """What a turn left. ``commit`` is its last commit, ``files`` what differs from its start."""

    commit: str
    files: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    """Repositories an agent has made inside; git can't keep them."""


class Worktree:
    """The worktree at ``path``. Its own ``.git`` is not believed: an agent could have made it lead elsewhere."""

    def __init__(self, repository: Repository, path: Path) -> None:
        self._repository = repository
        self.path = path

    @property
    def exists(self) -> bool:
        return self.path.is_dir() and self._admin() is not None

    def create(self, commit: str, branch: str = "") -> None:
        """Check ``commit`` out, on ``branch`` or on none. What was there before goes. Raises GitError."""
        self.remove()
        private_folder(self.path.parent)
        how = ("--no-track", "-B", branch) if branch else ("--detach",)
        self._repository.git.run("worktree", "add", "--quiet", "--force", *how, str(self.path), commit)

    def bring_to(self, commit: str, branch: str = "") -> None:
        """Make it ``commit`` exactly, but for files git ignores. Raises GitError."""
        git = self.git()
        how = ("--no-track", "-B", branch) if branch else ("--detach",)
        git.run("checkout", "--quiet", "--force", *how, commit)
        git.run("reset", "--quiet", "--hard", commit)
        git.run("clean", "--quiet", "-ffd")

    def commit_all(
        self, branch: str, start: str, message: str, name: str, agent: str, keep_out: Sequence[str] = ()
    ) -> Committed:
        """Commit everything that differs and make ``branch`` lead there. Raises GitError.

        ``keep_out``: paths that were put there and are no work.
        """
        git = self.git()
        nested = self._nested(git)
        excludes = [f":(top,exclude,literal){path}" for path in (*nested, *keep_out)]
        git.run("add", "--all", "--", ":/", *excludes)
        head = git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}", check=False).text or start
        tree = git.text("write-tree")
        if tree != git.text("rev-parse", f"{head}^{{tree}}"):
            head = git.run(
                "commit-tree", tree, "-p", head, "-m", message, environment=identity(name, agent)
            ).text
        git.run("update-ref", f"refs/heads/{branch}", head)
        changed = git.run("diff-tree", "-r", "-z", "--name-only", "--no-renames", start, head).names
        return Committed(head, tuple(changed), tuple(nested))

    def remove(self) -> None:
        """Remove it, whatever state it is in. Its branches stay. Raises GitError or OSError."""
        git = self._repository.git
        known = self._admin() is not None
        if (
            known
            and git.run("worktree", "remove", "--force", "--force", str(self.path), check=False).code == 0
        ):
            return
        if self.path.is_symlink() or self.path.is_file():
            self.path.unlink()
        elif self.path.exists():
            shutil.rmtree(self.path)
        admin = self._admin()
        if admin is not None:
            shutil.rmtree(admin)

    def unlock(self) -> None:
        """Take away what a git that was killed in here has left locked."""
        admin = self._admin()
        if admin is not None:
            for name in ("index.lock", "HEAD.lock"):
                (admin / name).unlink(missing_ok=True)

    def _nested(self, git: Git) -> list[str]:
        untracked = git.run("ls-files", "-z", "--others", "--exclude-standard").names
        return [name.rstrip("/") for name in untracked if name.endswith("/")]

    def git(self) -> Git:
        """git for this work tree and no other. Raises GitError when it is gone."""
        admin = self._admin()
        if admin is None or not self.path.is_dir():
            raise GitError(f"the worktree {self.path} is gone")
        return Git(self.path, admin)

    def _admin(self) -> Path | None:
        """Where the repository keeps what belongs to this worktree."""
        folder = self._repository.common / "worktrees"
        try:
            entries = list(folder.iterdir())
        except OSError:
            return None
        here = self.path / ".git"
        for entry in entries:
            try:
                leads_to = (entry / "gitdir").read_text(encoding="utf-8", errors="surrogateescape").strip()
                if os.path.normpath(entry / leads_to) == str(
                    here
                ):  # It may be written relative to the entry.
                    return entry
            except OSError:
                continue
        return None
