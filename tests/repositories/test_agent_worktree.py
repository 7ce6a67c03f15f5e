"""A repository in, a worktree for an agent out; and out of that its work, before it goes."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from podium.repositories.agent_worktree import (
    CannotMake,
    Kept,
    MadeWorktree,
    branch_part,
    holder_of,
    make_worktree,
    plan_worktree,
    remove_if_saved,
)
from tests.repositories.git_shell import git, repository


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = repository(
        tmp_path / "shop", {"a.txt": "one\n", "web/b.txt": "two\n", ".gitignore": ".env\nout/\n"}
    )
    (made / ".env").write_text("KEY=1\n")
    return made


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "agents"


def make(project: Path, root: Path, name: str = "Fix the login", **more: object) -> MadeWorktree:
    return make_worktree(plan_worktree(project, "podium", name), root, **more)  # type: ignore[arg-type]


def holder(made: MadeWorktree) -> Path:
    return Path(made.folder).parent


def branches(project: Path) -> list[str]:
    return git(project, "branch", "--format=%(refname:short)").splitlines()


def test_it_has_a_branch_of_its_own_from_head_and_is_named_like_the_repository(
    project: Path, root: Path
) -> None:
    made = make(project, root)
    folder = Path(made.folder)
    assert (folder.name, made.branch) == ("shop", "podium/fix-the-login")
    assert git(folder, "branch", "--show-current") == "podium/fix-the-login"
    assert git(folder, "rev-parse", "HEAD") == git(project, "rev-parse", "HEAD")
    assert (folder / "a.txt").read_text() == "one\n"
    assert holder(made).stat().st_mode & 0o777 == 0o700


def test_what_git_ignores_is_copied_where_it_is_wanted(project: Path, root: Path) -> None:
    assert not (Path(make(project, root, "a").folder) / ".env").exists()
    assert (Path(make(project, root, "b", copy=(".env",)).folder) / ".env").read_text() == "KEY=1\n"


def test_a_folder_below_the_top_stays_below_it(project: Path, root: Path) -> None:
    made = make(project / "web", root)
    assert Path(made.folder).parts[-2:] == ("shop", "web")


def test_a_name_that_is_taken_gets_a_number(project: Path, root: Path) -> None:
    assert [make(project, root, "x").branch for _ in range(3)] == ["podium/x", "podium/x-2", "podium/x-3"]


def test_a_branch_that_is_named_is_taken_as_it_is(project: Path, root: Path) -> None:
    assert make_worktree(plan_worktree(project, "podium", "x", "fix/login"), root).branch == "fix/login"


@pytest.mark.parametrize(
    ("branch", "words"),
    [
        ("main", "already"),
        ("main/x", "There is a branch “main”"),
        ("-d", "can't be"),
        ("a b", "can't be"),
        ("a..b", "can't be"),
        ("@{-1}", "can't be"),
        ("@", "can't be"),
        ("fix\u202elogin", r"“fix\\u202elogin” can't be"),
    ],
)
def test_a_branch_that_can_not_be_is_refused(project: Path, branch: str, words: str) -> None:
    with pytest.raises(CannotMake, match=words):
        plan_worktree(project, "podium", "x", branch)


def test_branches_below_a_name_keep_it_taken(project: Path, root: Path) -> None:
    git(project, "branch", "podium/x/builder")
    assert make(project, root, "x").branch == "podium/x-2"


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Fix: the *Login*", "fix-the-login"),
        ("../..", "agent"),
        ("ümläut", "ml-ut"),
        ("-", "agent"),
        ("a" * 90, "a" * 40),
    ],
)
def test_a_name_becomes_a_part_that_git_takes(name: str, part: str) -> None:
    assert branch_part(name) == part


def no_repository(project: Path) -> None:
    shutil.rmtree(project / ".git")


def no_commit(project: Path) -> None:
    shutil.rmtree(project / ".git")
    git(project, "init", "--quiet")


def prefix_taken(project: Path) -> None:
    git(project, "branch", "podium")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (no_repository, "is in no git repository."),
        (no_commit, "has no commit yet"),
        (prefix_taken, "There is a branch “podium”"),
    ],
)
def test_why_there_can_be_none_is_said(project: Path, damage: Callable[[Path], None], words: str) -> None:
    damage(project)
    with pytest.raises(CannotMake, match=words):
        plan_worktree(project, "podium", "x")


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotMake, match=r"gone|no such|No such"):
        plan_worktree(tmp_path / "gone", "podium", "x")


def test_programs_that_the_repository_makes_a_checkout_run_are_named_and_not_run(
    project: Path, root: Path, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    git(project, "config", "filter.x.smudge", f"touch {ran}; cat")
    git(project, "config", "alias.y", "!true")
    (project / ".git" / "hooks" / "post-checkout").write_text(f"#!/bin/sh\ntouch {ran}\n")
    (project / ".git" / "hooks" / "post-checkout").chmod(0o755)
    (project / ".git" / "info").mkdir(exist_ok=True)
    (project / ".git" / "info" / "attributes").write_text("*.txt filter=x\n")
    plan = plan_worktree(project, "podium", "x")
    assert plan.programs == (f"filter.x.smudge: touch {ran}; cat",)
    assert not ran.exists()
    git(project, "config", "--unset", "filter.x.smudge")
    make_worktree(plan_worktree(project, "podium", "x"), root)
    assert not ran.exists()


@pytest.mark.parametrize("steps", range(4))
def test_what_was_cancelled_leaves_nothing(project: Path, root: Path, steps: int) -> None:
    left = [steps]

    def cancelled() -> bool:
        left[0] -= 1
        return left[0] < 0

    if steps < 3:
        with pytest.raises(CannotMake, match="cancelled"):
            make(project, root, cancelled=cancelled)
        assert list(root.iterdir()) == []
        assert branches(project) == ["main"]
        assert len(git(project, "worktree", "list").splitlines()) == 1
    else:
        assert Path(make(project, root, cancelled=cancelled).folder).is_dir()


def test_what_failed_leaves_nothing(project: Path, root: Path) -> None:
    plan = plan_worktree(project, "podium", "x")
    git(project, "config", "filter.x.smudge", "false")
    git(project, "config", "filter.x.required", "true")
    (project / ".git" / "info" / "attributes").write_text("*.txt filter=x\n")
    with pytest.raises(CannotMake):
        make_worktree(plan, root)
    assert list(root.iterdir()) == []
    assert branches(project) == ["main"]


def test_the_folder_of_a_long_branch_has_a_short_name(project: Path, root: Path) -> None:
    made = make_worktree(plan_worktree(project, "podium", "x", "x" * 240), root)
    assert len(holder(made).name) < 60


def test_why_a_copy_failed_is_said_without_numbers(
    project: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> list[str]:
        raise OSError(errno.ENOSPC, "No space left on device", "/from/.env", None, "/to/.env")

    monkeypatch.setattr("podium.repositories.agent_worktree.copy_unkept", full)
    with pytest.raises(CannotMake, match=r"^No space left on device: /to/\.env\.$"):
        make(project, root)
    assert branches(project) == ["main"]


def test_a_branch_that_somebody_made_meanwhile_is_theirs(project: Path, root: Path) -> None:
    plan = plan_worktree(project, "podium", "x")
    git(project, "branch", "podium/x")
    with pytest.raises(CannotMake, match="already exists"):
        make_worktree(plan, root)
    assert "podium/x" in branches(project)


# Removing


def nothing(_tree: Path) -> None:
    """Leave it as it was made."""


def committed(tree: Path) -> None:
    (tree / "a.txt").write_text("mended\n")
    git(tree, "commit", "--quiet", "--all", "--message", "Mend")


def ignored(tree: Path) -> None:
    (tree / "out").mkdir()
    (tree / "out" / "built").write_text("x")


@pytest.mark.parametrize("work", [nothing, committed, ignored])
def test_it_is_removed_when_all_is_committed_and_its_branch_stays(
    project: Path, root: Path, work: Callable[[Path], None]
) -> None:
    made = make(project, root, "x", copy=(".env",))
    work(Path(made.folder))
    head = git(Path(made.folder), "rev-parse", "HEAD")
    assert remove_if_saved(holder(made)) == "Its worktree was removed; its work is on podium/x."
    assert not holder(made).exists()
    assert git(project, "rev-parse", "podium/x") == head
    assert len(git(project, "worktree", "list").splitlines()) == 1


def changed(tree: Path) -> None:
    (tree / "a.txt").write_text("half\n")


def new(tree: Path) -> None:
    (tree / "new.txt").write_text("half\n")


def staged(tree: Path) -> None:
    (tree / "a.txt").write_text("half\n")
    git(tree, "add", "a.txt")


def deleted(tree: Path) -> None:
    (tree / "a.txt").unlink()


def detached(tree: Path) -> None:
    git(tree, "checkout", "--quiet", "--detach")
    committed(tree)


def merging(tree: Path) -> None:
    git(tree, "checkout", "--quiet", "-b", "other", "HEAD")
    committed(tree)
    git(tree, "checkout", "--quiet", "podium/x")
    git(tree, "merge", "--no-ff", "--no-commit", "other")


@pytest.mark.parametrize("work", [changed, new, staged, deleted, detached, merging])
def test_it_stays_with_what_is_not_committed(project: Path, root: Path, work: Callable[[Path], None]) -> None:
    made = make(project, root, "x")
    work(Path(made.folder))
    before = git(Path(made.folder), "status", "--porcelain")
    with pytest.raises(Kept, match=r"^Its worktree stays in "):
        remove_if_saved(holder(made))
    assert git(Path(made.folder), "status", "--porcelain") == before


def test_commits_that_were_left_behind_get_a_branch(project: Path, root: Path) -> None:
    made = make(project, root, "x")
    committed(Path(made.folder))
    lost = git(Path(made.folder), "rev-parse", "HEAD")
    git(Path(made.folder), "reset", "--quiet", "--hard", "HEAD~1")
    remove_if_saved(holder(made))
    assert git(project, "branch", "--contains", lost, "--format=%(refname:short)")


def test_a_copy_that_was_changed_is_kept(project: Path, root: Path) -> None:
    made = make(project, root, "x", copy=(".env",))
    (Path(made.folder) / ".env").write_text("KEY=2\n")
    assert "copies that it changed are in" in remove_if_saved(holder(made))
    assert (holder(made) / "kept" / ".env").read_text() == "KEY=2\n"
    assert not Path(made.folder).exists()


def test_a_folder_that_stands_in_its_place_stays(project: Path, root: Path, tmp_path: Path) -> None:
    made = make(project, root, "x")
    tree = Path(made.folder)
    tree.rename(tmp_path / "moved")
    tree.mkdir()
    (tree / "other").write_text("x")
    with pytest.raises(Kept, match="not the one that was made"):
        remove_if_saved(holder(made))
    assert (tree / "other").exists()


def test_one_that_is_gone_already_leaves_its_branch(project: Path, root: Path) -> None:
    made = make(project, root, "x")
    shutil.rmtree(made.folder)
    assert "gone already" in remove_if_saved(holder(made))
    assert not holder(made).exists()
    assert "podium/x" in branches(project)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"repository": "x", "folder": "../..", "branch": "b", "base": "c"}', "[" * 5000]
)
def test_a_manifest_that_makes_no_sense_removes_nothing(project: Path, root: Path, text: str) -> None:
    made = make(project, root, "x")
    (holder(made) / "worktree.json").write_text(text)
    with pytest.raises(Kept, match="stays in"):
        remove_if_saved(holder(made))
    assert Path(made.folder).is_dir()


def test_without_its_repository_it_stays(project: Path, root: Path) -> None:
    made = make(project, root, "x")
    shutil.rmtree(project)
    with pytest.raises(Kept, match="stays in"):
        remove_if_saved(holder(made))
    assert Path(made.folder).is_dir()


@pytest.mark.parametrize(
    ("folder", "found"),
    [
        ("/s/agents/x-1/shop", "/s/agents/x-1"),
        ("/s/agents/x-1/shop/web", "/s/agents/x-1"),
        ("/s/agents/x-1", None),
        ("/s/agents", None),
        ("/srv/shop", None),
        ("/s/agents/../shop/x", None),
        ("relative/x/y", None),
    ],
)
def test_a_folder_is_known_by_where_it_lies(folder: str, found: str | None) -> None:
    assert holder_of(Path(folder), Path("/s/agents")) == (Path(found) if found else None)
