"""Saving a worktree: work trees in, commits and what could not be saved out."""

import os
from pathlib import Path

import pytest

from podium.repositories.author import Author
from podium.repositories.git import Git, GitError, identity
from podium.repositories.repository import Repository
from podium.repositories.saving.inspection import changed_files, inspect_worktree
from podium.repositories.saving.worktree_saving import Saved, save, save_commits, save_worktree
from podium.repositories.worktree import Worktree
from tests.repositories.git_shell import git, opened, repository

ANN = Author("Ann <a@b>", "ann")
BRANCH = "podium/m/run/ann-r1"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return repository(
        tmp_path / "p", {"a.txt": "one\n", "b.txt": "b\n", "sub/c.txt": "c\n", ".gitignore": "*.log\n"}
    )


@pytest.fixture
def here(project: Path) -> Repository:
    return opened(project)


@pytest.fixture
def tree(here: Repository, tmp_path: Path) -> Worktree:
    made = Worktree(here, tmp_path / "trees" / "ann")
    made.create(here.base, BRANCH)
    return made


def saved(tree: Worktree, *keep_out: str) -> Saved:
    return save(tree, BRANCH, tree.repository.base, "Round 1", ANN, keep_out)


def test_everything_git_takes_is_one_commit_by_its_author(project: Path, tree: Worktree) -> None:
    (tree.path / "a.txt").write_text("two\n")
    (tree.path / "b.txt").unlink()
    (tree.path / "new file").write_text("n")
    (tree.path / "x.log").write_text("ignored")
    found = saved(tree)
    assert found == Saved(git(project, "rev-parse", BRANCH), ("a.txt", "b.txt", "new file"))
    assert (
        git(project, "show", "-s", "--format=%an|%ae|%cn|%s", BRANCH)
        == "Ann a@b|ann@podium.invalid|Podium|Round 1"
    )
    assert git(project, "rev-parse", f"{BRANCH}^") == tree.repository.base
    assert git(project, "ls-tree", "-r", "--name-only", BRANCH).splitlines() == [
        ".gitignore",
        "a.txt",
        "new file",
        "sub/c.txt",
    ]
    assert saved(tree) == found, "nothing new makes no new commit"


def test_nothing_changed_is_the_commit_it_began_with(tree: Worktree) -> None:
    assert saved(tree) == Saved(tree.repository.base)


def test_what_is_kept_out_is_no_work(tree: Worktree) -> None:
    (tree.path / ".env").write_text("secret")
    (tree.path / "real").write_text("work")
    assert saved(tree, ".env").files == ("real",)


def test_commits_of_its_own_are_kept_and_those_it_left_too(project: Path, tree: Worktree) -> None:
    (tree.path / "a.txt").write_text("left\n")
    git(tree.path, "commit", "--quiet", "--all", "--message", "left behind")
    left = git(tree.path, "rev-parse", "HEAD")
    git(tree.path, "reset", "--quiet", "--hard", "HEAD~1")
    (tree.path / "b.txt").write_text("kept\n")
    git(tree.path, "commit", "--quiet", "--all", "--message", "mine")
    found = saved(tree)
    assert found.files == ("b.txt",)
    assert git(project, "show", "-s", "--format=%s", BRANCH) == "mine"
    assert found.left_behind == f"{BRANCH}-left"
    assert git(project, "rev-parse", found.left_behind) == left
    assert saved(tree).left_behind == "", "what is kept is not found again"


@pytest.mark.parametrize(
    ("how", "files"), [((), ("a.txt", "b.txt")), (("--strategy=ours",), ("a.txt",))], ids=["both", "ours"]
)
def test_a_merge_without_conflicts_that_was_not_committed_is_not_half_done(
    project: Path, tree: Worktree, how: tuple[str, ...], files: tuple[str, ...]
) -> None:
    git(project, "checkout", "--quiet", "-b", "other")
    (project / "b.txt").write_text("theirs\n")
    git(project, "commit", "--quiet", "--all", "--message", "theirs")
    (tree.path / "a.txt").write_text("mine\n")
    git(tree.path, "commit", "--quiet", "--all", "--message", "mine")
    git(tree.path, "merge", "--quiet", "--no-commit", *how, "other")
    found = saved(tree)
    assert (found.half_done, found.files) == ("", files)
    assert len(git(project, "rev-list", "--parents", "-1", BRANCH).split()) == 3


def test_a_repository_inside_is_named_and_nothing_of_it_lost(tree: Worktree) -> None:
    repository(tree.path / "inner", {"x": "x"})
    git(tree.path, "init", "--quiet", "empty")
    (tree.path / "a.txt").write_text("two\n")
    found = saved(tree)
    assert found.files == ("a.txt",)
    assert [(item.path, item.reason) for item in found.unsaved] == [
        ("inner", "it is a repository of its own")
    ]
    assert found.left_out == ("empty",)
    # The branch may go, and the worktree stays: it must not lose its commit.
    assert git(tree.path, "rev-parse", "--abbrev-ref", "HEAD") == "HEAD"
    assert git(tree.path, "rev-parse", "HEAD") == found.commit


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_cannot_be_read_costs_no_other(tree: Worktree) -> None:
    (tree.path / "closed").write_text("x")
    (tree.path / "closed").chmod(0)
    (tree.path / "a.txt").write_text("two\n")
    found = saved(tree)
    assert found.files == ("a.txt",)
    assert [item.path for item in found.unsaved] == ["closed"]


