"""Whether a repository has commits."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from podium.repositories.git import Git, GitError

_TIMEOUT: Final = 5.0
"""Seconds: a person waits for the answer."""


def find_commits(folder: Path, ids: Sequence[str]) -> list[str]:
    """The full id of each of ``ids``, hex digits, in the repository of ``folder``; "" where it has no such commit, or
    several. Blocks; runs nothing that the repository names, and fetches nothing.
    """
    try:
        return Git(folder, timeout=_TIMEOUT).objects(*(f"{id}^{{commit}}" for id in ids))
    except GitError:
        return [""] * len(ids)
