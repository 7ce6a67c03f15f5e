"""``podium mission check FILE``: its faults, and what the person would be asked. It runs nothing of the mission's."""

import os

from podium.core.missions.trust import is_trusted
from podium.core.visible_text import visible
from podium.missions.actions.consent import all_terms, question
from podium.missions.actions.faults import complain, read_mission
from podium.missions.paint import GREEN, Paint, wants_colours
from podium.missions.rounds.exits import BAD_FILE, DONE
from podium.missions.text import count
from podium.repositories.git import GitError

_STDOUT = 1


def check(file: str) -> int:
    """Report all errors in a mission file; return the exit code."""
    found = read_mission(file)
    if found is None:
        return BAD_FILE
    mission, repository = found
    try:
        terms = all_terms(mission, repository)
    except GitError as error:
        complain(f"{error}.")
        return BAD_FILE
    paint = Paint(wants_colours(os.isatty(_STDOUT)))
    facts = (
        count(len(mission.agents), "agent"),
        count(len(mission.gates), "gate"),
        f"{count(mission.max_rounds, 'round')} at most",
        "agents share the folder" if repository is None else "agents work in worktrees",
    )
    print(f"{paint('✓', GREEN)} {visible(file)} is a valid mission: {', '.join(facts)}.")
    if not is_trusted(mission, terms):
        print("\nBefore it runs, you will be asked to agree to this:")
        print("\n".join(f"  {line}" for line in question(mission, terms)))
    return DONE
