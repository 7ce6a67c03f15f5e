"""The folder that holds a run's worktrees, at the end of the run. Blocks."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from podium.core.mission_state import KeptWork, WorktreesState
from podium.missions.worktrees.ownership import OWN_FILES, OWN_FOLDER, owner_of, worktrees_folder
from podium.missions.worktrees.repository import Repository


def clear_root(root: Path, trees: WorktreesState) -> list[KeptWork]:
    """Remove the folder with what Podium itself has put there; returns what else is in it, and stays.

    Raises OSError.
    """
    kept = {Path(work.path).name for work in trees.kept if Path(work.path).parent == root}
    found = []
    for entry in sorted(root.iterdir()):
        if entry.name in kept or entry.name in OWN_FILES or entry.name == OWN_FOLDER:
            continue
        if entry.is_symlink():
            entry.unlink()
        elif not entry.is_dir() or any(entry.iterdir()):
            found.append(KeptWork(str(entry), "", "it lies beside the worktrees"))
        else:
            entry.rmdir()
    shutil.rmtree(root / OWN_FOLDER, ignore_errors=True)
    if not found and not kept:
        for name in OWN_FILES:
            (root / name).unlink(missing_ok=True)
        root.rmdir()
    return found


def running_branches(run: str, repository: Repository) -> Iterator[str]:
    """The first parts of the branches of other missions that run, which change while they do."""
    try:
        roots = [root for root in worktrees_folder().iterdir() if root.name != run]
    except OSError:
        return
    alive = set()
    for root in roots:
        owner = owner_of(root)
        if owner is not None and owner.process.alive:
            alive.add(root.name)
    if not alive:
        return
    for name in repository.git.text("for-each-ref", "--format=%(refname:short)", "refs/heads").splitlines():
        parts = name.split("/")
        if any(part in alive for part in parts):
            yield "/".join(parts[:-1])
