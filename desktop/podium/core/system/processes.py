"""What programs are started with: variables that name their instance to them, and by which they are found when its
worker is gone; and, on Windows, whether they get a console.
"""

import sys
from typing import Final

INSTANCE_VARIABLE: Final = "PODIUM_INSTANCE"
"""Tells a program which instance it runs in."""
SOCKET_VARIABLE: Final = "PODIUM_SOCKET"
"""Address of the API for a program of an instance."""
HOOK_VARIABLE: Final = "PODIUM_HOOK"
"""The command line that passes on what a hook of an agent's tool is told, quoted for a shell."""
WORKER_VARIABLE: Final = "PODIUM_WORKER"
"""The marker of the worker process a program was started by, in every program: how leftovers are found later."""
RUN_VARIABLE: Final = "PODIUM_RUN"
"""The marker, only in programs that end with their whole tree: a value no other run has. It begins with the one
that all runs of the same worker process share.
"""
GIVEN_VARIABLES: Final = frozenset(
    {
        INSTANCE_VARIABLE,
        SOCKET_VARIABLE,
        HOOK_VARIABLE,
        WORKER_VARIABLE,
        RUN_VARIABLE,
        "PODIUM_EVENTS_FD",
        "PODIUM_CONTROL_FD",
        "PODIUM_EVENTS_PIPE",
        "PODIUM_CONTROL_PIPE",
    }
)
"""Variables that Podium, and nothing else, sets for every program."""
NO_CONSOLE: Final = 0x0800_0000 if sys.platform == "win32" else 0
"""The ``creationflags`` of a program without a terminal (CREATE_NO_WINDOW): a console's window would flash up for it
where this process has none. Qt does the same for what a QProcess starts; PySide6 has no way to ask for it.
"""
