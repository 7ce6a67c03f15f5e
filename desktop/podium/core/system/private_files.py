"""Private files of the person: 0600 in a 0700 folder, replaced as a whole, read bounded and without waiting."""

import contextlib
import errno
import os
import stat
import threading
from collections.abc import Collection
from itertools import chain, count
from pathlib import Path
from typing import Final

NO_LINKS: Final = getattr(os, "O_NOFOLLOW", 0)
"""A flag of ``os.open`` for what must not be a link, on systems that have it."""
NOT_WAITING: Final = getattr(os, "O_NONBLOCK", 0)
"""The same for opening what may be a pipe."""
_READ: Final = os.O_RDONLY | NOT_WAITING | getattr(os, "O_BINARY", 0)


def private_folder(folder: Path) -> Path:
    """Create ``folder`` for its owner alone, likewise what is missing above it, and return it. Raises OSError."""
    if not folder.is_dir():
        if folder.parent != folder:
            private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def write_private(path: Path, data: bytes, *, durable: bool) -> None:
    """Replace ``path`` by a file that holds ``data``; a reader sees the old or the new one.

    ``durable`` waits until the disk has it. Nobody else can read the file, whatever the umask is. Raises OSError.
    """
    private_folder(path.parent)
    restrict(path.parent, 0o700)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()  # An earlier process with this number was killed over it.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINKS, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if hasattr(os, "fchmod"):
                os.fchmod(file.fileno(), 0o600)
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        temporary.replace(path)
        if durable:
            _sync_folder(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def restrict(path: Path, mode: int) -> None:
    """Set the permissions of a file or folder, whatever the umask was. Raises OSError.

    A sticky folder, such as /tmp, is meant for everybody and stays as it is.
    """
    found = path.stat().st_mode
    if stat.S_IMODE(found) & 0o777 != mode and not found & stat.S_ISVTX and hasattr(os, "getuid"):
        path.chmod(mode)


def read_small(path: Path, limit: int) -> bytes:
    """The bytes of the regular file at ``path``. Raises OSError, also where it is a folder, a pipe or a device, or
    longer than ``limit`` bytes (EFBIG).
    """
    descriptor = os.open(path, _READ)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "Is a folder", str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "Is no regular file", str(path))
        with os.fdopen(os.dup(descriptor), "rb") as file:
            data = file.read(limit + 1)
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"Longer than {limit >> 10} KiB", str(path))
    return data


def name_aside(path: Path, endings: Collection[str] = ("",)) -> Path:
    """A free name for a file that can't be used: ``NAME.unreadable``, ``NAME.unreadable-2`` …

    The name is free with each of ``endings``.
    """
    first = path.with_name(f"{path.name}.unreadable")
    others = (path.with_name(f"{first.name}-{number}") for number in count(2))
    return next(
        aside
        for aside in chain((first,), others)
        if not any(os.path.lexists(aside.with_name(aside.name + ending)) for ending in endings)
    )


def _sync_folder(folder: Path) -> None:
    """Wait until the new name is on the disk too."""
    with contextlib.suppress(OSError):  # Not every system can, and the old or the new file is there anyway.
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
