"""The platform seam for pseudo-terminals: starting a program in one, its size, its end.

POSIX (Linux, macOS) through ptyprocess. Windows will go through pywinpty here; until then opening one says so.
"""

import contextlib
import errno
import os
import shutil
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MIN_COLUMNS, MIN_LINES = 2, 1
_SPAWN_DESCRIPTORS = 6
"""Master, slave, the pipe that tells of a failed exec, and the copy of the master that is kept."""


class CannotStart(Exception):
    """The program could not be started; the message says what to do, for a person."""


@dataclass(frozen=True, slots=True)
class Pty:
    """A program that runs in a pseudo-terminal. ``master`` is non-blocking and owned by the holder of this."""

    pid: int
    master: int


def open_pty(
    argv: Sequence[str],
    folder: str,
    environment: Mapping[str, str],
    columns: int,
    lines: int,
    inherited: Sequence[int],
) -> Pty:
    """Start ``argv`` as the leader of a new session on a new terminal of ``columns`` × ``lines``.

    The program gets descriptors 0–2 and ``inherited``, nothing else. Raises CannotStart.
    """
    if sys.platform == "win32":
        raise CannotStart("Podium can't run programs on Windows yet.")
    from ptyprocess import PtyProcess, PtyProcessError

    program = find_program(argv, folder, environment)

    def prepare() -> None:
        # ptyprocess reports an exception from here, but not one from its own chdir.
        os.chdir(folder)
        _restore_signals()

    try:
        _require_descriptors()
        process = PtyProcess.spawn(
            [program, *argv[1:]],
            env=dict(environment),
            dimensions=(max(lines, MIN_LINES), max(columns, MIN_COLUMNS)),
            pass_fds=tuple(inherited),
            preexec_fn=prepare,
        )
        master = os.dup(process.fd)
    except (OSError, PtyProcessError) as error:
        raise CannotStart(start_error(argv, error)) from error
    os.set_blocking(master, False)
    # ptyprocess would end the program when its object goes; from here on the session does that itself. Both
    # attributes are ptyprocess's own: its version is bounded for them.
    process.closed = True
    process.fileobj.close()
    _set_utf8(master)
    return Pty(process.pid, master)


def let_go_of_terminal(master: int) -> None:
    """Close the terminal, as a window that goes away does: the kernel hangs up its foreground, readers find its end.

    The descriptor's number stays taken: from here on it reads nothing and swallows everything.
    """
    nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    try:
        os.dup2(nothing, master, inheritable=False)
    finally:
        os.close(nothing)


def set_size(master: int, columns: int, lines: int, width: int = 0, height: int = 0) -> None:
    """Tell the terminal its size, also in pixels; the kernel tells the program when it changed (SIGWINCH)."""
    import fcntl
    import struct
    import termios

    size = struct.pack(
        "HHHH", max(lines, MIN_LINES), max(columns, MIN_COLUMNS), min(width, 0xFFFF), min(height, 0xFFFF)
    )
    fcntl.ioctl(master, termios.TIOCSWINSZ, size)


def unread_input(master: int) -> int:
    """The number of input bytes that the program could read by now and has not; 0 where the system doesn't tell.

    A line that the terminal still lets people edit counts only when it is complete.
    """
    if not sys.platform.startswith("linux"):
        return 0
    import fcntl
    import termios

    open_peer = 0x5441  # TIOCGPTPEER, since Linux 4.13; termios has no name for it yet.
    try:
        other_side = fcntl.ioctl(master, open_peer, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return 0
    try:
        return int.from_bytes(fcntl.ioctl(other_side, termios.FIONREAD, bytes(4)), sys.byteorder)
    except OSError:
        return 0
    finally:
        os.close(other_side)


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
    if os.sep in argv[0]:
        path = place / argv[0]
        if not path.exists():
            raise CannotStart(f"There is no program {argv[0]}. Check the path.")
        if not os.access(path, os.X_OK) or path.is_dir():
            raise CannotStart(f"{argv[0]} can't be run: it is not an executable file.")
        return str(path)
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


def _require_descriptors() -> None:
    """Raise OSError unless there are enough for a spawn: running out in the middle of it, ptyprocess leaks a pipe."""
    with contextlib.ExitStack() as opened:
        for _ in range(_SPAWN_DESCRIPTORS):
            opened.callback(os.close, os.open(os.devnull, os.O_RDONLY))


def _restore_signals() -> None:
    # An ignored signal stays ignored over exec: with Python's SIGPIPE `yes | head` would never end, and with the
    # worker's SIGINT no Ctrl+C would reach a program.
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with contextlib.suppress(OSError, ValueError):  # Some real-time signals belong to the C library.
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _set_utf8(master: int) -> None:
    """Let the kernel's line editing erase whole UTF-8 characters."""
    import termios

    iutf8 = getattr(termios, "IUTF8", 0x4000 if sys.platform.startswith("linux") else 0)
    try:
        attributes = termios.tcgetattr(master)
        attributes[0] |= iutf8
        termios.tcsetattr(master, termios.TCSANOW, attributes)
    except termios.error:
        pass  # A nicety only.
