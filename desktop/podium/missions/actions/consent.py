"""Asking once before a mission that came from elsewhere runs its commands."""

import os
import shlex
import sys
from collections.abc import Iterator
from enum import Enum, auto
from typing import Final

from podium.core.mission_spec import Mission
from podium.core.mission_trust import is_trusted, trust
from podium.missions.actions.faults import complain
from podium.missions.text import one_line, shortened

_STDIN: Final = 0
_STDOUT: Final = 1
_LONGEST: Final = 2000


class Consent(Enum):
    GIVEN = auto()
    REFUSED = auto()
    NOT_ASKED = auto()
    """There is nobody to ask; it has been said what to do."""


def consent(mission: Mission, file: str, yes: bool) -> Consent:
    """Whether the person agrees, now or before, to what ``mission`` runs. Raises OSError."""
    if is_trusted(mission):
        return Consent.GIVEN
    if not yes:
        if not (os.isatty(_STDIN) and os.isatty(_STDOUT)):
            complain(
                f"{file} has not been run here before, and nobody can be asked. It would run:\n"
                + "\n".join(f"  {command}" for command in commands(mission))
                + "\nLook at it, then run it once in a terminal, or with --yes."
            )
            return Consent.NOT_ASKED
        if not _asked(mission, file):
            return Consent.REFUSED
    trust(mission)
    return Consent.GIVEN


def commands(mission: Mission) -> Iterator[str]:
    """Everything the mission runs, a line for each, safe to print."""
    workspace = mission.workspace
    if workspace.setup:
        yield _line("setup", workspace.setup)
    for agent in mission.agents:
        yield _line(f"agent {agent.id}", agent.command or (agent.adapter, "(with its prompt)"))
    for gate in mission.gates:
        yield _line(f"gate {gate.name}", gate.command)
    if workspace.teardown:
        yield _line("teardown", workspace.teardown)
    if workspace.copy:
        yield _line("copies", workspace.copy)


def _line(what: str, argv: tuple[str, ...]) -> str:
    if argv[:2] == ("/bin/sh", "-c") and len(argv) == 3:
        text = argv[2]
    else:
        text = shlex.join(argv)
    # All of it counts, so all of it is shown: several lines become one.
    return f"{what}: {shortened(one_line(text.replace(chr(13), ' ').replace(chr(10), ' ⏎ ')), _LONGEST)}"


def _asked(mission: Mission, file: str) -> bool:
    print(f"{file} has not been run here before. In {mission.folder} it will run:\n")
    for command in commands(mission):
        print(f"  {command}")
    print()
    while True:
        try:
            answer = (
                input("Run it? It is asked again only when these commands change. [y/n] ").strip().lower()
            )
        except (EOFError, KeyboardInterrupt):
            print()
            return False
        if answer in ("y", "yes"):
            return True
        if answer in ("n", "no", "q"):
            sys.stdout.write("Not run.\n")
            return False
