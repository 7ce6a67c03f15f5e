"""A run that was interrupted is given up: its unsaved work is kept first, then its state goes aside."""

from collections.abc import Iterator

from podium.core.missions.state import MissionState, UnusableState
from podium.core.visible_text import visible
from podium.missions.rounds.store import StateStore
from podium.missions.rounds.survivors import end_survivors
from podium.missions.text import count
from podium.missions.worktrees.cleaning import Stale, stale_of
from podium.missions.worktrees.ownership import Owner, owner_of, worktrees_folder
from podium.missions.worktrees.run_saving import Kept
from podium.repositories.file_names import listed, printable

Earlier = MissionState | UnusableState


def set_earlier_aside(store: StateStore, earlier: Earlier) -> None:
    """Make room for a new run, and say what became of the old one's work. Raises OSError."""
    notices = []
    for stale in worktrees_of(store, earlier):
        notices += [line for kept in saved(stale) for line in words(kept)]
        notices += [f"since that run began, {line}" for line in stale.trees.changes()]
    if isinstance(earlier, UnusableState):
        aside = store.set_unusable_aside(earlier)
        print(
            f"{visible(str(earlier))}. It is kept as {aside.name}; its branches stay. This run starts anew."
        )
    else:
        store.set_aside(earlier)
        print(
            f"An interrupted run of this mission (round {max(earlier.round.number, 1)}) is set aside; "
            "its branches stay. This run starts anew."
        )
    for line in notices:
        print(f"  {line}")


def worktrees_of(store: StateStore, earlier: Earlier) -> Iterator[Stale]:
    """The worktrees of the run, as far as they are known. This process has the mission's lock."""
    if isinstance(earlier, UnusableState):  # Which run it was of, only the worktrees can tell.
        yield from stale_of(store.path)
        return
    root, trees = worktrees_folder() / earlier.run, earlier.worktrees
    if trees is not None and root.is_dir() and not root.is_symlink():
        owner = owner_of(root) or Owner(earlier.run, earlier.owner, trees.repository, earlier.file)
        yield Stale(root, owner, earlier)


def saved(stale: Stale) -> list[Kept]:
    """End what the run has left running, and commit what is unsaved; says for each worktree what became of it."""
    end_survivors(stale.owner.run)
    return list(stale.trees.save())


def words(kept: Kept) -> Iterator[str]:
    """The outcome of a worktree's unsaved work, for a person; nothing if there was none."""
    name = printable(kept.path.name)
    if kept.branch:
        what = count(len(kept.files), "file") if kept.files else "its commits"
        yield f"unsaved work of {name} ({what}) is kept on {kept.branch}"
    if kept.unsaved:
        yield f"not committed, and left in {visible(str(kept.path))}: {listed(kept.unsaved)}"
