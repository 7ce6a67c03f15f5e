"""The platform seam for signals: their names for people, and the ones that not every system has."""

import signal
import sys
from typing import Final

if sys.platform == "win32":
    KILL: Final = signal.SIGTERM
    """Ends a process whatever it does: on Windows, where nothing is delivered, SIGTERM is no less."""
    HANG_UP: Final = signal.SIGBREAK
    """The terminal is lost. Windows tells a console's programs so when its window is closed."""
    RESIZED: Final[signal.Signals | None] = None
    CHILD_ENDED: Final[signal.Signals | None] = None
else:
    KILL: Final = signal.SIGKILL
    HANG_UP: Final = signal.SIGHUP
    RESIZED: Final[signal.Signals | None] = signal.SIGWINCH
    CHILD_ENDED: Final[signal.Signals | None] = signal.SIGCHLD


def signal_name(number: int) -> str:
    """``SIGKILL``; ``signal 77`` where the platform has no name for it."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
