"""The command line of our hooks in the settings of a tool."""

import re
from typing import Final

VERSION: Final = 1
"""Counts up with each change of the command line, the events or the files."""
_HEAD: Final = (
    """sh -c '[ -z "$PODIUM_INSTANCE" ] || [ -n "$PODIUM_AGENT" ] || { eval "${PODIUM_HOOK:-podium hook} $1"; """
    """case $? in 12[67]) podium hook "$1";; esac; } >/dev/null 2>&1; exit 0' podium"""
)
_OURS: Final = re.compile(r"\$\{?PODIUM_(?:INSTANCE|HOOK)\b")
_VERSION: Final = re.compile(r" v(\d{1,6})$")


def hook_command(tool: str) -> str:
    """What a tool runs at its events, in any shell. ``tool`` is the name of an adapter.

    It does nothing outside an instance or for an agent of a mission, says nothing, and succeeds always. An instance
    names the Podium that it belongs to; where that has moved since, the one on the PATH is asked.
    """
    return f"{_HEAD} {tool} v{VERSION}"


def is_ours(command: object) -> bool:
    """Whether ``command`` was written by this or another Podium."""
    return isinstance(command, str) and _OURS.search(command) is not None and "podium hook" in command


def version_of(command: str) -> int:
    """The version of a command of ours; 0 when it does not say."""
    found = _VERSION.search(command)
    return int(found[1]) if found else 0
