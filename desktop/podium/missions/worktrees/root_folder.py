"""The folder that holds a run's worktrees, at the end of the run. Blocks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from podium.core.missions.state import KeptWork, WorktreesState
from podium.missions.worktrees.ownership import OWN_FOLDER, Owner, is_own, own, owner_of, worktrees_folder
from podium.repositories.folder_handle import is_plain_folder
from podium.repositories.repository import Repository

TRACE: Final = "git-"
"""The prefix of the files for the traces of agents' git."""


def ready_root(root: Path, owner: Owner) -> str:
    """Create the folder if it is missing, and write its owner; returns a note for the person, if any.

    A link that stands there is removed, not followed. Raises OSError.
    """
    notice = ""
    if root.is_symlink():
        root.unlink()
        notice = f"A link stood at {root}; the folder is made anew"
    if owner_of(root) != owner:
        own(root, owner)
    return notice


def clear_root(root: Path, trees: WorktreesState) -> list[KeptWork]:
    """Remove the folder with what Podium itself has put there; returns what else is in it, and stays.

    Raises OSError.
    """
    if root.is_symlink():
        root.unlink()
    if not root.is_dir():
        return []
    clear_own_folder(root)
    kept = {Path(work.path).name for work in trees.kept if Path(work.path).parent == root}
    found = []
    for entry in sorted(root.iterdir()):
        if entry.name in kept or (is_own(entry.name) and not entry.is_dir()):
            continue
        if entry.is_symlink():
            entry.unlink()
        elif not entry.is_dir() or any(entry.iterdir()):
            found.append(KeptWork(str(entry), "", "it lies beside the worktrees"))
        else:
            entry.rmdir()
    if not found and not kept:
        for entry in root.iterdir():
            if is_own(entry.name):
                entry.unlink()
        root.rmdir()
    return found


def clear_own_folder(root: Path) -> None:
    """Remove what Podium itself has put into its folder; the folder goes if it is empty then. Raises OSError."""
    folder = root / OWN_FOLDER
    if not is_plain_folder(folder, root):
        return
    for path in folder.glob(f"{TRACE}*"):
        if not path.is_dir() or path.is_symlink():
            path.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


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
