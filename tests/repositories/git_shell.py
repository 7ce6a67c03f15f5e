"""Repositories made for a test, with the git of the machine."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from podium.repositories.repository import Repository

_GIT = (
    "git",
    "-c",
    "user.name=Somebody",
    "-c",
    "user.email=somebody@example.invalid",
    "-c",
    "init.defaultBranch=main",
)


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run([*_GIT, *arguments], cwd=folder, capture_output=True, check=True)
    return done.stdout.decode().strip()


def repository(folder: Path, files: Mapping[str, str]) -> Path:
    """A repository in ``folder`` with one commit of ``files``."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet")
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Begin")
    return folder


def opened(folder: Path, in_memory: bool = True) -> Repository:
    """``folder`` as Podium sees it, from its HEAD."""
    return Repository(folder, folder / ".git", git(folder, "rev-parse", "HEAD"), "", in_memory)
