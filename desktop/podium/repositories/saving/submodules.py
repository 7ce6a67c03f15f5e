"""Submodules of a worktree: what an agent did in them goes into the person's own store of each. Blocks.

A worktree has its submodules' repositories beside its own entry, and they go with it. A commit that the result names
must not.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from podium.repositories.author import Author
from podium.repositories.file_names import printable
from podium.repositories.folder_handle import is_plain_folder
from podium.repositories.git import Git, GitError, identity
from podium.repositories.leftover_commits import left_by_head
from podium.repositories.repository import Repository
from podium.repositories.saving.inner_repositories import GITLINK, inspect_folder, submodule_stores
from podium.repositories.saving.staging import IndexEntry, index_entries, stage_everything

_MODULES: Final = "modules"
_LOCAL: Final = {"GIT_ALLOW_PROTOCOL": "file"}
"""From one folder of this machine to another, and nowhere else."""
_MOST: Final = 50
"""Branches of one submodule that are kept."""


class SavedSubmodule(msgspec.Struct, frozen=True):
    """``kept``: the reference in the person's store that keeps its commits, "" if there was nothing new.

    ``reason``: why it could not be saved; then it lies where it is.
    """

    path: str
    kept: str = ""
    store: str = ""
    committed: int = 0
    """Files that were changed and not committed in there; they are now."""
    reason: str = ""


class _Submodule(msgspec.Struct, frozen=True):
    path: str
    folder: Path
    git_dir: Path
    store: Path

    @property
    def git(self) -> Git:
        return Git(self.folder, self.git_dir)


def save_submodules(
    repository: Repository,
    git: Git,
    admin: Path,
    entries: Sequence[IndexEntry],
    branch: str,
    message: str,
    author: Author,
) -> list[SavedSubmodule]:
    """Commit what is uncommitted in each submodule of the work tree of ``git``, and bring its commits to safety.

    Also those of submodules that the work tree does not have any more.
    """
    modules, stores = admin / _MODULES, repository.common / _MODULES
    saved = _save_below(git.folder, entries, modules, stores, branch, message, author)
    for git_dir in submodule_stores(modules):
        name = git_dir.relative_to(modules).as_posix()
        left = _Submodule(name, git_dir, git_dir, stores / name)
        try:
            kept = _bring_to_safety(left, branch)
        except (GitError, OSError) as error:
            saved.append(SavedSubmodule(printable(name), reason=f"its commits could not be kept: {error}"))
            continue
        if kept:
            saved.append(SavedSubmodule(printable(name), kept, str(left.store)))
    return saved


def seed_submodules(repository: Repository, git: Git, admin: Path) -> None:
    """Give a new worktree the repositories of submodules whose commits an earlier turn has made.

    ``git submodule update`` would ask the place they were cloned from, which has never seen them. Raises GitError.
    """
    named = _names(git)
    if not named:
        return
    for mode, wanted, _, path in index_entries(git):
        name = named.get(path)
        if mode != GITLINK or name is None:
            continue
        store, seeded = repository.common / _MODULES / name, admin / _MODULES / name
        if not store.is_dir() or seeded.exists():
            continue
        inside = Git(store, store)
        if not inside.succeeds("cat-file", "-e", f"{wanted}^{{commit}}"):
            continue
        if inside.text("rev-list", "--max-count=1", wanted, "--not", "--remotes", "--tags"):
            _make_repository(seeded, inside, store)
            _fetch(Git(seeded, seeded), store, "+refs/podium/*:refs/podium/*")


def _names(git: Git) -> dict[str, str]:
    """The submodules' names by their paths, as the commit says; one that could lead elsewhere is left out."""
    listed = git.run(
        *("config", "-z", "--blob", ":.gitmodules", "--get-regexp", r"^submodule\..*\.path$"), check=False
    )
    found = {}
    for entry in listed.names:
        key, _, path = entry.partition("\n")
        name = key.removeprefix("submodule.").removesuffix(".path")
        if not Path(name).is_absolute() and ".." not in Path(name).parts:
            found[path] = name
    return found


def update_submodules(repository: Repository, git: Git, admin: Path) -> None:
    """Check out in each submodule that is there the commit which the index names. Raises GitError.

    Commits that an earlier turn has made come from the person's store.
    """
    modules, stores = admin / _MODULES, repository.common / _MODULES
    for mode, wanted, _, path in index_entries(git):
        if mode != GITLINK or not (git.folder / path / ".git").exists():
            continue
        found = _found(git.folder, path, modules, stores)
        if isinstance(found, SavedSubmodule):
            raise GitError(f"the submodule {printable(path)}: {found.reason}")
        inside = found.git
        if inside.run("rev-parse", "--verify", "--quiet", "HEAD", check=False).text == wanted:
            continue
        if not inside.succeeds("cat-file", "-e", f"{wanted}^{{commit}}") and found.store.is_dir():
            _fetch(inside, found.store, "+refs/podium/*:refs/podium/*")
        inside.run("checkout", "--quiet", "--force", "--detach", wanted)
        inside.run("clean", "--quiet", "-ffd")


