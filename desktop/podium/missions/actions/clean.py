"""``podium mission clean [FILE]``: look, say what would go, keep what is unsaved, and only then remove."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from podium.core.mission_state import UnusableState, state_path
from podium.missions.actions.earlier_run import Earlier, listed, printable, words
from podium.missions.actions.faults import complain
from podium.missions.rounds.exits import BAD_FILE, DONE, STOPPED
from podium.missions.rounds.store import AlreadyRunning, StateStore
from podium.missions.rounds.survivors import end_survivors, running_of_runs
from podium.missions.text import count
from podium.missions.worktrees.cleaning import Kept, Stale, survey
from podium.missions.worktrees.git import GitError
from podium.missions.worktrees.run_saving import Unsaved

_STDIN: Final = 0
_STDOUT: Final = 1


def clean(file: str | None, yes: bool = False, list_only: bool = False) -> int:
    """Remove worktrees nobody needs any more, after what is unsaved in them is committed. With ``file`` its interrupted
    run is given up first. ``yes`` asks nothing, ``list_only`` only says what would be done.

    Returns the exit code.
    """
    try:
        return _clean(file, yes, list_only)
    except AlreadyRunning as error:
        complain(f"{error} Stop it first.")
    except OSError as error:
        complain(f"The mission’s state can’t be kept: {error.strerror or error}: {error.filename}.")
    except KeyboardInterrupt:
        return STOPPED
    return BAD_FILE


def _clean(file: str | None, yes: bool, list_only: bool) -> int:
    with ExitStack() as stack:
        store, earlier = _claimed(file, stack)
        stale = _surveyed(store)
        if list_only:
            print(f"{count(len(stale), 'stale run')} can be removed. Nothing was changed.")
            return DONE
        if (stale or earlier is not None) and not yes and not _agreed(len(stale), earlier, file):
            print("Nothing was changed.")
            return DONE
        return _carried_out(stale, store, earlier, file, stack)


def _claimed(file: str | None, stack: ExitStack) -> tuple[StateStore | None, Earlier | None]:
    """The store of the mission whose run is given up, and what is known about that run. Raises AlreadyRunning or
    OSError.
    """
    if file is None:
        return None, None
    if os.path.lexists(state_path(Path(file))):
        store = StateStore.claim(Path(file))
        try:
            earlier: Earlier | None = store.interrupted()
        except UnusableState as problem:
            earlier = problem
        if earlier is not None:
            stack.callback(store.close)
            return store, earlier
        store.close()
    print(f"No run of {file} was interrupted.")
    return None, None


def _surveyed(store: StateStore | None) -> list[Stale]:
    """What can go, after all of it has been shown."""
    given_up = store.path if store is not None else None
    running, stale = running_of_runs(), []
    for found in survey(given_up):
        if isinstance(found, Kept):
            _keep(found.root, found.why)
            continue
        pids = running.get(found.owner.run, ())
        if pids and state_path(Path(found.owner.file)) != given_up:
            _keep(found.root, _running(pids))
            continue
        try:
            foreign = tuple(found.trees.foreign())
            unsaved = list(found.trees.unsaved())
        except (GitError, OSError) as error:
            _keep(found.root, error)
            continue
        if foreign:
            names = listed(foreign)
            print(
                f"kept     {found.root}: git knows no worktree {names}; if you don’t need it, remove it yourself"
            )
            continue
        _show(found.root, unsaved)
        stale.append(found)
    return stale


def _keep(root: Path, why: object) -> None:
    print(f"kept     {printable(root)}: {printable(why)}")


def _running(pids: Sequence[int]) -> str:
    return f"what its agents started still runs (process {', '.join(map(str, pids[:3]))})"


def _show(root: Path, unsaved: list[Unsaved]) -> None:
    print(f"stale    {root}")
    for tree in unsaved:
        name = printable(tree.path.name)
        if tree.files or tree.loose:
            what = count(len(tree.files), "file") if tree.files else "commits on no branch"
            print(f"           {name}: {what} unsaved; first committed to {tree.branch}")
        if tree.stuck:
            print(f"           {name}: git can’t take {listed(tree.stuck)}; kept where it is")
        if tree.ignored:
            entries = f"{tree.ignored:,} ignored {'entry goes' if tree.ignored == 1 else 'entries go'}"
            print(f"           {name}: {entries} with it")


def _agreed(runs: int, earlier: Earlier | None, file: str | None) -> bool:
    """Without a terminal nobody can be asked, and nothing is lost anyway."""
    if not (os.isatty(_STDIN) and os.isatty(_STDOUT)):
        return True
    gives_up = f"Give up the interrupted run of {file}" if earlier is not None else ""
    removes = f"{'and remove' if gives_up else 'Remove'} {count(runs, 'stale run')}" if runs else ""
    while True:
        try:
            answer = input(f"{' '.join(filter(None, (gives_up, removes)))}? [y/n] ").strip().lower()
        except (EOFError, KeyboardInterrupt):
            print()
            return False
        if answer in ("y", "yes", "n", "no", "q"):
            return answer in ("y", "yes")


def _carried_out(
    stale: list[Stale], store: StateStore | None, earlier: Earlier | None, file: str | None, stack: ExitStack
) -> int:
    """Keep everything, then set the state aside, then remove: whatever ends this in between, nothing is lost."""
    claimed = {store.path} if store is not None else set()
    saved = [found for found in stale if _locked(found, claimed, stack) and _saved(found, store)]
    failed = len(saved) < len(stale)
    if store is not None and earlier is not None:
        if any(state_path(Path(found.owner.file)) == store.path for found in stale if found not in saved):
            complain(f"The interrupted run of {file} is not given up: not all of its work could be saved.")
        else:
            _set_aside(store, earlier, file)
    removed = 0
    for found in saved:
        try:
            found.trees.remove()
        except (GitError, OSError) as error:
            complain(f"{found.root} could not be removed: {error}.")
            failed = True
            continue
        removed += 1
        print(f"removed  {found.root}")
    print(f"{count(removed, 'stale run')} removed. Branches stay; podium/… in git branch lists them.")
    return BAD_FILE if failed else DONE


def _locked(found: Stale, claimed: set[Path], stack: ExitStack) -> bool:
    """Make sure that no mission begins to use the worktrees meanwhile."""
    path = state_path(Path(found.owner.file))
    if path in claimed:
        return True
    try:
        stack.callback(StateStore.claim(Path(found.owner.file)).close)
    except (AlreadyRunning, OSError) as error:
        _keep(found.root, error)
        return False
    claimed.add(path)
    return True


def _saved(found: Stale, store: StateStore | None) -> bool:
    """Whether nothing in the worktrees is unsaved any more."""
    if store is not None and state_path(Path(found.owner.file)) == store.path:
        end_survivors(found.owner.run)
    complete = True
    for kept in found.trees.save():
        for line in words(kept):
            print(f"{'kept' if kept.unsaved else 'saved':<9}{line}")
        complete = complete and not kept.unsaved
    return complete


def _set_aside(store: StateStore, earlier: Earlier, file: str | None) -> None:
    if isinstance(earlier, UnusableState):
        aside = store.set_unusable_aside(earlier)
        print(f"{printable(earlier)}. It is kept as {aside.name}.")
        return
    end_survivors(earlier.run)
    store.set_aside(earlier)
    print(f"The run of {file} that was interrupted in round {max(earlier.round.number, 1)} is given up.")
