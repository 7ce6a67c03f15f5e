"""Finding worktrees that no run needs any more. Blocks."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from podium.core.missions.state import MissionState, UnusableState, load_state, state_path, states_folder
from podium.missions.run_lock import locked_runs
from podium.missions.worktrees.ownership import Owner, owner_of, worktrees_folder
from podium.missions.worktrees.run_saving import RunTrees


class Stale(msgspec.Struct, frozen=True):
    """A run's folder of worktrees that can go, once everything in it is saved."""

    root: Path
    owner: Owner
    state: MissionState | None = None
    """The run's state, if it is known."""

    @property
    def trees(self) -> RunTrees:
        return RunTrees(self.root, self.owner, self.state)


class Kept(msgspec.Struct, frozen=True):
    """A folder of worktrees that can't go; ``why`` is for a person."""

    root: Path
    owner: Owner | None
    why: str


def survey(given_up: Path | None = None) -> Iterator[Stale | Kept]:
    """Every run's worktrees, oldest name first. ``given_up``: the state file of a mission whose interrupted run is not
    to go on, and whose lock this process holds.
    """
    try:
        roots = sorted(path for path in worktrees_folder().iterdir() if path.is_dir() or path.is_symlink())
    except OSError:
        return
    if not roots:
        return
    states, unusable = _states()
    live = locked_runs(states_folder(), given_up)
    for root in roots:
        if root.is_symlink():
            yield Kept(root, None, "it is a link; Podium removes only folders that it made")
            continue
        owner, state = owner_of(root), states.get(root.name)
        path = state_path(Path(owner.file)) if owner is not None else None
        if why := _needed(root, owner, state, live, given_up) or _unclear(owner, unusable, path, given_up):
            yield Kept(root, owner, why)
        elif owner is not None:
            yield Stale(root, owner, state)


def stale_of(state: Path) -> Iterator[Stale]:
    """The worktrees of the mission with the state file ``state``, whose lock this process holds: of each run that is
    over, and of the interrupted one.
    """
    for found in survey(given_up=state):
        if isinstance(found, Stale) and state_path(Path(found.owner.file)) == state:
            yield found


def _needed(
    root: Path, owner: Owner | None, state: MissionState | None, live: frozenset[str], given_up: Path | None
) -> str:
    """Why a mission may still need ``root``, or ""."""
    known = ([owner.process] if owner is not None else []) + ([state.owner] if state is not None else [])
    for process in known:
        if process.alive:
            return f"its mission runs (process {process.pid})"
    if root.name in live:
        return "its mission runs"
    if state is not None and not state.outcome and state_path(Path(state.file)) != given_up:
        return f"it can be resumed: podium mission resume {state.file}"
    kept = state.worktrees.kept if state is not None and state.worktrees is not None else []
    if there := [work.path for work in kept if Path(work.path).exists()]:
        return (
            f"work that git could not take lies in {there[0]}; when you have it, remove the folder yourself"
        )
    return ""


def _unclear(
    owner: Owner | None, unusable: Mapping[Path, UnusableState], state: Path | None, given_up: Path | None
) -> str:
    """The reason why it is unclear whether ``root`` is needed, or ""."""
    if owner is None:
        return "nothing in it says which run it belongs to (owner.json); if you don’t need it, remove it yourself"
    if state is not None and state in unusable and state != given_up:
        return (
            f"its mission’s state can’t be used: {unusable[state]}; "
            f"give it up: podium mission clean {owner.file}"
        )
    return ""


def _states() -> tuple[dict[str, MissionState], dict[Path, UnusableState]]:
    """The states of all missions by run, and those that can't be used by path."""
    states: dict[str, MissionState] = {}
    unusable: dict[Path, UnusableState] = {}
    for path in states_folder().glob("*.json"):
        try:
            state = load_state(path)
        except UnusableState as error:
            unusable[path] = error
            continue
        if state is not None:
            states[state.run] = state
    return states, unusable
