"""The variables by which a program knows its terminal: TERM, where its description lies, who shows it."""

from collections.abc import Mapping
from pathlib import Path

from podium.core.instances import TerminalName
from podium.core.resources import resource

_DIRECTORIES = "TERMINFO_DIRS"


def terminal_variables(name: TerminalName, environment: Mapping[str, str]) -> dict[str, str]:
    """What goes on top of ``environment``. Podium's own name is given only where its description can be found."""
    variables = {"TERM": TerminalName.XTERM.value, "COLORTERM": "truecolor", "TERM_PROGRAM": "Podium"}
    if name is TerminalName.PODIUM:
        folder = resource("terminfo")
        if isinstance(folder, Path) and (folder / name[0] / name).is_file():
            # An empty one stands for the system's own.
            variables |= {"TERM": name.value, _DIRECTORIES: f"{folder}:{environment.get(_DIRECTORIES, '')}"}
    return variables
