"""Files for nobody's eyes but the person's own: 0600 in a 0700 folder, whole or not there at all."""

import contextlib
import os
import threading
from itertools import chain, count
from pathlib import Path
from typing import Final

_NO_LINKS: Final = getattr(os, "O_NOFOLLOW", 0)


def private_folder(folder: Path) -> Path:
    """Create ``folder`` for its owner alone, likewise what is missing above it, and return it. Raises OSError."""
    if not folder.is_dir():
        if folder.parent != folder:
            private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def write_private(path: Path, data: bytes, *, durable: bool) -> None:
    """Replace ``path`` by a file that holds ``data``; whoever reads sees the old or the new one.

    ``durable`` waits until the disk has it. Whatever the umask is, nobody else can read the file. Raises OSError.
    """
    private_folder(path.parent)
    _close_to_others(path.parent)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()  # An earlier process with this number was killed over it.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINKS, 0o600)
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


def name_aside(path: Path) -> Path:
    """A free name for a file that can't be used: ``NAME.unreadable``, ``NAME.unreadable-2`` …"""
    first = path.with_name(f"{path.name}.unreadable")
    others = (path.with_name(f"{first.name}-{number}") for number in count(2))
    return next(aside for aside in chain((first,), others) if not os.path.lexists(aside))


def _sync_folder(folder: Path) -> None:
    """Wait until the disk knows the new name too."""
    with contextlib.suppress(OSError):  # Not every system can, and the old or the new file is there anyway.
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _close_to_others(folder: Path) -> None:
    if folder.stat().st_mode & 0o077 and hasattr(os, "getuid"):
        folder.chmod(0o700)
