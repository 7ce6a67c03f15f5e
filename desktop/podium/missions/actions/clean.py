"""``podium mission clean [FILE]``: look, say what would go, keep what is unsaved, and only then remove."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from podium.core.missions.state import UnusableState, state_path
from podium.core.visible_text import safe_to_print, visible
from podium.missions.actions.asking import agrees, can_ask
from podium.missions.actions.earlier_run import Earlier, saved, words, worktrees_of
from podium.missions.actions.faults import complain
from podium.missions.rounds.exits import BAD_FILE, DONE, STOPPED
from podium.missions.rounds.store import AlreadyRunning, StateStore
from podium.missions.rounds.survivors import end_survivors, running_of_runs
from podium.missions.text import count
from podium.missions.worktrees.cleaning import Kept, Stale, survey
from podium.missions.worktrees.run_saving import Unsaved
from podium.repositories.file_names import listed, printable
from podium.repositories.git import GitError


class _Plan(msgspec.Struct):
    """A run whose worktrees can go, but for what is ``foreign`` in its folder."""

    stale: Stale
    foreign: tuple[str, ...]

    @property
    def root(self) -> Path:
        return self.stale.root

    @property
    def state(self) -> Path:
        """Its mission's state file."""
        return state_path(Path(self.stale.owner.file))


class _Saver:
    """Saves the worktrees of each run once, and reports it."""

    def __init__(self) -> None:
        self._complete: dict[Path, bool] = {}

    def all_saved(self, stale: Stale) -> bool:
        """Whether nothing in them is unsaved any more."""
        if stale.root not in self._complete:
            found = saved(stale)
            for kept in found:
                for line in words(kept):
                    print(f"{'kept' if kept.unsaved else 'saved':<9}{line}")
            for line in stale.trees.changes():
                print(f"note     since the run began, {line}")
            self._complete[stale.root] = not any(kept.unsaved for kept in found)
        return self._complete[stale.root]


def clean(file: str | None, yes: bool = False, list_only: bool = False) -> int:
    """Remove worktrees no longer needed, after what is unsaved in them is committed. With ``file`` its interrupted
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
        plans = _surveyed(store)
        if list_only:
            print(f"{count(len(plans), 'stale run')} listed. Nothing was changed.")
            return DONE
        if (plans or earlier is not None) and not yes and not _agreed(len(plans), earlier, file):
            print("Nothing was changed.")
            return DONE
        saver = _Saver()
        given_up = store is None or earlier is None or _give_up(store, earlier, file, saver)
        claimed = {store.path} if store is not None else set()
        kept = [plan for plan in plans if not (_claim(plan, claimed, stack) and saver.all_saved(plan.stale))]
        return _removed([plan for plan in plans if plan not in kept], failed=bool(kept) or not given_up)


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
    print(safe_to_print(f"No run of {file} was interrupted."))
    return None, None


def _surveyed(store: StateStore | None) -> list[_Plan]:
    """The runs that can go, after all were shown."""
    given_up = store.path if store is not None else None
    running, plans = running_of_runs(), []
    for found in survey(given_up):
        if isinstance(found, Kept):
            _keep(found.root, found.why)
            continue
        plan = _Plan(found, ())
        pids = running.get(found.owner.run, ())
        if pids and plan.state != given_up:
            _keep(found.root, _running(pids))
            continue
        try:
            plan.foreign = tuple(found.trees.foreign())
            unsaved = list(found.trees.unsaved())
        except (GitError, OSError) as error:
            _keep(found.root, error)
            continue
        _show(plan, unsaved)
        plans.append(plan)
    return plans


def _keep(root: Path, why: object) -> None:
    print(f"kept     {visible(str(root))}: {visible(str(why))}")


def _running(pids: Sequence[int]) -> str:
    return f"what its agents started still runs (process {', '.join(map(str, pids[:3]))})"


def _show(plan: _Plan, unsaved: list[Unsaved]) -> None:
    if plan.foreign:
        _keep(
            plan.root,
            f"git knows no worktree {listed(plan.foreign)}; if you don’t need it, remove it yourself",
        )
    else:
        print(safe_to_print(f"stale    {plan.root}"))
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
    """Without a terminal no question is possible, and nothing is lost anyway."""
    if not can_ask():
        return True
    gives_up = f"Give up the interrupted run of {file}" if earlier is not None else ""
    removes = f"{'and remove' if gives_up else 'Remove'} {count(runs, 'stale run')}" if runs else ""
    return agrees(f"{' '.join(filter(None, (gives_up, removes)))}?")


def _give_up(store: StateStore, earlier: Earlier, file: str | None, saver: _Saver) -> bool:
    """Set the interrupted run's state aside, if all of its work is saved. Raises OSError."""
    complete = True
    for stale in worktrees_of(store, earlier):
        complete = saver.all_saved(stale) and complete
    if not complete:
        complain(f"The interrupted run of {file} is not given up: not all of its work could be saved.")
    elif isinstance(earlier, UnusableState):
        aside = store.set_unusable_aside(earlier)
        print(f"{visible(str(earlier))}. It is kept as {aside.name}.")
    else:
        end_survivors(earlier.run)
        store.set_aside(earlier)
        given_up = (
            f"The run of {file} that was interrupted in round {max(earlier.round.number, 1)} is given up."
        )
        print(safe_to_print(given_up))
    return complete


def _claim(plan: _Plan, claimed: set[Path], stack: ExitStack) -> bool:
    """Make sure that no mission begins to use the worktrees from now on."""
    if plan.state not in claimed:
        try:
            stack.callback(StateStore.claim(Path(plan.stale.owner.file)).close)
        except (AlreadyRunning, OSError) as error:
            _keep(plan.root, error)
            return False
        claimed.add(plan.state)
    return True


def _removed(plans: Sequence[_Plan], failed: bool) -> int:
    removed = 0
    for plan in plans:
        if plan.foreign:
            continue
        try:
            plan.stale.trees.remove()
        except (GitError, OSError) as error:
            complain(visible(f"{plan.root} could not be removed: {error}."))
            failed = True
            continue
        removed += 1
        print(safe_to_print(f"removed  {plan.root}"))
    print(f"{count(removed, 'stale run')} removed. Branches stay; podium/… in git branch lists them.")
    return BAD_FILE if failed else DONE
