"""Files that tools leave in their folders: only plain ones of this account are opened, and nothing waits for them."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

_MOST_ENTRIES: Final = 20_000
"""Names of one search that are looked at."""
_ONE_NAME: Final = re.compile(r"[^/*]*\*[^/]*")


class FoundFile(NamedTuple):
    path: str
    changed: float
    """Seconds since 1970."""


def open_plain(path: str) -> int | None:
    """A descriptor to read ``path``, or None when it is no plain file of this account: what a link, a pipe or a device
    leads to is not the tool's.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError):
        return None
    try:
        if _is_own(os.fstat(descriptor)):
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def read_head(path: str, most: int) -> bytes:
    """The first ``most`` bytes of a plain file of this account; b"" when there are none."""
    descriptor = open_plain(path)
    if descriptor is None:
        return b""
    with os.fdopen(descriptor, "rb") as file:
        try:
            return file.read(most)
        except OSError:
            return b""


def find_files(home: str, pattern: str, since: float = 0.0) -> list[FoundFile]:
    """The plain files below ``home`` that match ``pattern`` and changed at ``since`` or later, the newest first.

    A ``*`` of the pattern is any name of one file or folder; links are not followed.
    """
    budget = iter(range(_MOST_ENTRIES))
    found = list(_walk(home, pattern.split("/"), since, budget))
    return sorted(found, key=lambda one: one.changed, reverse=True)


def _walk(folder: str, names: list[str], since: float, budget: Iterator[int]) -> Iterator[FoundFile]:
    name, rest = names[0], names[1:]
    if not _ONE_NAME.fullmatch(name):
        if rest:
            yield from _walk(f"{folder}/{name}", rest, since, budget)
        elif (found := _plain(f"{folder}/{name}", since)) is not None:
            yield found
        return
    wanted = re.compile(".*".join(map(re.escape, name.split("*"))), re.DOTALL)
    try:
        # The newest last in many tools' folders, which are named by date: a budget that ends is to end at old ones.
        entries = sorted(_names(folder, budget), reverse=True)
    except OSError:
        return
    for entry in entries:
        if not wanted.fullmatch(entry) or entry.startswith("."):
            continue
        path = f"{folder}/{entry}"
        if rest:
            if not Path(path).is_symlink():
                yield from _walk(path, rest, since, budget)
        elif (found := _plain(path, since)) is not None:
            yield found


def _names(folder: str, budget: Iterator[int]) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if next(budget, None) is None:
                return
            yield entry.name


def _plain(path: str, since: float) -> FoundFile | None:
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return None
    return FoundFile(path, status.st_mtime) if _is_own(status) and status.st_mtime >= since else None


def _is_own(status: os.stat_result) -> bool:
    own = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    return stat.S_ISREG(status.st_mode) and own
