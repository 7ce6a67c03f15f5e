"""Starting this program again: as a worker, a mission, an agent of the demo."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

OWN_PROGRAM: Final = "podium"
"""As the first word of a command it means the Podium that runs, whatever PATH says."""
_CONSOLE_PROGRAM: Final = "podium-console.exe"
"""The frozen program of Windows once more, for everything but the window: one with a window of its own has no console,
so it could neither print in a terminal nor have a worker's consoles without one that flashes up.
"""


def podium_command(*arguments: str) -> tuple[str, ...]:
    """The argv that runs ``podium ARGUMENTS`` with the same code and interpreter, frozen or not."""
    if getattr(sys, "frozen", False):
        return (_frozen_program(), *arguments)
    # -P keeps the program's folder out of sys.path: a file podium.py or types.py there must not be picked up.
    return (sys.executable, "-P", "-m", "podium", *arguments)


def resolved(command: Sequence[str]) -> tuple[str, ...]:
    """``command``, with ``podium`` as its first word made into this Podium."""
    return podium_command(*command[1:]) if command and command[0] == OWN_PROGRAM else tuple(command)


def _frozen_program() -> str:
    console = Path(sys.executable).with_name(_CONSOLE_PROGRAM)
    return str(console) if sys.platform == "win32" and console.exists() else sys.executable
