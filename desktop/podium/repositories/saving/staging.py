"""Staging everything a work tree holds, and finding what git could not take. Blocks."""

import functools
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from podium.repositories.file_names import printable
from podium.repositories.git import Done, Git, GitError, last_line
from podium.repositories.repository import git_version

_SPARSE: Final = (2, 35)
"""The version from which git's ``add`` needs an option to go beyond a sparse checkout."""
_CHUNK: Final = 200
"""Paths for one call of git: its arguments have a limit."""
_MOST_FAILED: Final = 1000
"""Files that are tried one by one: on a full disk all would be. The rest is found by ``remaining``."""
_LITERAL: Final = {"GIT_LITERAL_PATHSPECS": "1"}
_TRUSTING_NO_SHORTCUT: Final = (
    # Each of these makes git take a file for unchanged without checking.
    "core.ignoreStat=false",
    "core.trustctime=true",
    "core.checkStat=default",
    "core.untrackedCache=false",
)


class Unsaved(msgspec.Struct, frozen=True):
    """Something that git could not take. ``path`` is printable."""

    path: str
    reason: str


def stage_everything(
    git: Git,
    keep_out: Sequence[str],
    nested: Sequence[str],
    untracked: Sequence[str],
    environment: Mapping[str, str] | None = None,
) -> list[Unsaved]:
    """Stage all files that git does not ignore, but ``keep_out`` and the repositories ``nested``.

    ``untracked``: the files that the index does not have.

    Returns what could not be staged: one bad file does not cost the good ones. Raises GitError when git can't even
    list what there is.
    """
    staging = _Staging(git, environment or {})
    staging.reveal()
    # A pathspec that excludes an ignored file makes git refuse them all.
    left_out = [path for path in (*keep_out, *nested) if _among(path, untracked)]
    excludes = [f":(top,exclude,literal){path}" for path in left_out]
    everything = ("add", "--all", *staging.sparse, "--", ":/", *excludes)
    failed: list[Unsaved] = []
    if staging.run(*everything, check=False).code == 0:
        return staging.remaining(left_out, failed)
    paths = [path for path in staging.changed(untracked) if not below_any(path, left_out)]
    for first in range(0, len(paths), _CHUNK):
        staging.add(paths[first : first + _CHUNK], failed)
    return failed + staging.remaining(left_out, failed)


class _Staging:
    def __init__(self, git: Git, environment: Mapping[str, str]) -> None:
        self._git = git
        self._environment = environment
        # Without it git refuses what lies outside of a sparse checkout; older gits take that as it is.
        self.sparse = ("--sparse",) if _version() >= _SPARSE else ()

    def run(
        self, *arguments: str, check: bool = True, stdin: bytes | None = None, literal: bool = False
    ) -> Done:
        environment = {**self._environment, **(_LITERAL if literal else {})}
        return self._git.run(
            *arguments,
            check=check,
            environment=environment,
            stdin=stdin,
            settings=_TRUSTING_NO_SHORTCUT,
        )

    def names(self, *arguments: str) -> list[str]:
        return self.run(*arguments).names

    def is_there(self, path: str) -> bool:
        return os.path.lexists(self._git.folder / path)

    def reveal(self) -> None:
        """Make git look at files that are marked as unchanged or not checked out: an agent can set these marks."""
        marked: dict[str, list[bytes]] = {"--no-assume-unchanged": [], "--no-skip-worktree": []}
        for entry in self.names("ls-files", "-z", "-v"):
            sign, path = entry[:1], entry[2:]
            if sign.islower():
                marked["--no-assume-unchanged"].append(path.encode("utf-8", "surrogateescape"))
            if sign in "Ss" and self.is_there(path):
                marked["--no-skip-worktree"].append(path.encode("utf-8", "surrogateescape"))
        for option, paths in marked.items():
            if paths:
                self.run("update-index", option, "-z", "--stdin", stdin=b"\0".join(paths) + b"\0")

    def changed(self, untracked: Sequence[str]) -> list[str]:
        """The files that differ from the index; all files where git can't compare."""
        try:
            tracked = self.names("diff-files", "-z", "--name-only", "--no-ext-diff")
        except GitError:  # Such as a filter that is missing: it is needed to compare.
            tracked = self.names("ls-files", "-z")
        return list(dict.fromkeys((*tracked, *untracked)))

    def add(self, paths: Sequence[str], failed: list[Unsaved]) -> None:
        """Stage ``paths``, halving them around those that fail."""
        if not paths or len(failed) >= _MOST_FAILED:
            return
        done = self.run(
            "add",
            "--all",
            *self.sparse,
            "--",
            *(path.rstrip("/") for path in paths),
            check=False,
            literal=True,
        )
        if done.code == 0:
            return
        if len(paths) == 1:
            if self.is_there(paths[0]):
                failed.append(Unsaved(printable(paths[0]), last_line(done.errors) or "git refused it"))
            return
        middle = len(paths) // 2
        self.add(paths[:middle], failed)
        self.add(paths[middle:], failed)

    def remaining(self, left_out: Sequence[str], failed: Sequence[Unsaved]) -> list[Unsaved]:
        """The files that still differ from the index, beside those that ``failed``."""
        try:
            tracked = self.names(
                "diff-files", "-z", "--name-only", "--no-ext-diff", "--ignore-submodules=dirty"
            )
        except GitError as error:
            if not failed:
                return [Unsaved(".", str(error))]
            tracked = []  # git can't compare what it could not stage either.
        untracked = untracked_files(self._git, self._environment)
        known = {unsaved.path for unsaved in failed}
        return [
            Unsaved(printable(path), "git did not take it")
            for path in (*tracked, *untracked)
            if not below_any(path, left_out) and printable(path) not in known
        ]


class IndexEntry(NamedTuple):
    mode: str
    commit: str
    """Or the object of a file."""
    stage: str
    path: str


def index_entries(git: Git, environment: Mapping[str, str] | None = None) -> Iterator[IndexEntry]:
    """All that the index has."""
    for entry in git.run("ls-files", "-z", "--stage", environment=environment).names:
        facts, _, path = entry.partition("\t")
        mode, commit, stage = facts.split(" ")
        yield IndexEntry(mode, commit, stage, path)


def untracked_files(git: Git, environment: Mapping[str, str] | None = None) -> list[str]:
    """The files that are neither in the index nor ignored; a repository is one name that ends in “/”."""
    return git.run("ls-files", "-z", "--others", "--exclude-standard", environment=environment).names


@functools.cache
def _version() -> tuple[int, ...]:
    return git_version(Git(Path.home()))


def is_sparse(git: Git) -> bool:
    """Whether some of the files are left out of the work tree on purpose."""
    return git.run("config", "--type=bool", "core.sparseCheckout", check=False).text == "true"


def _among(path: str, names: Sequence[str]) -> bool:
    """Whether one of ``names`` is ``path``, or lies below it or above it."""
    return any(
        name.rstrip("/") == path
        or name.startswith(f"{path}/")
        or (name.endswith("/") and path.startswith(name))
        for name in names
    )


def below_any(path: str, folders: Sequence[str]) -> bool:
    """Whether ``path`` is one of ``folders`` or lies below one."""
    return any(path.rstrip("/") == folder or path.startswith(f"{folder}/") for folder in folders)
