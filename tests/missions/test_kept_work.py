"""Whatever agents and repositories do, work is in a commit or lies where it was made, and that is said."""

import subprocess
from pathlib import Path

import pytest
from tests.missions.kept_work import TWO_ROUNDS, assert_partly_done, show
from tests.missions.mission_shell import HEAD, agent, files, mission, result, state_of, write
from tests.repositories.git_shell import git, repository
from tests.variants import rarely

from podium.missions.worktrees.ownership import worktrees_folder

SOCKET = "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"s\")'"


def kept(file: Path) -> list[tuple[Path, tuple[str, ...]]]:
    """Where work lies that could not be committed, and which files."""
    trees = state_of(file).worktrees
    assert trees is not None
    return [(Path(work.path), work.files) for work in trees.kept]


# What git can't take


def _safecrlf(project: Path) -> None:
    git(project, "config", "core.autocrlf", "input")
    git(project, "config", "core.safecrlf", "true")


def _utf16(project: Path) -> None:
    (project / ".gitattributes").write_text("*.u16 working-tree-encoding=UTF-16\n")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "Attributes")


def _missing_filter(project: Path) -> None:
    (project / ".gitattributes").write_text("*.bin filter=zz\n")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "Attributes")
    git(project, "config", "filter.zz.clean", "no-such-program-here")
    git(project, "config", "filter.zz.required", "true")


