"""Calls of Windows itself, through ctypes. Elsewhere there are none: tests pass fakes of these libraries instead."""

import ctypes
import errno
import functools
import sys
from typing import Any, Final

_HANDLE: Final = ctypes.c_void_p
_POINTER: Final = ctypes.c_void_p
_TEXT: Final = ctypes.c_wchar_p
_NUMBER: Final = ctypes.c_uint32
_FLAG: Final = ctypes.c_int
# The result and the arguments of each function: without them a handle of 64 bits would be cut to 32.
_KERNEL32: Final[dict[str, tuple[Any, ...]]] = {
    "AssignProcessToJobObject": (_FLAG, _HANDLE, _HANDLE),
    "CloseHandle": (_FLAG, _HANDLE),
    "CreateJobObjectW": (_HANDLE, _POINTER, _TEXT),
    "GetCurrentProcess": (_HANDLE,),
    "SetInformationJobObject": (_FLAG, _HANDLE, _FLAG, _POINTER, _NUMBER),
}


@functools.lru_cache(maxsize=1)
def kernel32() -> Any:
    """Raises OSError where this is not Windows."""
    return _library("kernel32", _KERNEL32)


def call_error(what: str) -> OSError:
    """Why the last call, of a function ``what``, has failed."""
    if sys.platform == "win32":
        error = ctypes.WinError(ctypes.get_last_error())
        return OSError(error.errno, f"{what}: {error.strerror}")
    return OSError(errno.EIO, what)


def _library(name: str, functions: dict[str, tuple[Any, ...]]) -> Any:
    if sys.platform != "win32":
        raise OSError(errno.ENOSYS, "This is not Windows")
    library = ctypes.WinDLL(name, use_last_error=True)
    for function, (result, *arguments) in functions.items():
        found = getattr(library, function)
        found.restype, found.argtypes = result, arguments
    return library
