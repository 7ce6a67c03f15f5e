"""A worktree with a branch of its own for an agent that a person works with. All of it blocks.

Each has a folder below the one for all of them, with a manifest that says whose worktree it is: what lies in the
worktree is the agent's, and is not asked. Its work leaves it as everywhere, by ``saving``.
"""

import contextlib
import os
import re
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from podium.core.system.private_files import private_folder, read_small, write_private
from podium.repositories.copying import copy_unkept
from podium.repositories.discovery import CannotUse, branch_in_the_way, find_repository
from podium.repositories.file_names import listed, printable
from podium.repositories.git import Git, GitError
from podium.repositories.program_settings import GitProgram, ProgramKind, git_programs
from podium.repositories.repository import Repository
from podium.repositories.saving.ignored_files import keep_changed
from podium.repositories.saving.inspection import inspect_worktree
from podium.repositories.saving.submodules import seed_submodules
from podium.repositories.saving.worktree_saving import save_worktree
from podium.repositories.worktree import Worktree

BRANCH_PREFIX: Final = "podium"
_MANIFEST: Final = "worktree.json"
_SETUP_MARK: Final = "setup-done"
_KEPT: Final = "kept"
_MAX_BYTES: Final = 1 << 20
_MOST_BRANCHES: Final = 100
_MOST_PROGRAMS: Final = 3
_AT_CHECKOUT: Final = ("filter.", "hook.")
"""Settings that name programs which git runs while it checks out."""


class CannotMake(Exception):
    """There is no worktree; the message is for a person."""


class Kept(Exception):
    """The worktree stays where it is; the message says why, for a person."""


class Plan(msgspec.Struct, frozen=True):
    """A worktree that can be made."""

    repository: Repository
    branch: str
    programs: tuple[str, ...] = ()
    """What the repository makes git run at a checkout; a person has to agree to it."""


class Manifest(msgspec.Struct, frozen=True):
    """What is known of a worktree when it is to be removed."""

    repository: str
    """A folder in which git is asked about the repository."""
    folder: str
    """The worktree's own name, beside the manifest."""
    branch: str
    base: str
    """The commit it began with."""
    device: int = 0
    inode: int = 0
    copied: tuple[str, ...] = ()


class MadeWorktree(msgspec.Struct, frozen=True):
    """A new worktree. ``folder`` is the requested folder in it."""

    folder: str
    branch: str


def plan_worktree(folder: Path, prefix: str, name: str, branch: str = "") -> Plan:
    """A worktree of the repository of ``folder``, on the new ``branch`` from HEAD, or else on ``PREFIX/NAME`` with a
    number where that is taken. Changes nothing, and runs nothing that the repository names. Raises CannotMake.
    """
    try:
        repository = find_repository(folder.resolve())
        git = repository.git
        above = branch.rpartition("/")[0] if branch else prefix
        if above and (there := branch_in_the_way(git, above)):
            raise CannotMake(f"There is a branch “{there}”, so git can have none below it. Rename it first.")
        branch = (
            _checked_branch(git, branch) if branch else _free_branch(git, f"{prefix}/{branch_part(name)}")
        )
        programs = tuple(_named(program) for program in git_programs(folder) if _at_checkout(program))
    except CannotUse as error:
        raise CannotMake(error.reason) from None
    except (GitError, OSError, RuntimeError) as error:
        raise CannotMake(f"{_sentence(error)}.") from None
    return Plan(repository, branch, programs)


