"""Saving what a worktree holds before anything happens to it: the one way work leaves a worktree. Blocks.

Everything git can take goes into a commit that a branch leads to. What it can't take is named, and then the worktree
has to stay where it is: ``Saved.unsaved`` alone decides.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from podium.core.system.scratch import scratch_folder
from podium.repositories.author import PODIUM, Author
from podium.repositories.git import Git, GitError, identity
from podium.repositories.leftover_commits import (
    forget_head_log,
    keep_reachable,
    leftover_commits,
)
from podium.repositories.repository import Repository
from podium.repositories.saving.inner_repositories import inspect_folder
from podium.repositories.saving.inspection import copies_in, head_of
from podium.repositories.saving.staging import Unsaved, index_entries, is_sparse, stage_everything
from podium.repositories.saving.submodules import SavedSubmodule, save_submodules
from podium.repositories.worktree import Worktree


class Saved(msgspec.Struct, frozen=True):
    """The outcome of saving a worktree. ``commit`` holds the work, ``files`` differ from its start."""

    commit: str
    files: tuple[str, ...] = ()
    unsaved: tuple[Unsaved, ...] = ()
    """Files that git could not commit. The worktree must stay where it is."""
    left_out: tuple[str, ...] = ()
    """Repositories without anything in them."""
    half_done: str = ""
    """An operation that was begun and not ended, such as ``merge``; conflicts are in the files."""
    left_behind: str = ""
    """The branch that keeps commits which its last one does not contain."""
    submodules: tuple[SavedSubmodule, ...] = ()


def save_worktree(repository: Repository, path: Path, branch: str, start: str, message: str) -> Saved:
    """Save the worktree at ``path``, of which nothing is known but where it is. Raises GitError or OSError.

    Files that are the person's own, copied just so, are no work. What was staged and then changed again gets a commit
    of its own.
    """
    tree = Worktree(repository, path)
    try:
        tree.unlock()
        if tree.admin is None:
            raise GitError(f"git does not know the worktree {path}")
        copies = copies_in(repository, path)
        return _save(tree, tree.admin, branch, start, message, PODIUM, copies, keeps_staged=True)
    finally:
        tree.let_go()


def save(
    tree: Worktree, branch: str, start: str, message: str, author: Author, keep_out: Sequence[str] = ()
) -> Saved:
    """Commit everything in ``tree`` that differs from ``start`` and make ``branch`` lead there.

    ``keep_out``: paths that were put there and are no work. Raises GitError or OSError; then nothing was removed.
    """
    if tree.admin is None:
        return _save_forgotten(tree, branch, start, message, author, keep_out)
    try:
        return _save(tree, tree.admin, branch, start, message, author, keep_out)
    except GitError:
        if is_sparse(tree.git()):
            raise  # Without the worktree's own index, what is not checked out would look deleted.
        return _save_forgotten(tree, branch, start, message, author, keep_out)  # The index may be broken.


def _save(
    tree: Worktree,
    admin: Path,
    branch: str,
    start: str,
    message: str,
    author: Author,
    keep_out: Sequence[str],
    keeps_staged: bool = False,
) -> Saved:
    git = tree.git()
    half_done = tree.half_done
    head, head_tree, tip = git.objects("HEAD^{commit}", "HEAD^{tree}", f"refs/heads/{branch}^{{commit}}")
    head = head or head_of(git, admin) or start
    staged = git.run("write-tree", check=False).text if keeps_staged else ""
    entries = list(index_entries(git))
    submodules = save_submodules(tree.repository, git, admin, entries, branch, message, author)
    inside = inspect_folder(git, entries)
    conflicts = any(entry.stage != "0" for entry in entries)
    unsaved = [*inside.unsaved, *stage_everything(git, keep_out, inside.nested, inside.untracked)]
    unsaved += [Unsaved(found.path, found.reason) for found in submodules if found.reason]
    if staged:
        head = _commit(git, [head], f"{message} (staged)", author, tree=staged, parents_tree=head_tree)
        head_tree = staged
    parents = [head, *_merged_heads(git, admin, head)]
    commit = _commit(git, parents, message, author, parents_tree=head_tree)
    left = leftover_commits(git, admin, tip, start, commit)
    _make_lead(git, branch, commit)
    if unsaved:  # The branch may go, and the worktree stays: it must not lose its commit.
        git.run("update-ref", "--no-deref", "HEAD", commit)
    left_behind = keep_reachable(git, f"{branch}-left", left, commit)
    forget_head_log(admin)
    return Saved(
        commit,
        _changed(git, start, commit),
        tuple(unsaved),
        inside.empty,
        half_done if conflicts or half_done == "rebase" else "",
        left_behind,
        tuple(found for found in submodules if found.kept),
    )


def save_commits(repository: Repository, branch: str, start: str) -> Saved | None:
    """For a worktree that is gone: the commits its branch leads to; None if there are none."""
    git = repository.git
    found = git.run("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}^{{commit}}", check=False)
    if found.code != 0 or found.text == start:
        return None
    return Saved(found.text, _changed(git, start, found.text))


def _save_forgotten(
    tree: Worktree, branch: str, start: str, message: str, author: Author, keep_out: Sequence[str]
) -> Saved:
    """The same for a folder whose entry in the repository is gone: with an index made for it."""
    folder = tree.folder
    with scratch_folder() as scratch:
        environment = {"GIT_INDEX_FILE": str(scratch / "index")}
        git = Git(folder, tree.repository.common)
        found = save_commits(tree.repository, branch, start)
        head = found.commit if found is not None else start
        git.run("read-tree", head, environment=environment)
        inside = inspect_folder(git, list(index_entries(git, environment)), environment)
        staged = stage_everything(git, keep_out, inside.nested, inside.untracked, environment)
        unsaved = [*inside.unsaved, *staged]
        commit = _commit(git, [head], message, author, environment)
        _make_lead(git, branch, commit)
        return Saved(commit, _changed(git, start, commit), tuple(unsaved), inside.empty)


def _merged_heads(git: Git, admin: Path, head: str) -> list[str]:
    """The other sides of a merge that was not committed."""
    try:
        lines = (admin / "MERGE_HEAD").read_text(encoding="ascii", errors="replace").split()
    except OSError:
        return []
    return [
        commit
        for commit in dict.fromkeys(lines)
        if commit != head and git.run("cat-file", "-e", f"{commit}^{{commit}}", check=False).code == 0
    ]


def _commit(
    git: Git,
    parents: Sequence[str],
    message: str,
    author: Author,
    environment: Mapping[str, str] | None = None,
    tree: str = "",
    parents_tree: str = "",
) -> str:
    """The commit of ``tree``, or of what is staged; the first of ``parents`` itself if that is the same.

    ``parents_tree``: that of the first, where it is known.
    """
    tree = tree or git.run("write-tree", environment=environment).text
    if len(parents) == 1 and tree == (parents_tree or git.text("rev-parse", f"{parents[0]}^{{tree}}")):
        return parents[0]
    leading = [word for parent in parents for word in ("-p", parent)]
    made = git.run("commit-tree", tree, *leading, "-m", message, environment=identity(author))
    return made.text


def _make_lead(git: Git, branch: str, commit: str) -> None:
    git.run("update-ref", f"refs/heads/{branch}", commit)


def _changed(git: Git, start: str, commit: str) -> tuple[str, ...]:
    if start == commit:
        return ()
    return tuple(git.run("diff-tree", "-r", "-z", "--name-only", "--no-renames", start, commit).names)
