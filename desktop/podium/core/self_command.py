"""How this program starts itself again: as a worker, a mission, an agent of the demo."""

import sys


def podium_command(*arguments: str) -> tuple[str, ...]:
    """The argv that runs ``podium ARGUMENTS`` with the same code and interpreter, frozen or not."""
    if getattr(sys, "frozen", False):
        return (sys.executable, *arguments)
    # -P keeps the program's folder out of sys.path: a file podium.py or types.py there must not be picked up.
    return (sys.executable, "-P", "-m", "podium", *arguments)