@pytest.mark.fault("A1")
@pytest.mark.parametrize("rounds", [*rarely(1), 2])
@pytest.mark.parametrize(
    ("prepare", "name", "data"),
    [
        (_safecrlf, "bad.txt", r"a\r\nb\r\n"),
        (_utf16, "bad.u16", "no mark of the byte order"),
        (_missing_filter, "bad.bin", "x"),
    ],
)
def test_a_file_git_refuses_stays_and_the_others_are_taken(
    tmp_path: Path, prepare: object, name: str, data: str, rounds: int
) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    assert callable(prepare)
    prepare(project)
    script = (
        f"if [ $PODIUM_ROUND = 1 ]; then printf '{data}' > {name}; mkdir -p deep/er; printf '{data}' > deep/er/{name}; "
        "echo good > good.txt; echo two > a.txt; else echo second > second.txt; fi"
    )
    head = HEAD if rounds == 1 else TWO_ROUNDS
    file = write(project, head + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert_partly_done(done)
    ((where, names),) = kept(file)
    assert (where / name).read_bytes() == (where / "deep" / "er" / name).read_bytes() != b""
    assert {text.partition(":")[0] for text in names} == {name, f"deep/er/{name}"}
    assert str(where) in done.words.replace(" ", "") or str(where) in done.log.replace("\n  ", "")
    taken = files(project, result(project))
    assert {"good.txt", "a.txt"} <= set(taken)
    assert show(project, result(project), "a.txt") == b"two\n"
    assert name not in taken
    if rounds == 2:
        assert "second.txt" in taken
    assert "git could not take" in done.words


@pytest.mark.fault("A1")
def test_a_tracked_file_that_git_refuses_now_stays_changed(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n", "b.txt": "b\n"})
    _safecrlf(project)
    file = write(project, HEAD + agent("a", r"printf 'x\r\ny\r\n' > a.txt; rm b.txt; echo n > n"))
    done = mission("run", "--yes", file, folder=project)
    assert_partly_done(done)
    ((where, _),) = kept(file)
    assert (where / "a.txt").read_bytes() == b"x\r\ny\r\n"
    assert files(project, result(project)) == ["a.txt", "n"]
    assert show(project, result(project), "a.txt") == b"one\n"
    assert git(where, "status", "--porcelain").split() == ["M", "a.txt"]


@pytest.mark.fault("A1")
def test_files_marked_as_unchanged_are_looked_at(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n", "b.txt": "b\n"})
    script = (
        "git update-index --assume-unchanged a.txt; git update-index --skip-worktree b.txt; echo two > a.txt; "
        "echo two > b.txt"
    )
    file = write(project, HEAD + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert show(project, result(project), "a.txt") == show(project, result(project), "b.txt") == b"two\n"


@pytest.mark.fault("A1")
def test_a_broken_index_costs_no_work(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n", "b.txt": "b\n"})
    script = "echo two > a.txt; echo new > new; echo rubbish > $(git rev-parse --git-dir)/index"
    file = write(project, HEAD + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert files(project, result(project)) == ["a.txt", "b.txt", "new"]


# Sparse checkouts


@pytest.mark.fault("A2")
@pytest.mark.parametrize("whose", ["the person's", *rarely("the agent's")])
def test_work_outside_of_a_sparse_checkout_is_taken(tmp_path: Path, whose: str) -> None:
    project = repository(tmp_path / "p", {"src/a": "one\n", "docs/b": "b\n", "top": "t\n"})
    set_sparse = "git sparse-checkout set src"
    if whose == "the person's":
        subprocess.run(set_sparse.split(), cwd=project, check=True, capture_output=True)
    script = (
        f"{set_sparse}; mkdir -p docs; echo n > docs/new.md; echo two > src/a; echo x > src/x; echo y > top2"
    )
    file = write(project, TWO_ROUNDS + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert files(project, result(project)) == ["docs/b", "docs/new.md", "src/a", "src/x", "top", "top2"]


# Repositories inside, ignored files


@pytest.mark.fault("A4")
@pytest.mark.parametrize("rounds", [*rarely(1), 2])
def test_a_repository_made_inside_stays_with_its_commits(tmp_path: Path, rounds: int) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    commit = "git -c user.name=x -c user.email=y commit --quiet --allow-empty -m inner"
    script = (
        f"if [ $PODIUM_ROUND = 1 ]; then git init --quiet nest; (cd nest; {commit}); "
        "mkdir -p in; git init --quiet in/only-files; echo f > in/only-files/f; echo two > a.txt; fi"
    )
    file = write(project, (HEAD if rounds == 1 else TWO_ROUNDS) + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert_partly_done(done)
    ((where, names),) = kept(file)
    assert git(where / "nest", "log", "-1", "--format=%s") == "inner"
    assert (where / "in" / "only-files" / "f").exists()
    assert "nest: it is a repository of its own" in names
    assert show(project, result(project), "a.txt") == b"two\n"


@pytest.mark.fault("A4")
def test_a_worktree_that_became_a_repository_of_its_own_stays(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    script = (
        "rm .git; git init --quiet; echo two > a.txt; git add --all; "
        "git -c user.name=x -c user.email=y commit --quiet -m mine"
    )
    file = write(project, HEAD + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert_partly_done(done)
    ((where, _),) = kept(file)
    assert git(where, "log", "-1", "--format=%s") == "mine"
    assert show(project, result(project), "a.txt") == b"two\n"


@pytest.mark.fault("A4")
def test_ignored_files_are_counted_and_those_that_a_setting_names_are_kept(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n", ".gitignore": "*.log\nbuild/\n*.db\n"})
    script = "echo two > a.txt; echo l > x.log; mkdir build; echo b > build/b; echo d > data.db; echo d > build/in.db"
    settings = "[workspace]\nkeep = ['**/*.db']\nsetup = 'echo s > setup.log'\n"
    file = write(project, HEAD + settings + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert (
        "a made what git ignores; it goes with the worktree (2 files and folders): build/, x.log"
        in done.words
    )
    folder = worktrees_folder().parent / "kept" / state_of(file).run / "a"
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*.db")) == [
        "build/in.db",
        "data.db",
    ]
    assert str(folder) in done.log.replace("\n  ", "")


@pytest.mark.fault("G5")
def test_a_copied_file_that_git_ignores_costs_no_turn(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n", ".gitignore": ".env\n"})
    (project / ".env").write_text("SECRET=1\n")
    file = write(
        project, HEAD + "[workspace]\ncopy = ['.env']\n" + agent("a", "cat .env > seen; echo two > a.txt")
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert show(project, result(project), "a.txt") == b"two\n"
    assert files(project, result(project)) == [".gitignore", "a.txt", "seen"]
