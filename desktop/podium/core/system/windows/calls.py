"""Calls of Windows itself, through ctypes. Elsewhere there are none: tests pass fakes of these libraries instead."""

import ctypes
import errno
import functools
import sys
from typing import Any, Final

INVALID_HANDLE: Final = ctypes.c_void_p(-1).value
_HANDLE: Final = ctypes.c_void_p
_POINTER: Final = ctypes.c_void_p
_TEXT: Final = ctypes.c_wchar_p
_NUMBER: Final = ctypes.c_uint32
_FLAG: Final = ctypes.c_int
# The result and the arguments of each function: without them a handle of 64 bits would be cut to 32.
_KERNEL32: Final[dict[str, tuple[Any, ...]]] = {
    "AssignProcessToJobObject": (_FLAG, _HANDLE, _HANDLE),
    "CancelIoEx": (_FLAG, _HANDLE, _POINTER),
    "CloseHandle": (_FLAG, _HANDLE),
    "ConnectNamedPipe": (_FLAG, _HANDLE, _POINTER),
    "CreateEventW": (_HANDLE, _POINTER, _FLAG, _FLAG, _TEXT),
    "CreateFileW": (_HANDLE, _TEXT, _NUMBER, _NUMBER, _POINTER, _NUMBER, _NUMBER, _HANDLE),
    "CreateJobObjectW": (_HANDLE, _POINTER, _TEXT),
    "CreateNamedPipeW": (_HANDLE, _TEXT, *(_NUMBER,) * 6, _POINTER),
    "DisconnectNamedPipe": (_FLAG, _HANDLE),
    "GetCurrentProcess": (_HANDLE,),
    "GetFinalPathNameByHandleW": (_NUMBER, _HANDLE, _TEXT, _NUMBER, _NUMBER),
    "GetNamedPipeClientProcessId": (_FLAG, _HANDLE, _POINTER),
    "GetOverlappedResult": (_FLAG, _HANDLE, _POINTER, _POINTER, _FLAG),
    "LocalFree": (_POINTER, _POINTER),
    "OpenProcess": (_HANDLE, _NUMBER, _FLAG, _NUMBER),
    "QueryInformationJobObject": (_FLAG, _HANDLE, _FLAG, _POINTER, _NUMBER, _POINTER),
    "ReadFile": (_FLAG, _HANDLE, _POINTER, _NUMBER, _POINTER, _POINTER),
    "SetEvent": (_FLAG, _HANDLE),
    "SetInformationJobObject": (_FLAG, _HANDLE, _FLAG, _POINTER, _NUMBER),
    "SetThreadExecutionState": (_NUMBER, _NUMBER),
    "TerminateJobObject": (_FLAG, _HANDLE, _NUMBER),
    "WaitForMultipleObjects": (_NUMBER, _NUMBER, _POINTER, _FLAG, _NUMBER),
    "WaitNamedPipeW": (_FLAG, _TEXT, _NUMBER),
    "WriteFile": (_FLAG, _HANDLE, _POINTER, _NUMBER, _POINTER, _POINTER),
}
_ADVAPI32: Final[dict[str, tuple[Any, ...]]] = {
    "ConvertSidToStringSidW": (_FLAG, _POINTER, _POINTER),
    "ConvertStringSecurityDescriptorToSecurityDescriptorW": (_FLAG, _TEXT, _NUMBER, _POINTER, _POINTER),
    "GetTokenInformation": (_FLAG, _HANDLE, _FLAG, _POINTER, _NUMBER, _POINTER),
    "OpenProcessToken": (_FLAG, _HANDLE, _NUMBER, _POINTER),
}


@functools.lru_cache(maxsize=1)
def kernel32() -> Any:
    """Raises OSError where this is not Windows."""
    return _library("kernel32", _KERNEL32)


@functools.lru_cache(maxsize=1)
def advapi32() -> Any:
    """Raises OSError where this is not Windows."""
    return _library("advapi32", _ADVAPI32)


def last_error() -> int:
    """The number of the last call's error; 0 where this is not Windows."""
    if sys.platform == "win32":
        return ctypes.get_last_error()
    return 0


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