def make_worktree(
    plan: Plan, root: Path, copy: Sequence[str] = (), cancelled: Callable[[], bool] = lambda: False
) -> MadeWorktree:
    """Make it in a new folder below ``root``, with what git ignores and ``copy`` means. What was made is removed again
    when that fails or was ``cancelled``. Raises CannotMake.
    """
    repository = plan.repository
    holder = root / f"{branch_part(plan.branch.rsplit('/', 1)[-1])}-{secrets.token_hex(3)}"
    tree = Worktree(repository, holder / _folder_name(repository))
    try:
        private_folder(holder)
        # Without -B: a branch that somebody made meanwhile is theirs.
        repository.git.run("branch", "--no-track", plan.branch, repository.base)
    except (GitError, OSError) as error:
        _remove_holder(holder)
        raise CannotMake(f"{_sentence(error)}.") from None
    try:
        made = _make(plan, tree, holder, copy, cancelled)
    except (GitError, OSError, CannotMake) as error:
        _undo(plan, tree, holder)
        raise CannotMake(error.args[0] if isinstance(error, CannotMake) else f"{_sentence(error)}.") from None
    finally:
        tree.let_go()
    return made


def _make(
    plan: Plan, tree: Worktree, holder: Path, copy: Sequence[str], cancelled: Callable[[], bool]
) -> MadeWorktree:
    def go_on() -> None:
        if cancelled():
            raise CannotMake("It was cancelled.")

    repository = plan.repository
    manifest = Manifest(str(repository.top), tree.path.name, plan.branch, repository.base)
    _write(holder, manifest)
    go_on()
    tree.create(repository.base, plan.branch)
    go_on()
    if (admin := tree.admin) is not None:
        seed_submodules(repository, tree.git(), admin)
    copied = copy_unkept(repository.git, repository.top, tree.path, copy)
    go_on()
    folder = tree.path / repository.subfolder
    if not folder.is_dir():
        raise CannotMake(f"Its commit has no folder {repository.subfolder}.")
    device, inode = tree.identity or (0, 0)
    _write(
        holder, msgspec.structs.replace(manifest, device=device, inode=inode, copied=tuple(copied[:10_000]))
    )
    return MadeWorktree(str(folder), plan.branch)


def holder_of(folder: Path, root: Path) -> Path | None:
    """The folder below ``root`` of the worktree that ``folder`` lies in; None for any other folder. Asks no disk."""
    try:
        parts = folder.relative_to(root).parts
    except ValueError:
        return None
    return root / parts[0] if len(parts) >= 2 and ".." not in parts else None


def setup_mark(holder: Path) -> str:
    """The path of the file that says that the setup of the worktree in ``holder`` has succeeded."""
    return str(holder / _SETUP_MARK)


def remove_if_saved(holder: Path) -> str:
    """Remove the worktree in ``holder`` if everything in it is committed; its branch stays. Returns what was done, for
    a person. Nothing may run in it any more. Raises Kept.
    """
    manifest = _read(holder)
    path = holder / manifest.folder
    where = f"Its worktree stays in {path}"
    try:
        repository = find_repository(Path(manifest.repository), manifest.base)
        identity = (manifest.device, manifest.inode) if manifest.inode else None
        tree = Worktree(repository, path, identity)
        if not os.path.lexists(path):
            _remove_holder(holder)
            return f"Its worktree is gone already; its commits are on {manifest.branch}."
        if not tree.intact:
            raise Kept(f"{where}: it is not the one that was made.")
        _need_saved(repository, tree, where)
        saved = save_worktree(repository, path, manifest.branch, manifest.base, "Unsaved work")
        if saved.unsaved:
            raise Kept(f"{where}: git could not take {listed([item.path for item in saved.unsaved])}.")
        kept = keep_changed(path, manifest.copied, repository.top, holder / _KEPT)
        tree.remove()
    except CannotUse as error:
        raise Kept(f"{where}: {error.reason}") from None
    except (GitError, OSError) as error:
        raise Kept(f"{where}: {_sentence(error)}.") from None
    if kept:
        (holder / _MANIFEST).unlink(missing_ok=True)
        return f"Its worktree was removed; copies that it changed are in {holder / _KEPT}."
    _remove_holder(holder)
    return f"Its worktree was removed; its work is on {manifest.branch}."


