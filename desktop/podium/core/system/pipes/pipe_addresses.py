"""The platform seam for named pipes, which stand for Unix sockets on Windows. Not run there yet.

A named pipe lies in no folder, and with the rights that asyncio gives it everybody on the machine may open it for
reading. So a file in a folder of the account's stands for it, where a Unix socket would be: it holds the pipe's name,
which nobody can guess and take beforehand, and the token that the server asks for.
"""

import io
import re
import secrets
import sys
from pathlib import Path
from typing import Final, NamedTuple

from podium.core.system.private_files import read_small, write_private

_MOST_BYTES: Final = 1024
_ADDRESS: Final = re.compile(r"(\\\\\.\\pipe\\podium-[0-9a-f]{32})\n([A-Za-z0-9_-]{43})\n", re.ASCII)
"""Nothing else: another name could lead to another machine, and give it the token."""


class PipeAddress(NamedTuple):
    name: str
    token: str


def new_address() -> PipeAddress:
    return PipeAddress(rf"\\.\pipe\podium-{secrets.token_hex(16)}", secrets.token_urlsafe(32))


def write_address(path: Path, address: PipeAddress) -> None:
    """Write the file that stands for the pipe. Raises OSError."""
    write_private(path, f"{address.name}\n{address.token}\n".encode(), durable=False)


def read_address(path: Path) -> PipeAddress:
    """Raises OSError, also where the file names no pipe of Podium's."""
    found = _ADDRESS.fullmatch(read_small(path, _MOST_BYTES).decode("ascii", "replace"))
    if found is None:
        raise OSError(f"{path} names no pipe")
    return PipeAddress(*found.groups())


def open_pipe(name: str) -> io.RawIOBase:
    """The client's end. Raises OSError."""
    return io.FileIO(name, "r+")


def client_of(pipe: int) -> int | None:
    """The process at the client's end of the pipe whose server's end has the handle ``pipe``; None where the system
    does not report it.
    """
    if sys.platform != "win32":
        return None
    import ctypes
    from ctypes import wintypes

    pid = wintypes.ULONG()
    if not ctypes.WinDLL("kernel32").GetNamedPipeClientProcessId(wintypes.HANDLE(pipe), ctypes.byref(pid)):
        return None
    return pid.value or None
