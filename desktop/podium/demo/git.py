"""git as the demo uses it: the same on every machine, whatever the person has configured."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from podium.core.system.file_lock import lock
from podium.repositories.author import Author
from podium.repositories.git import Git, GitError, NoGit, identity

_SETTINGS: Final = ("init.defaultBranch=main", "core.autocrlf=false")
_ENVIRONMENT: Final = {
    **identity(Author("Podium demo", "demo")),
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(folder: Path, *arguments: str) -> str:
    """Run git in ``folder`` and return what it prints. Raises GitError."""
    try:
        return Git(folder).run(*arguments, environment=_ENVIRONMENT, settings=_SETTINGS).text
    except NoGit:
        raise GitError(
            "The demo needs git, and there is none on the PATH. Install git and try again."
        ) from None


def make_repository(folder: Path, message: str) -> None:
    """Turn ``folder`` into a repository with everything in it as its first commit."""
    git(folder, "init", "--quiet", "--template=")
    git(folder, "config", "user.name", "Podium demo")
    git(folder, "config", "user.email", "demo@podium.invalid")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def commit(folder: Path, author: str, message: str, paths: Sequence[str]) -> str:
    """Commit ``paths`` and return the short hash, or "" if nothing has changed. Raises GitError.

    Agents that work in one repository at the same time take turns here: git itself would refuse the second
    because of its index.lock.
    """
    with (folder / ".git" / "podium-demo.lock").open("w") as held:
        lock(held.fileno())
        git(folder, "add", "--", *paths)
        if not git(folder, "diff", "--cached", "--name-only", "--", *paths):
            return ""
        identity = f"{author} <{author}@podium.invalid>"
        git(folder, "commit", "--quiet", f"--author={identity}", "--message", message, "--", *paths)
        return git(folder, "rev-parse", "--short", "HEAD")
