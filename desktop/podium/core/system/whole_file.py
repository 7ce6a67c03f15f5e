"""A person's file that is replaced as a whole: who looks sees the old one or all of the new one."""

import errno
import itertools
import os
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_numbers: Final = itertools.count()
"""Two that are written at once have different names beside one file."""


class WholeFile:
    """Written beside the file that it replaces; ``finish`` puts it there. Without that nothing has changed.

    Permissions are the replaced file's, else the umask's. A link stays one, and what it leads to is replaced. Every
    method may wait for the disk and raise OSError.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        mode: int | None = None
        if self._path.exists():
            if not self._path.is_file():
                kind = errno.EISDIR if self._path.is_dir() else errno.EINVAL
                raise OSError(kind, "it is no file", str(path))
            mode = self._path.stat().st_mode & 0o777
        self._temporary = self._path.with_name(f".{self._path.name[:200]}.{os.getpid()}.{next(_numbers)}")
        self._temporary.unlink(missing_ok=True)
        self._file = self._temporary.open("xb")
        try:
            if mode is not None:
                self._temporary.chmod(mode)
        except BaseException:
            self.discard()
            raise

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def finish(self) -> None:
        """All is written: take the old file's place."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._temporary.replace(self._path)
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Leave the old file as it is. Harmless after ``finish``."""
        try:
            self._file.close()
        finally:
            self._temporary.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.discard()