def test_a_merge_that_is_half_done_is_saved_with_its_sides(project: Path, tree: Worktree) -> None:
    git(project, "checkout", "--quiet", "-b", "other")
    (project / "a.txt").write_text("theirs\n")
    git(project, "commit", "--quiet", "--all", "--message", "theirs")
    (tree.path / "a.txt").write_text("mine\n")
    git(tree.path, "commit", "--quiet", "--all", "--message", "mine")
    Git(tree.path).run("merge", "other", check=False, environment=identity(ANN))
    found = saved(tree)
    assert found.half_done == "merge"
    assert len(git(project, "rev-list", "--parents", "-1", BRANCH).split()) == 3
    assert "<<<<<<<" in git(project, "show", f"{BRANCH}:a.txt")


def test_a_staged_version_is_kept_beside_the_later_one(project: Path, tree: Worktree) -> None:
    (tree.path / "a.txt").write_text("staged\n")
    git(tree.path, "add", "a.txt")
    (tree.path / "a.txt").write_text("later\n")
    tree.let_go()
    found = save_worktree(tree.repository, tree.path, "podium/kept", tree.repository.base, "Interrupted")
    assert (git(project, "show", "podium/kept:a.txt"), git(project, "show", "podium/kept~1:a.txt")) == (
        "later",
        "staged",
    )
    assert found.files == ("a.txt",)


def test_the_persons_own_files_copied_just_so_are_no_work(project: Path, tree: Worktree) -> None:
    for name, theirs, copy in (("same", "x", "x"), ("changed", "x", "y")):
        (project / name).write_text(theirs)
        (tree.path / name).write_text(copy)
    assert changed_files(tree.repository, tree.path) == ("changed",)
    found = save_worktree(tree.repository, tree.path, "podium/kept", tree.repository.base, "Interrupted")
    assert found.files == ("changed",)


def test_a_file_taken_out_of_the_index_alone_is_work_although_it_is_the_persons_own(tree: Worktree) -> None:
    git(tree.path, "rm", "--quiet", "--cached", "a.txt")
    found = save_worktree(tree.repository, tree.path, "podium/kept", tree.repository.base, "Interrupted")
    assert found.files == ()
    assert changed_files(tree.repository, tree.path) == ()
    git(tree.path, "rm", "--quiet", "--cached", "b.txt")
    assert changed_files(tree.repository, tree.path) == ("b.txt",)


def test_a_worktree_whose_entry_is_gone_is_saved_all_the_same(project: Path, tree: Worktree) -> None:
    (tree.path / "b.txt").write_text("committed\n")
    git(tree.path, "commit", "--quiet", "--all", "--message", "mine")
    (tree.path / "a.txt").write_text("two\n")
    admin = tree.admin
    assert admin is not None
    admin.rename(project / "elsewhere")
    found = saved(tree)
    assert found.files == ("a.txt", "b.txt")
    assert git(project, "show", f"{BRANCH}:a.txt") == "two"
    assert git(project, "show", "-s", "--format=%s", f"{BRANCH}^") == "mine"


def test_a_folder_that_was_replaced_is_not_believed(tree: Worktree, tmp_path: Path) -> None:
    identity = tree.identity
    tree.let_go()
    tree.path.rename(tmp_path / "moved")
    tree.path.mkdir()
    (tree.path / "planted").write_text("x")
    again = Worktree(tree.repository, tree.path, identity)
    assert not again.intact
    with pytest.raises(GitError):
        again.hold()
    with pytest.raises(GitError):
        save(again, BRANCH, tree.repository.base, "x", ANN)


def test_a_link_on_the_way_is_no_worktree(tree: Worktree, tmp_path: Path) -> None:
    tree.let_go()
    tree.path.parent.rename(tmp_path / "real")
    tree.path.parent.symlink_to(tmp_path / "real")
    assert not tree.stands
    assert (tmp_path / "real" / "ann").is_dir()


def test_commits_of_a_worktree_that_is_gone(project: Path, tree: Worktree) -> None:
    here = tree.repository
    assert save_commits(here, BRANCH, here.base) is None
    assert save_commits(here, "podium/none", here.base) is None
    (tree.path / "a.txt").write_text("two\n")
    git(tree.path, "commit", "--quiet", "--all", "--message", "mine")
    tree.remove()
    assert save_commits(here, BRANCH, here.base) == Saved(git(project, "rev-parse", BRANCH), ("a.txt",))


def test_inspection_tells_what_no_branch_has(project: Path, tree: Worktree) -> None:
    clean = inspect_worktree(tree.repository, tree.path)
    assert (
        clean.head,
        clean.loose,
        clean.staged,
        clean.changed,
        clean.stuck,
        clean.submodules,
        clean.ignored,
    ) == (
        tree.repository.base,
        False,
        (),
        (),
        (),
        (),
        0,
    )
    (tree.path / "staged").write_text("x")
    git(tree.path, "add", "staged")
    (tree.path / "b.txt").write_text("changed\n")
    (tree.path / "x.log").write_text("x")
    repository(tree.path / "inner", {"x": "x"})
    git(tree.path, "update-index", "--assume-unchanged", "a.txt")
    (tree.path / "a.txt").write_text("hidden\n")
    found = inspect_worktree(tree.repository, tree.path)
    assert (found.staged, sorted(found.changed), found.stuck, found.ignored) == (
        ("staged",),
        ["a.txt", "b.txt"],
        ("inner",),
        1,
    )
    git(tree.path, "checkout", "--quiet", "--detach")
    git(tree.path, "commit", "--quiet", "--message", "loose")
    assert inspect_worktree(tree.repository, tree.path).loose