def _need_saved(repository: Repository, tree: Worktree, where: str) -> None:
    """Raises Kept unless all in ``tree`` is committed, to a branch."""
    if tree.half_done:
        raise Kept(f"{where}: a {tree.half_done} was begun in it and not ended.")
    found = inspect_worktree(repository, tree.path)
    open_files = tuple(dict.fromkeys((*found.staged, *found.changed, *found.stuck, *found.submodules)))
    if open_files:
        raise Kept(f"{where}: not committed are {listed(open_files)}.")
    if found.loose or not found.head:
        raise Kept(f"{where}: its commits are on no branch.")


def branch_part(name: str) -> str:
    """An instance's name as the last part of a branch."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].rstrip("-") or "agent"


def _checked_branch(git: Git, branch: str) -> str:
    # “@” and “@{-1}” are other names of branches that are there; what does not print would deceive whoever reads it.
    odd = branch.startswith(("-", "@")) or printable(branch) != branch
    if odd or not git.succeeds("check-ref-format", "--branch", branch):
        raise CannotMake(f"“{printable(branch)}” can't be the name of a branch.")
    if git.text("for-each-ref", "--count=1", f"refs/heads/{branch}"):
        raise CannotMake(f"There is a branch “{printable(branch)}” already. Choose another name.")
    return branch


def _free_branch(git: Git, wanted: str) -> str:
    taken = set(git.text("for-each-ref", "--format=%(refname:strip=2)", f"refs/heads/{wanted}*").splitlines())
    found = git.text(
        "for-each-ref", "--format=%(refname:strip=2)", f"refs/heads/{wanted.rpartition('/')[0]}/"
    )
    taken.update(name for other in found.splitlines() for name in (other, other.rpartition("/")[0]))
    numbers = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, _MOST_BRANCHES))
    free = next((branch for branch in numbers if branch not in taken), "")
    if not free:
        raise CannotMake(f"There are too many branches like “{wanted}”. Choose another name.")
    return free


def _at_checkout(program: GitProgram) -> bool:
    return program.kind is ProgramKind.UNKNOWN or (
        program.kind is ProgramKind.SETTING and program.name.startswith(_AT_CHECKOUT)
    )


def _named(program: GitProgram) -> str:
    return f"{program.name}: {', '.join(program.values[:_MOST_PROGRAMS])}" if program.name else "unknown"


def _folder_name(repository: Repository) -> str:
    """The name of the person's checkout, so that a prompt shows which repository it is."""
    name = repository.top.resolve().name.removesuffix(".git")
    return name if name and name not in (_MANIFEST, _SETUP_MARK, _KEPT, ".git") else "worktree"


def _write(holder: Path, manifest: Manifest) -> None:
    write_private(holder / _MANIFEST, msgspec.json.encode(manifest), durable=True)


def _read(holder: Path) -> Manifest:
    """Raises Kept."""
    try:
        found = msgspec.json.decode(read_small(holder / _MANIFEST, _MAX_BYTES), type=Manifest)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Kept(f"Its worktree stays in {holder}: what belongs to it can't be read.") from None
    if Path(found.folder).name != found.folder or not Path(found.repository).is_absolute():
        raise Kept(f"Its worktree stays in {holder}: what belongs to it makes no sense.")
    return found


def _undo(plan: Plan, tree: Worktree, holder: Path) -> None:
    """Remove what was made, and the branch if it is as it was made."""
    with contextlib.suppress(GitError, OSError):
        tree.remove()
    with contextlib.suppress(GitError, OSError):
        git = plan.repository.git
        git.run("update-ref", "-d", f"refs/heads/{plan.branch}", plan.repository.base)
    _remove_holder(holder)


def _remove_holder(holder: Path) -> None:
    """Remove the folder and what Podium put there; what else is in it stays."""
    with contextlib.suppress(OSError):
        for name in (_MANIFEST, _SETUP_MARK):
            (holder / name).unlink(missing_ok=True)
        holder.rmdir()


def _sentence(error: Exception) -> str:
    text = str(error)
    if isinstance(error, OSError) and error.strerror:
        text = f"{error.strerror}: {printable(str(error.filename2 or error.filename or ''))}".removesuffix(
            ": "
        )
    return text[:1].upper() + text[1:].rstrip(".")
