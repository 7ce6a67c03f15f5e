"""The worktrees of a run: reused, replaced, kept or removed, and never before what is in them was saved."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.repositories.git_shell import git, opened, repository

from podium.core.missions.spec import AgentSpec, Mission, WorkspaceSpec
from podium.core.missions.state import WorktreesState
from podium.missions.stopping import StopSignal
from podium.missions.workspace import CannotPrepare
from podium.missions.worktrees.checkouts import Checkouts, kept_folder
from podium.missions.worktrees.ownership import worktrees_folder
from podium.repositories.author import Author
from podium.repositories.worktree import Worktree

RUN = "1130-0800-abcdef"
OF_RUN = f"podium/m/{RUN}"
ANN = Author("Ann", "ann")


class Run:
    """A run with one agent, ``ann``."""

    runner: asyncio.Runner
    """One event loop for all of a test, because signals to stop belong to one."""

    def __init__(self, folder: Path, **workspace: Any) -> None:
        self.project = repository(
            folder / "p", {"a.txt": "one\n", "sub/b.txt": "b\n", ".gitignore": "*.log\n"}
        )
        self.base = git(self.project, "rev-parse", "HEAD")
        self.root = worktrees_folder() / RUN
        self.trees = WorktreesState(
            str(self.project), str(self.root), f"{OF_RUN}/result", self.base, self.base
        )
        self.told: list[str] = []
        self.workspace = WorkspaceSpec(**workspace)
        self.checkouts = self.again()

    def again(self) -> Checkouts:
        """As after a restart, with the state that is on disk."""

        async def in_thread(work: Callable[..., Any], *arguments: Any) -> Any:
            return work(*arguments)

        file = self.project / "mission.toml"
        mission = Mission(file, "m", self.project, (AgentSpec("ann"),), workspace=self.workspace)
        self.checkouts = Checkouts(
            mission,
            opened(self.project),
            self.trees,
            RUN,
            StopSignal(),
            in_thread,
            lambda: None,
            self.told.append,
            lambda: "",
        )
        return self.checkouts

    def ready(self, number: int = 1) -> Worktree:
        tree = self.runner.run(
            self.checkouts.make_ready("ann", "Ann", self.base, f"{OF_RUN}/ann-r{number}", number)
        )
        self.checkouts.used_by_agent("ann")
        return tree

    def save(self, number: int = 1) -> Any:
        branch = f"{OF_RUN}/ann-r{number}"
        return self.runner.run(self.checkouts.save("ann", "Ann", branch, self.base, "Work", ANN))

    def remove(self, teardown: Any = None) -> None:
        self.runner.run(self.checkouts.remove("ann", "Ann", teardown))

    def at(self, branch: str) -> str:
        return git(self.project, "for-each-ref", "--format=%(objectname)", f"refs/heads/{OF_RUN}/{branch}")

    def show(self, branch: str, name: str) -> str:
        return git(self.project, "show", f"{OF_RUN}/{branch}:{name}")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


@pytest.fixture(autouse=True)
def _loop(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with asyncio.Runner() as runner:
        monkeypatch.setattr(Run, "runner", runner, raising=False)
        yield


def test_a_worktree_is_made_once_and_brought_to_its_commit_again(run: Run) -> None:
    tree = run.ready()
    assert (tree.path, run.checkouts.is_ready("ann"), run.checkouts.usable("ann")) == (
        run.root / "ann",
        True,
        True,
    )
    assert git(tree.path, "rev-parse", "--abbrev-ref", "HEAD") == f"{OF_RUN}/ann-r1"
    (tree.path / "a.txt").write_text("two\n")
    (tree.path / "x.log").write_text("built")
    assert run.save().files == ("a.txt",)
    again = run.ready(2)
    assert again is tree
    assert run.at("ann-r1-after") == "", "what was saved is not saved again"
    assert git(tree.path, "rev-parse", "--abbrev-ref", "HEAD") == f"{OF_RUN}/ann-r2"
    assert (tree.path / "a.txt").read_text() == "one\n"
    assert (tree.path / "x.log").read_text() == "built", "what git ignores saves building it again"
    assert run.trees.kept == []


def test_what_was_done_after_the_last_save_is_kept_on_a_branch(run: Run) -> None:
    tree = run.ready()
    run.save()
    (tree.path / "late.txt").write_text("late")
    run.ready(2)
    assert run.show("ann-r1-after", "late.txt") == "late"
    assert run.told == [
        f"What was done in the worktree of Ann since then is kept on {OF_RUN}/ann-r1-after",
    ]
    run.save(2)
    run.ready(3)
    assert run.at("ann-r2-after") == "", "no branch for nothing"


def test_another_folder_in_its_place_is_not_believed_and_stays(run: Run, tmp_path: Path) -> None:
    tree = run.ready()
    run.save()
    tree.path.rename(tmp_path / "stolen")
    tree.path.mkdir()
    (tree.path / "planted").write_text("x")
    run.again()
    assert not run.checkouts.usable("ann")
    new = run.ready(2)
    assert new.path == run.root / "ann.2"
    assert (run.root / "ann" / "planted").exists()
    assert "The worktree of Ann is not as it was made; it gets a new one" in run.told


def test_a_link_below_it_is_no_place_for_programs(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.trees.subfolder = "sub"
    tree = run.ready()
    assert run.checkouts.place(tree) == tree.path / "sub"
    (tree.path / "sub" / "b.txt").unlink()
    (tree.path / "sub").rmdir()
    (tree.path / "sub").symlink_to(tmp_path)
    assert not run.checkouts.usable("ann")


def test_work_that_git_cannot_take_stays_and_the_agent_gets_another_folder(run: Run) -> None:
    tree = run.ready()
    repository(tree.path / "inner", {"x": "x"})
    (tree.path / "a.txt").write_text("two\n")
    saved = run.save()
    assert saved.files == ("a.txt",)
    (kept,) = run.trees.kept
    assert (kept.path, kept.agent, kept.files) == (
        str(tree.path),
        "Ann",
        ("inner: it is a repository of its own",),
    )
    assert "ann" not in run.trees.checkouts
    assert run.ready(2).path == run.root / "ann.2"
    run.save(2)
    run.remove()
    assert (tree.path / "inner" / "x").exists()
    assert not (run.root / "ann.2").exists()
    assert len(run.trees.kept) == 1


def test_removing_saves_first_and_tears_down_only_what_is_still_ours(run: Run) -> None:
    torn: list[Path] = []

    async def teardown(place: Path) -> None:
        assert run.show("ann-r1-after", "late.txt") == "late"
        torn.append(place)

    tree = run.ready()
    run.save()
    (tree.path / "late.txt").write_text("late")
    run.remove(teardown)
    assert torn == [tree.path]
    assert not tree.path.exists()
    assert run.trees.checkouts == {}
    assert len(git(run.project, "worktree", "list").splitlines()) == 1
    run.remove(teardown)
    assert len(torn) == 1


def test_what_cannot_be_saved_at_the_end_is_not_removed(run: Run) -> None:
    tree = run.ready()
    run.save()
    repository(tree.path / "inner", {"x": "x"})
    run.remove()
    assert (tree.path / "inner" / "x").exists()
    assert [kept.path for kept in run.trees.kept] == [str(tree.path)]


def test_one_that_nobody_used_goes_without_a_branch(run: Run) -> None:
    run.runner.run(run.checkouts.make_ready("ann", "Ann", run.base, "", 0))
    run.remove()
    assert not (run.root / "ann").exists()
    assert git(run.project, "for-each-ref", f"refs/heads/{OF_RUN}") == ""


def test_commits_in_a_detached_worktree_nobody_was_to_use_are_kept(run: Run) -> None:
    tree = run.runner.run(run.checkouts.make_ready("ann", "Ann", run.base, "", 0))
    git(tree.path, "commit", "--quiet", "--allow-empty", "--message", "from a gate")
    (tree.path / "new.txt").write_text("x")
    git(tree.path, "add", "new.txt")
    git(tree.path, "commit", "--quiet", "--message", "also")
    run.remove()
    assert run.show("result-after", "new.txt") == "x"


def test_the_persons_files_are_copied_and_what_became_of_them_is_kept(tmp_path: Path) -> None:
    run = Run(tmp_path, copy=(".env", "same"), keep=("*.keep.log",))
    for name in (".env", "same", "other"):
        (run.project / name).write_text("secret")
    tree = run.ready()
    assert ((tree.path / ".env").read_text(), (tree.path / "other").exists()) == ("secret", False)
    (tree.path / ".env").write_text("changed")
    (tree.path / "a.keep.log").write_text("kept")
    (tree.path / "b.log").write_text("lost")
    assert run.save().files == ()
    target = kept_folder(RUN) / "ann"
    assert sorted(path.name for path in target.iterdir()) == [".env", "a.keep.log"]
    assert (target / ".env").read_text() == "changed"
    assert any("it goes with the worktree (1 files and folders): b.log" in line for line in run.told)
    run.told.clear()
    run.save()
    assert run.told == [], "it is told once"


def test_a_setup_that_fails_is_run_again_the_next_time(tmp_path: Path) -> None:
    run = Run(tmp_path, setup=("sh", "-c", "echo once >> setup.log; test -e ../../go"))
    with pytest.raises(CannotPrepare, match="setup exited with 1"):
        run.ready()
    assert not run.checkouts.is_ready("ann")
    (run.root.parent / "go").touch()
    tree = run.ready()
    (tree.path / "a.txt").write_text("two\n")
    run.save()
    run.ready(2)
    assert (tree.path / "setup.log").read_text().count("once") == 1, (
        "a folder that is ready is not set up again"
    )


def test_a_moved_worktree_is_saved_from_where_it_is(run: Run) -> None:
    tree = run.ready()
    (tree.path / "a.txt").write_text("two\n")
    tree.path.rename(run.root / "moved")
    assert run.save().files == ("a.txt",)
    assert not (run.root / "moved").exists()
    assert "Ann moved its worktree; its work was taken from where it was" in run.told


def test_the_worktree_of_an_older_podium_is_taken_over(run: Run) -> None:
    tree = run.ready()
    (tree.path / "a.txt").write_text("two\n")
    run.trees.checkouts.clear()
    checkouts = run.again()
    checkouts.adopt("ann", f"{OF_RUN}/ann-r1")
    assert run.save().files == ("a.txt",)
    checkouts.adopt("nobody", "")
    assert list(run.trees.checkouts) == ["ann"]


def test_a_copy_that_is_there_already_stays_as_it_is(tmp_path: Path) -> None:
    run = Run(tmp_path, copy=("own.log",))
    (run.project / "own.log").write_text("theirs")
    tree = run.ready()
    (tree.path / "own.log").write_text("changed")
    run.save()
    run.ready(2)
    assert (tree.path / "own.log").read_text() == "changed"
