"""The platform seam for locks on open files: they end with the process that holds them, however that ends.

flock on POSIX. On Windows one byte far behind the end of the file is locked, so that the file can be read meanwhile.
"""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from typing import Final

_LOCKED_BYTE: Final = 1 << 30
_POLL: Final = 0.02


def try_lock(descriptor: int, *, shared: bool = False) -> None:
    """Lock the file until ``descriptor`` is closed. Raises BlockingIOError while another process holds it, and OSError
    where it can't be locked. Several may hold a ``shared`` lock, except on Windows.
    """
    if sys.platform == "win32":
        import msvcrt

        with _at(descriptor, _LOCKED_BYTE):
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            except PermissionError as error:
                raise BlockingIOError(*error.args) from error
    else:
        import fcntl

        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


def lock(descriptor: int) -> None:
    """The same, waiting for as long as another process holds it. Raises OSError."""
    if sys.platform == "win32":
        while True:
            with contextlib.suppress(BlockingIOError):
                try_lock(descriptor)
                return
            time.sleep(_POLL)  # msvcrt's own waiting gives up after ten seconds.
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)


def read_start(descriptor: int, size: int) -> bytes:
    """The first ``size`` bytes of the file. Raises OSError."""
    with _at(descriptor, 0):
        return os.read(descriptor, size)


def replace_text(descriptor: int, text: str) -> None:
    """Make ``text`` all that the file holds. Raises OSError."""
    os.ftruncate(descriptor, 0)
    with _at(descriptor, 0):
        os.write(descriptor, text.encode())


@contextlib.contextmanager
def _at(descriptor: int, position: int) -> Iterator[None]:
    before = os.lseek(descriptor, 0, os.SEEK_CUR)
    os.lseek(descriptor, position, os.SEEK_SET)
    try:
        yield
    finally:
        os.lseek(descriptor, before, os.SEEK_SET)
