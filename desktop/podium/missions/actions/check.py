"""``podium mission check FILE``."""

import os

from podium.missions import paint as look
from podium.missions.actions.faults import read_mission
from podium.missions.paint import Paint, wants_colours
from podium.missions.rounds.exits import BAD_FILE, DONE
from podium.missions.text import count

_STDOUT = 1


def check(file: str) -> int:
    """Look for faults in a mission file; return the exit code."""
    found = read_mission(file)
    if found is None:
        return BAD_FILE
    mission, repository = found
    paint = Paint(wants_colours(os.isatty(_STDOUT)))
    facts = (
        count(len(mission.agents), "agent"),
        count(len(mission.gates), "gate"),
        f"{count(mission.max_rounds, 'round')} at most",
        "agents share the folder" if repository is None else "agents work in worktrees",
    )
    print(f"{paint('✓', look.GREEN)} {file} is a valid mission: {', '.join(facts)}.")
    return DONE
