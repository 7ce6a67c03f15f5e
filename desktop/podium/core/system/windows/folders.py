"""Folders that are open, on Windows: there ``os.open`` opens none. Never run there yet."""

import ctypes
import errno
import os
import stat
import sys
from pathlib import Path
from typing import Any, Final

from podium.core.system.windows.calls import INVALID_HANDLE, call_error, kernel32

_READ_ATTRIBUTES: Final = 0x80
_SHARE_ALL: Final = 0x7
"""Reading, writing, and also moving and removing it: what is open stays the same folder."""
_OPEN_EXISTING: Final = 3
_FOLDER_ITSELF: Final = 0x0220_0000
"""FILE_FLAG_BACKUP_SEMANTICS, without which no folder is opened, and FILE_FLAG_OPEN_REPARSE_POINT: no link is
followed.
"""
_LEADS_ELSEWHERE: Final = 0x2000_0000
"""The bit of a reparse tag for another name of something (IsReparseTagNameSurrogate)."""
_LONGEST: Final = 32_768
_LONG, _REMOTE = "\\\\?\\", "\\\\?\\UNC\\"


def is_folder_itself(found: os.stat_result) -> bool:
    """Whether it is a folder and leads nowhere else, as a junction does. Synchronised folders have a tag as well."""
    mark = getattr(found, "st_reparse_tag", None) or 0
    return stat.S_ISDIR(found.st_mode) and not mark & _LEADS_ELSEWHERE


def open_folder(path: Path, calls: Any = None) -> int:
    """A descriptor of the folder ``path``. Raises OSError if it is no folder, or a link."""
    calls = calls or kernel32()
    found = os.lstat(path)
    if not is_folder_itself(found):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
    handle = calls.CreateFileW(
        str(path), _READ_ATTRIBUTES, _SHARE_ALL, None, _OPEN_EXISTING, _FOLDER_ITSELF, None
    )
    if handle == INVALID_HANDLE:
        raise call_error("CreateFile")
    descriptor = _as_descriptor(handle)
    opened = os.fstat(descriptor)
    if (opened.st_dev, opened.st_ino) != (found.st_dev, found.st_ino):
        os.close(descriptor)
        raise NotADirectoryError(errno.ENOTDIR, "another one was put in its place", str(path))
    return descriptor


def place_of_folder(descriptor: int, calls: Any = None) -> Path:
    """Where the folder is by now. Raises OSError."""
    calls = calls or kernel32()
    buffer = ctypes.create_unicode_buffer(_LONGEST)
    length = calls.GetFinalPathNameByHandleW(_as_handle(descriptor), buffer, _LONGEST, 0)
    if not 0 < length < _LONGEST:
        raise call_error("GetFinalPathNameByHandle")
    # Programs, git among them, do not know the long form.
    if buffer.value.startswith(_REMOTE):
        return Path("\\\\" + buffer.value.removeprefix(_REMOTE))
    return Path(buffer.value.removeprefix(_LONG))


def _as_descriptor(handle: int) -> int:
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.open_osfhandle(handle, os.O_RDONLY)
    return handle  # A test's.


def _as_handle(descriptor: int) -> int:
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.get_osfhandle(descriptor)
    return descriptor
