"""git as the demo uses it: the same on every machine, whatever the person has configured."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_SETTINGS: Final = (
    "init.defaultBranch=main",
    "commit.gpgSign=false",
    "core.hooksPath=/dev/null",
    "core.autocrlf=false",
    "gc.auto=0",
)


class GitError(Exception):
    """git is missing or refused; the message is for a person."""


def git(folder: Path, *arguments: str) -> str:
    """Run git in ``folder`` and return what it prints. Raises GitError."""
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C",
    }
    try:
        done = subprocess.run(
            ["git", *settings, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise GitError(
            "The demo needs git, and there is none on the PATH. Install git and try again."
        ) from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise GitError(f"git {arguments[0]} failed in {folder}: {said}")
    return done.stdout.decode("utf-8", "replace").strip()


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
    import fcntl  # In here: the window imports this module too, on systems that have no fcntl.

    with (folder / ".git" / "podium-demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        git(folder, "add", "--", *paths)
        if not git(folder, "diff", "--cached", "--name-only", "--", *paths):
            return ""
        identity = f"{author} <{author}@podium.invalid>"
        git(folder, "commit", "--quiet", f"--author={identity}", "--message", message, "--", *paths)
        return git(folder, "rev-parse", "--short", "HEAD")
