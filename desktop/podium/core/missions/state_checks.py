"""Checks of a mission's state: its values become paths, branches and commits, so none is trusted."""

import math
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from podium.core.system.app_dirs import worktrees_folder

if TYPE_CHECKING:
    from podium.core.missions.state import MissionState, WorktreesState

_RUN: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NO_BRANCH: Final = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(?:/|$)|^[-/.]|[/.]$")
"""git-check-ref-format(1)."""
_LATEST: Final = 253402300799.0
"""Seconds since 1970: the last that a calendar of four digits can show."""


def is_run(name: str) -> bool:
    """Whether ``name`` can be a run's: it is also a folder's name."""
    return _RUN.fullmatch(name) is not None


def is_absolute(path: str) -> bool:
    """Whether ``path`` can be opened, and means the same from everywhere."""
    return "\0" not in path and Path(path).is_absolute()


def fault_in(state: "MissionState") -> str:
    """The fault in ``state`` that no run of Podium would have written, or "". Looks at the folder of worktrees."""
    if not is_run(state.run):
        return f"its run {state.run!r} is not the name of a run"
    if not is_absolute(state.file):
        return f"its file {state.file!r} is no absolute path"
    numbers = (state.round.number, state.rounds_done, state.max_rounds, state.seconds)
    if any(not math.isfinite(number) or number < 0 for number in numbers):
        return "it counts below zero"
    if not 0 <= state.started_at <= _LATEST:
        return f"it began at {state.started_at:g} s"
    trees = state.worktrees
    return "" if trees is None else _fault_in_worktrees(state, trees)


def _fault_in_worktrees(state: "MissionState", trees: "WorktreesState") -> str:
    if not is_absolute(trees.repository):
        return f"its repository {trees.repository!r} is no absolute path"
    if not _is_root(trees.root, state.run):
        return f"its worktrees {trees.root!r} are not {worktrees_folder() / state.run}"
    folder = trees.branch.rpartition("/")[0]
    if not _is_branch(trees.branch) or folder.rpartition("/")[2] != state.run:
        return f"its branch {trees.branch!r} is not one of the run {state.run}"
    for commit in (trees.base, trees.head):
        if _COMMIT.fullmatch(commit) is None:
            return f"{commit!r} is no commit"
    below = PurePosixPath(trees.subfolder)
    if "\0" in trees.subfolder or below.is_absolute() or ".." in below.parts:
        return f"its subfolder {trees.subfolder!r} leads out of the repository"
    for checkout in trees.checkouts.values():
        if Path(checkout.folder).name != checkout.folder or checkout.folder in ("", ".", ".."):
            return f"its worktree {checkout.folder!r} is no folder's name"
        if checkout.branch and not (_is_branch(checkout.branch) and checkout.branch.startswith(f"{folder}/")):
            return f"its branch {checkout.branch!r} is not one of the run {state.run}"
        if checkout.commit and _COMMIT.fullmatch(checkout.commit) is None:
            return f"{checkout.commit!r} is no commit"
    for turn in state.round.turns.values():
        if turn.branch and not (_is_branch(turn.branch) and turn.branch.startswith(f"{folder}/")):
            return f"its branch {turn.branch!r} is not one of the run {state.run}"
        for commit in (turn.start, turn.commit):
            if commit and _COMMIT.fullmatch(commit) is None:
                return f"{commit!r} is no commit"
    return ""


def _is_root(root: str, run: str) -> bool:
    if not is_absolute(root) or Path(root).name != run:
        return False
    try:  # The folder of all worktrees may have been moved, with a link where it was.
        return Path(root).parent.resolve() == worktrees_folder()
    except (OSError, RuntimeError):
        return False


def _is_branch(name: str) -> bool:
    return bool(name) and _NO_BRANCH.search(name) is None