def _save_below(
    top: Path,
    entries: Sequence[IndexEntry],
    modules: Path,
    stores: Path,
    branch: str,
    message: str,
    author: Author,
) -> list[SavedSubmodule]:
    saved: list[SavedSubmodule] = []
    for mode, _, _, path in entries:
        if mode != GITLINK:
            continue
        if not (top / path / ".git").exists():
            if (top / path).is_dir() and any((top / path).iterdir()):
                saved.append(SavedSubmodule(printable(path), reason="it has files and is no repository"))
            continue
        found = _found(top, path, modules, stores)
        if isinstance(found, SavedSubmodule):
            saved.append(found)
            continue
        inside = list(index_entries(found.git))
        deeper = (found.git_dir / _MODULES, found.store / _MODULES)
        inner = _save_below(found.folder, inside, *deeper, branch, message, author)
        saved += [msgspec.structs.replace(item, path=f"{printable(path)}/{item.path}") for item in inner]
        try:
            saved.append(_save_one(found, inside, branch, message, author))
        except (GitError, OSError) as error:
            saved.append(SavedSubmodule(printable(path), reason=f"it could not be saved: {error}"))
    return saved


def _found(top: Path, path: str, modules: Path, stores: Path) -> _Submodule | SavedSubmodule:
    """Its repository, if that lies where git has put it for this worktree."""
    folder = top / path
    own = folder / ".git"
    try:
        text = own.read_text(encoding="utf-8", errors="surrogateescape") if own.is_file() else ""
        git_dir = (folder / text.removeprefix("gitdir:").strip()).resolve() if text else own
        name = git_dir.relative_to(modules.resolve())
    except (OSError, ValueError):
        return SavedSubmodule(printable(path), reason="it is a repository of its own")
    if not name.parts or not is_plain_folder(folder, top) or own.is_symlink():
        return SavedSubmodule(printable(path), reason="it is a repository of its own")
    return _Submodule(path, folder, git_dir, stores / name)


def _save_one(
    found: _Submodule, entries: Sequence[IndexEntry], branch: str, message: str, author: Author
) -> SavedSubmodule:
    git = found.git
    head = git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}", check=False).text
    if not head:
        return SavedSubmodule(printable(found.path), reason="it has no commit")
    for lock in ("index.lock", "HEAD.lock"):
        (found.git_dir / lock).unlink(missing_ok=True)
    inside = inspect_folder(git, entries)
    unsaved = [*inside.unsaved, *stage_everything(git, (), inside.nested, inside.untracked)]
    tree = git.text("write-tree")
    committed = 0
    if tree != git.text("rev-parse", f"{head}^{{tree}}"):
        made = git.run("commit-tree", tree, "-p", head, "-m", message, environment=identity(author)).text
        committed = len(git.run("diff-tree", "-r", "-z", "--name-only", head, made).names)
        git.run("update-ref", "HEAD", made)
    kept = _bring_to_safety(found, branch)
    reason = f"{unsaved[0].path}: {unsaved[0].reason}" if unsaved else ""
    return SavedSubmodule(printable(found.path), kept, str(found.store) if kept else "", committed, reason)


def _bring_to_safety(found: _Submodule, branch: str) -> str:
    """Its commits that come from nowhere else go into the person's store; returns the reference that keeps them."""
    git = found.git
    own: dict[str, str] = {}
    for name in (
        "HEAD",
        *git.text("for-each-ref", "--format=%(refname)", "refs/heads", "refs/stash").split(),
        *git.run("log", "-g", "--format=%H", "refs/stash", "--", check=False).text.split(),
        *left_by_head(found.git_dir),
    ):
        commit = git.run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", check=False).text
        if commit and commit not in own and not _is_known(git, commit, tuple(own)):
            own[commit] = name
    if not own:
        return ""
    place = git.run("config", "--get", "core.worktree", check=False).text
    if place and not (found.git_dir / place).is_dir():
        git.run("config", "--unset", "core.worktree")  # git fetches from nothing whose work tree is gone.
    if not found.store.is_dir():
        _make_store(found)
    first = ""
    for number, commit in enumerate(list(own)[:_MOST]):
        wanted = f"refs/podium/{branch.partition('/')[2]}" + (f"-{number + 1}" if number else "")
        kept = _free_reference(Git(found.store, found.store), wanted)
        git.run(
            "update-ref", kept, commit
        )  # A commit without a reference can't be fetched; now it is known, too.
        _fetch(Git(found.store, found.store), found.git_dir, f"{kept}:{kept}")
        first = first or kept
    return first


def _is_known(git: Git, commit: str, besides: tuple[str, ...]) -> bool:
    """Whether ``commit`` came from elsewhere, was kept before, or is contained in one of ``besides``."""
    known = ("--remotes", "--tags", "--glob=refs/podium/*", *besides)
    return not git.text("rev-list", "--max-count=1", commit, "--not", *known)


def _free_reference(git: Git, wanted: str) -> str:
    """``wanted``, or with a number where there is such a one: what was kept before is never replaced."""
    names = (wanted, *(f"{wanted}.{number}" for number in range(2, 1000)))
    return next(name for name in names if not git.succeeds("rev-parse", "--verify", "--quiet", name))


def _make_store(found: _Submodule) -> None:
    """As git itself would make it when the person asks for the submodule later."""
    _make_repository(found.store, found.git, found.git_dir)


def _make_repository(folder: Path, like: Git, source: Path) -> None:
    """One in ``folder`` with what ``source`` has from its origin, to which it leads too."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    Git(folder.parent).run("init", "--quiet", "--bare", str(folder))
    made = Git(folder, folder)
    made.run("config", "core.bare", "false")
    if url := like.run("config", "--get", "remote.origin.url", check=False).text:
        made.run("config", "remote.origin.url", url)
        made.run("config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    _fetch(made, source, "+refs/remotes/origin/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*")


def _fetch(git: Git, source: Path, *references: str) -> None:
    git.run(
        *("fetch", "--quiet", "--no-tags", "--no-write-fetch-head"),
        *("--no-recurse-submodules", "--no-auto-maintenance", str(source), *references),
        environment=_LOCAL,
        settings=("protocol.file.allow=always",),
    )
