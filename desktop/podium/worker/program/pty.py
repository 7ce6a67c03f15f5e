"""The platform seam for pseudo-terminals: starting a program in one, its size, its end.

POSIX (Linux, macOS) through ptyprocess: ``posix_pty.py``. Windows through pywinpty: ``conpty.py``.
"""

import errno
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from podium.core.system.windows.command_line import find_on_path
from podium.worker.program.child_watch import ChildWatch

MIN_COLUMNS: Final = 2
MIN_LINES: Final = 1


class TerminalSize(NamedTuple):
    """``width`` and ``height`` are the text's in pixels, 0 while they are not known."""

    columns: int
    lines: int
    width: int = 0
    height: int = 0

    def possible(self) -> "TerminalSize":
        """The same within what a terminal can be."""
        columns, lines = max(self.columns, MIN_COLUMNS), max(self.lines, MIN_LINES)
        return TerminalSize(columns, lines, min(self.width, 0xFFFF), min(self.height, 0xFFFF))


class CannotStart(Exception):
    """The program could not be started; the message says what to do, for a person."""


class Pty(Protocol):
    """A program that runs in a pseudo-terminal. Nothing here waits."""

    @property
    def pid(self) -> int: ...

    def watch(self) -> ChildWatch:
        """Tells of the program's end. Asked for once."""

    def fileno(self) -> int:
        """The descriptor to wait on: readable when output has arrived, writable when input would be taken."""

    def read(self, size: int) -> bytes:
        """The program's output; b"", or OSError, when no process holds the terminal any more. Raises BlockingIOError
        when nothing has arrived.
        """

    def write(self, data: bytes | bytearray) -> int:
        """Send input; the number of bytes that were taken. Raises BlockingIOError when none are, and OSError."""

    def set_size(self, size: TerminalSize) -> None:
        """Tell the terminal its size; the program is told when it changed. Raises OSError."""

    def unread_input(self) -> int:
        """The number of input bytes that the program could read by now and has not; 0 where the system doesn't tell."""

    def foreground_group(self) -> int:
        """The process group that has the terminal, by its leader's pid; 0 when that is not to be known."""

    def signal(self, number: int) -> set[int]:
        """Signal the program's process group and the one in the foreground, asleep or not; returns both."""

    def signal_foreground(self, number: int) -> None:
        """Signal the job in the foreground, as a key like Ctrl+C does."""

    def let_go(self) -> None:
        """Close the terminal, as a window that goes away does: the system hangs up its foreground, readers find its
        end. ``fileno`` stays valid until ``close``: from here on nothing is read from it and all is taken. Raises
        OSError.
        """

    def close(self) -> None:
        """Give the terminal up. The system hangs up the processes that are left in it."""


def open_pty(
    argv: Sequence[str],
    folder: str,
    environment: Mapping[str, str],
    size: TerminalSize,
    inherited: Sequence[int],
) -> Pty:
    """Start ``argv`` as the leader of a new session on a new terminal, which has its size from the beginning.

    The program gets descriptors 0–2 and ``inherited``, nothing else; on Windows ``inherited`` is empty. Raises
    CannotStart.
    """
    if sys.platform == "win32":
        from podium.worker.program.conpty import spawn
    else:
        from podium.worker.program.posix_pty import spawn

    program = find_program(argv, folder, environment)
    try:
        return spawn((program, *argv[1:]), folder, environment, size.possible(), inherited)
    except OSError as error:
        raise CannotStart(start_error(argv, error)) from error


def find_program(argv: Sequence[str], folder: str, environment: Mapping[str, str]) -> str:
    """The absolute path of the program, or CannotStart in words for what exec would only say as a number."""
    if not argv or not argv[0]:
        raise CannotStart("No command was given.")
    if any("\0" in text for text in (*argv, folder, *environment, *environment.values())):
        raise CannotStart("A command, folder or variable can't hold a NUL character.")
    try:
        for text in (*argv, folder, *environment, *environment.values()):
            os.fsencode(text)
    except UnicodeEncodeError as error:
        # Found only in the forked child this would leave a copy of the worker there, and the worker waiting for it.
        raise CannotStart(
            "A command, folder or variable holds a character no program can be given."
        ) from error
    place = Path(folder)
    if not place.exists():
        raise CannotStart(
            f"The folder {folder} is gone. Make it again, or close this instance and open one elsewhere."
        )
    if not place.is_dir():
        raise CannotStart(f"{folder} is not a folder. Close this instance and open one in a folder.")
    if not os.access(folder, os.X_OK):
        raise CannotStart(f"The folder {folder} can't be entered: permission denied.")
    if os.sep in argv[0] or (os.altsep and os.altsep in argv[0]):
        path = place / argv[0]
        if not path.exists():
            raise CannotStart(f"There is no program {argv[0]}. Check the path.")
        if not os.access(path, os.X_OK) or path.is_dir():
            raise CannotStart(f"{argv[0]} can't be run: it is not an executable file.")
        return str(path)
    if sys.platform == "win32":
        found = find_on_path(argv[0], environment)
    else:
        found = shutil.which(argv[0], path=environment.get("PATH"))
    if found is None:
        raise CannotStart(
            f"The command “{argv[0]}” was not found on PATH. Check its spelling, or install it."
        )
    return str(Path(found).absolute())


def start_error(argv: Sequence[str], error: Exception) -> str:
    """Why ``argv`` could not be started, for a person."""
    program = argv[0] if argv else "The program"
    number = getattr(error, "errno", None)
    if number == errno.ENOEXEC:
        return f"{program} can't be run: it is neither a program nor a script with “#!” in its first line."
    if number in (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE):
        return f"{program} could not be started: the system is out of resources ({os.strerror(number)})."
    return f"{program} could not be started: {error}"
