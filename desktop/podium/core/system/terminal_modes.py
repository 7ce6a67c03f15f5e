"""The platform seam for the terminal that this process runs in: its input raw, or thrown away."""

import errno
import sys
from collections.abc import Callable


def make_raw(descriptor: int, *, keep_typed: bool) -> Callable[[], None]:
    """Let the terminal hand over each key as it is; returns how to undo that. Both raise OSError.

    What was typed before is kept, or thrown away at both changes. Not built for Windows consoles yet.
    """
    if sys.platform != "win32":
        import termios
        import tty

        when = termios.TCSANOW if keep_typed else termios.TCSAFLUSH
        try:
            before = termios.tcgetattr(descriptor)
            tty.setraw(descriptor, when)
        except termios.error as error:
            raise OSError(*error.args) from error

        def restore() -> None:
            try:
                termios.tcsetattr(descriptor, when, before)
            except termios.error as error:
                raise OSError(*error.args) from error

        return restore
    raise OSError(errno.ENOSYS, "this is not possible on Windows yet")


def discard_typed(descriptor: int) -> None:
    """Throw away what was typed and not read yet. Raises OSError."""
    if sys.platform == "win32":
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getwch()
    else:
        import termios

        try:
            termios.tcflush(descriptor, termios.TCIFLUSH)
        except termios.error as error:
            raise OSError(*error.args) from error
