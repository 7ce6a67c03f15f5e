"""``podium mission clean [FILE]``."""

from pathlib import Path

from podium.core.mission_state import read_state, state_path
from podium.missions.actions.faults import complain
from podium.missions.rounds.exits import BAD_FILE, DONE
from podium.missions.rounds.store import AlreadyRunning, StateStore
from podium.missions.rounds.survivors import end_survivors
from podium.missions.text import count
from podium.missions.worktrees.cleaning import Kept, remove_run, survey


def clean(file: str | None) -> int:
    """Remove worktrees nobody needs any more. With ``file`` its interrupted run is given up first.

    Returns the exit code.
    """
    if file is not None and not _give_up(file):
        return BAD_FILE
    removed, failed = 0, False
    for found in survey():
        if isinstance(found, Kept):
            print(f"kept     {found.root}: {found.why}")
            continue
        try:
            remove_run(found.root, found.owner.repository if found.owner is not None else None)
        except OSError as error:
            complain(f"{found.root} could not be removed: {error.strerror or error}.")
            failed = True
            continue
        removed += 1
        print(f"removed  {found.root}")
    print(f"{count(removed, 'stale run')} removed. Branches stay; podium/… in git branch lists them.")
    return BAD_FILE if failed else DONE


def _give_up(file: str) -> bool:
    """Set the interrupted run of ``file`` aside, so that its worktrees are stale."""
    state = read_state(state_path(Path(file)))
    if state is None or state.outcome:
        print(f"No run of {file} was interrupted.")
        return True
    try:
        store = StateStore.claim(Path(file))
    except AlreadyRunning as error:
        complain(f"{error} Stop it first.")
        return False
    try:
        left = store.interrupted()
        if left is not None:
            end_survivors(left.run)
            store.set_aside(left)
            print(f"The run of {file} that was interrupted in round {max(left.round.number, 1)} is given up.")
    finally:
        store.close()
    return True
