"""Shells that Podium starts interactively tell about their prompts (OSC 133) and their folder (OSC 7).

Each is given a script of ``podium_resources/shells`` by a way of its own, so that no file of the person's is touched:
the script reads what the shell would have read, takes back the variables that led to it, and adds the marks.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from podium.core.resources import resource

_INTERACTIVE: Final = frozenset({"-i", "-l", "-il", "-li", "--interactive", "--login"})
"""Options of a shell that reads commands from its terminal, after its own start-up files. Any other one means that the
person wants it otherwise."""
_ON: Final = "PODIUM_SHELL_INTEGRATION"
_APPLES_BASH: Final = ("bash", "/bin/bash")
"""Version 3.2, built so that it reads no ENV."""

Program = tuple[tuple[str, ...], dict[str, str]]
"""Command line and environment."""


def with_integration(argv: tuple[str, ...], environment: Mapping[str, str]) -> Program:
    """``argv`` and ``environment``, so that bash, zsh or fish marks its prompts. As they are for any other program."""
    unchanged = argv, dict(environment)
    name = marking_shell(argv)
    if not name:
        return unchanged
    folder = resource("shells", name)
    if not isinstance(folder, Path) or not folder.is_dir():
        return unchanged
    match name:
        case "bash":
            return _bash(argv, environment, folder)
        case "zsh":
            return argv, _redirected(environment, "ZDOTDIR", "PODIUM_ZDOTDIR_BEFORE", str(folder), folder)
    if os.pathsep in str(folder):
        return unchanged
    before = environment.get("XDG_DATA_DIRS")
    # What fish takes where the variable is not set, so that the rest is still read.
    folders = os.pathsep.join((str(folder), before or "/usr/local/share:/usr/share"))
    return argv, _redirected(environment, "XDG_DATA_DIRS", "PODIUM_DATA_DIRS_BEFORE", folders, folder)


def marking_shell(argv: tuple[str, ...]) -> str:
    """The shell of ``argv`` that can be made to mark its prompts: bash, zsh or fish; "" for any other program."""
    if sys.platform == "win32" or not argv or not _INTERACTIVE.issuperset(argv[1:]):
        return ""
    name = Path(argv[0]).name
    if name == "bash" and sys.platform == "darwin" and argv[0] in _APPLES_BASH:
        return ""
    return name if name in ("bash", "fish", "zsh") else ""


def _bash(argv: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> Program:
    # In POSIX mode it reads ENV instead of its start-up files, as a login shell too, and stays one.
    script = str(folder / "podium.bash")
    return (
        (argv[0], "--posix", *argv[1:]),
        _redirected(environment, "ENV", "PODIUM_ENV_BEFORE", script, folder),
    )


def _redirected(
    environment: Mapping[str, str], variable: str, kept_in: str, value: str, folder: Path
) -> dict[str, str]:
    """``environment`` with another value of ``variable``; the script finds the present one in ``kept_in``."""
    changed = {**environment, variable: value, _ON: str(folder)}
    if variable in environment:
        changed[kept_in] = environment[variable]
    return changed
