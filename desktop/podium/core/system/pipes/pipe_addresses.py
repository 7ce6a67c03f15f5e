"""The platform seam for named pipes, which stand for Unix sockets on Windows. Not run there yet.

A named pipe lies in no folder, and with the rights that asyncio gives it everybody on the machine may open it for
reading. So a file in a folder of the account's stands for it, where a Unix socket would be: it holds the pipe's name,
which nobody can guess and take beforehand, and the token that the server asks for.
"""

import io
import re
import secrets
from pathlib import Path
from typing import Final, NamedTuple

from podium.core.system.private_files import read_small, write_private

_MOST_BYTES: Final = 1024
_NAME: Final = r"\\\\\.\\pipe\\podium-[0-9a-f]{32}"
"""Nothing else: another name could lead to a file, or to another machine and give it the token."""
_ADDRESS: Final = re.compile(rf"({_NAME})\n([A-Za-z0-9_-]{{43}})\n", re.ASCII)


class PipeAddress(NamedTuple):
    name: str
    token: str


def new_name() -> str:
    """A name that nobody can guess."""
    return rf"\\.\pipe\podium-{secrets.token_hex(16)}"


def is_name(text: str) -> bool:
    return re.fullmatch(_NAME, text, re.ASCII) is not None


def new_address() -> PipeAddress:
    return PipeAddress(new_name(), secrets.token_urlsafe(32))


def write_address(path: Path, address: PipeAddress) -> None:
    """Write the file that stands for the pipe. Raises OSError."""
    write_private(path, f"{address.name}\n{address.token}\n".encode(), durable=False)


def read_address(path: Path) -> PipeAddress:
    """Raises OSError, also where the file names no pipe of Podium's."""
    found = _ADDRESS.fullmatch(read_small(path, _MOST_BYTES).decode("ascii", "replace"))
    if found is None:
        raise OSError(f"{path} names no pipe")
    return PipeAddress(*found.groups())


def open_client_end(name: str) -> io.RawIOBase:
    """The client's end, for reading and writing. Raises OSError."""
    return io.FileIO(name, "r+")
