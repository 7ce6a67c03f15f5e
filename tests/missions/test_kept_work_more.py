"""Second ways into the holes of ``test_kept_work``: what git passes over, what hinders comparing, kill after kill."""

import signal
from pathlib import Path

import msgspec
import pytest
from tests.missions.mission_shell import (
    HEAD,
    Done,
    agent,
    files,
    mission,
    result,
    running,
    state_of,
    until,
    write,
)
from tests.repositories.git_shell import git, repository

from podium.core.missions.state import state_path
from podium.core.system.app_dirs import state_folder
from podium.missions.worktrees.ownership import worktrees_folder

COMMIT = "git -c user.name=x -c user.email=y commit --quiet"
SUBMODULES = "[workspace]\nsetup = 'git -c protocol.file.allow=always submodule --quiet update --init'\n"


def kept(file: Path) -> Path:
    """Where the work lies that could not be committed."""
    trees = state_of(file).worktrees
    assert trees is not None
    (work,) = trees.kept
    return Path(work.path)


def run(project: Path, *parts: str) -> tuple[Path, Done]:
    file = write(project, "".join(parts))
    done = mission("run", "--yes", file, folder=project)
    assert "Traceback" not in done.log
    return file, done


def every_name(project: Path) -> set[str]:
    """The names of all files in all commits that branches lead to."""
    return set(git(project, "log", "--branches", "-m", "--format=", "--name-only").split())


# What git passes over


@pytest.mark.fault("A4")
@pytest.mark.parametrize(
    ("script", "there"),
    [
        ("mkdir sub; echo important > sub/.git; echo y > sub/y", "sub/.git"),
        ("mkdir -p sub/.git; echo notes > sub/.git/notes; echo y > sub/y", "sub/.git/notes"),
        (f"cd d; git init --quiet; echo n > n; git add n; {COMMIT} -m x", "d/.git/HEAD"),
        (f"mkdir -p out; cd out; git init --quiet n; cd n; echo n > n; git add n; {COMMIT} -m x", "out/n/n"),
        (f"rm a.txt; git init --quiet a.txt; cd a.txt; echo n > n; git add n; {COMMIT} -m x", "a.txt/n"),
    ],
)
def test_what_git_passes_over_without_a_word_stays(tmp_path: Path, script: str, there: str) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n", "d/e": "e\n", ".gitignore": "out/\n"})
    file, done = run(project, HEAD, agent("a", f"echo good > good; ({script})"))
    assert done.code == 3, done.log
    assert (kept(file) / there).exists()
    assert "good" in files(project, result(project))


@pytest.mark.fault("A4")
def test_an_ignored_clone_without_own_commits_is_no_work(tmp_path: Path) -> None:
    repository(tmp_path / "library", {"lib.txt": "x\n"})
    project = repository(tmp_path / "p", {"a.txt": "one\n", ".gitignore": "out/\n"})
    _, done = run(project, HEAD, agent("a", f"git clone --quiet {tmp_path / 'library'} out/lib"))
    assert done.code == 0, done.log
    assert "it goes with the worktree" in done.words


@pytest.mark.fault("A8")
@pytest.mark.parametrize("name", [".gitignore", "d/.gitattributes"])
def test_git_does_not_wait_for_a_pipe(tmp_path: Path, name: str) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n", "d/e": "e\n"})
    _, done = run(project, HEAD, agent("a", f"mkfifo {name}; echo good > d/good"))
    assert done.code == 0, done.log
    assert "d/good" in files(project, result(project))


# Submodules


def _with_submodule(tmp_path: Path) -> Path:
    repository(tmp_path / "library", {"lib.txt": "x\n"})
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    git(
        project,
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        str(tmp_path / "library"),
        "lib",
    )
    git(project, "commit", "--quiet", "--message", "Submodule")
    return project


@pytest.mark.fault("A3")
@pytest.mark.parametrize(
    "then",
    [
        "cd ..; git add lib; git rm --quiet -f lib",
        "cd ..; git submodule --quiet deinit -f lib",
        "git checkout --quiet origin/HEAD",
    ],
)
def test_commits_of_a_submodule_that_was_removed_or_left_are_kept(tmp_path: Path, then: str) -> None:
    project = _with_submodule(tmp_path)
    script = f"cd lib; echo new > new; git add new; {COMMIT} -m mine; {then}"
    _, done = run(project, HEAD, SUBMODULES, agent("a", script))
    assert done.code == 0, done.log
    assert "in the submodule lib are kept in" in done.words
    store = project / ".git" / "modules" / "lib"
    (name,) = git(store, "for-each-ref", "--format=%(refname)", "refs/podium").split()
    assert git(store, "show", f"{name}:new") == "new"


@pytest.mark.fault("A3")
def test_a_repository_inside_of_a_submodule_stays(tmp_path: Path) -> None:
    project = _with_submodule(tmp_path)
    script = f"cd lib; git init --quiet n; cd n; echo n > n; git add n; {COMMIT} -m x"
    file, done = run(project, HEAD, SUBMODULES, agent("a", script))
    assert done.code == 3, done.log
    assert (kept(file) / "lib" / "n" / "n").exists()


@pytest.mark.fault("A3")
def test_commits_of_a_submodule_are_told_of_whom_made_them(tmp_path: Path) -> None:
    project = _with_submodule(tmp_path)
    first = agent("a", f"cd lib; echo new > new; git add new; {COMMIT} -m mine")
    _, done = run(project, HEAD, SUBMODULES, first, agent("b", "echo b > b", "depends_on = ['a']"))
    assert done.code == 0, done.log
    assert "Commits of a in the submodule" in done.words
    assert "Commits of b in the submodule" not in done.words


# What hinders a comparison


@pytest.fixture
def stashed(tmp_path: Path) -> Path:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    (project / "a.txt").write_text("stashed\n")
    git(project, "stash", "push", "--quiet")
    git(project, "branch", "foo")
    return project


@pytest.mark.fault("A6")
@pytest.mark.parametrize(
    "script",
    [
        "git branch -D foo; git branch foo/bar",
        "echo [ >> $C/config",
        "rm $C/HEAD",
        "rm -f $C/info/exclude; mkfifo $C/info/exclude",
    ],
)
def test_one_thing_that_hinders_does_not_hide_the_others(stashed: Path, script: str) -> None:
    before = [git(stashed, "rev-parse", name) for name in ("refs/stash", "foo", "HEAD")]
    config = (stashed / ".git" / "config").read_bytes()
    work = f"C=$(git rev-parse --git-common-dir); git stash pop --quiet; echo n > n; {script}"
    _, done = run(stashed, HEAD, agent("a", work))
    assert done.code == 0, done.log
    assert [git(stashed, "rev-parse", name) for name in ("refs/stash", "foo", "HEAD")] == before
    assert (stashed / ".git" / "config").read_bytes() == config
    assert "n" in files(stashed, result(stashed))


@pytest.mark.fault("A6")
def test_new_references_are_named_and_replacements_moved_aside(stashed: Path) -> None:
    script = "git tag v9; git branch other; git notes add -m hi; git replace HEAD $(git commit-tree -m r HEAD^{tree})"
    _, done = run(stashed, HEAD, agent("a", f"git config user.name x; git config user.email y; {script}"))
    assert done.code == 0, done.log
    assert git(stashed, "for-each-ref", "refs/replace") == ""
    assert "/moved/replace/" in git(stashed, "for-each-ref", "refs/podium")
    assert "New in the repository since the turn of a: branch other, note commits, tag v9" in done.words


@pytest.mark.fault("A6")
def test_every_version_of_a_replaced_file_is_kept(stashed: Path) -> None:
    script = "git config alias.x$PODIUM_ROUND '!true'; echo $PODIUM_ROUND > n"
    _, done = run(stashed, "name = 'Try'\nmax_rounds = 2\nstop_when = 'never'\n", agent("a", script))
    assert done.code == 0, done.log
    texts = [path.read_text() for path in (state_folder() / "kept").rglob("config*")]
    assert len(texts) == 2
    assert {"x1" in text for text in texts} == {"x2" in text for text in texts} == {True, False}


# Folders


@pytest.mark.fault("A7")
def test_a_link_that_stands_for_the_runs_folder_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    (precious / "empty").mkdir(parents=True)
    (precious / ".podium").mkdir()
    for name in ("owner.json", ".podium/git-a"):
        (precious / name).write_text("mine\n")
    (precious / "link").symlink_to("/etc")
    before = sorted(precious.rglob("*"))
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    script = f"R=$(dirname $PWD); echo n > n; cd /; mv $R $R.moved; ln -s {precious} $R"
    _, done = run(project, HEAD, agent("a", script), "[[gates]]\nname = 'g'\ncommand = 'true'\n")
    assert done.code == 0, done.log
    assert sorted(precious.rglob("*")) == before
    assert (precious / "owner.json").read_text() == "mine\n"
    assert "n" in files(project, result(project))


@pytest.mark.fault("A8")
def test_commits_in_the_worktree_of_the_gates_are_kept(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    script = f"echo n > n; cd ../.result; echo c > c; git add c; {COMMIT} -m c; echo x > x"
    _, done = run(project, HEAD, agent("a", script), "[[gates]]\nname = 'g'\ncommand = 'true'\n")
    assert done.code == 0, done.log
    assert {"n", "c", "x"} <= every_name(project)
    assert files(project, result(project)) == ["a.txt", "n"]


@pytest.mark.fault("A4")
def test_a_copied_file_that_an_agent_changed_is_kept(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    (project / "notes").write_text("mine\n")
    _, done = run(
        project, HEAD, "[workspace]\ncopy = ['notes']\n", agent("a", "echo more >> notes; echo n > n")
    )
    assert done.code == 0, done.log
    assert "notes" not in every_name(project)
    (copy,) = (state_folder() / "kept").rglob("notes")
    assert copy.read_text() == "mine\nmore\n"
    assert str(copy.parent) in done.words.replace(" ", "") or "are kept in" in done.words


@pytest.mark.fault("A8")
def test_a_rewound_commit_is_kept_though_git_keeps_no_logs(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    git(project, "config", "core.logAllRefUpdates", "false")
    script = f"echo n > n; git add n; {COMMIT} -m n; git reset --quiet --hard HEAD^; echo m > m"
    _, done = run(project, HEAD, agent("a", script))
    assert done.code == 0, done.log
    assert {"m", "n"} <= every_name(project)


# Kill after kill

COUNTED = "n=$(($(cat {0}/n) + 1)); echo $n > {0}/n; echo w$n > w$n; "


def interrupt(project: Path, file: Path, verb: str, begun: Path) -> None:
    with running(verb, "--yes", file, folder=project) as process:
        until(begun.exists, "the agent's work")
        process.send_signal(signal.SIGKILL)
    begun.unlink()


@pytest.mark.fault("A5")
def test_each_interruption_of_one_turn_is_kept(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    (tmp_path / "n").write_text("0\n")
    begun = tmp_path / "begun"
    script = COUNTED.format(tmp_path) + f"[ $n = 4 ] && exit 0; touch {begun}; sleep 100"
    file = write(project, HEAD + agent("a", script))
    for verb in ("run", "resume", "resume"):
        interrupt(project, file, verb, begun)
    done = mission("resume", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert {"w1", "w2", "w3", "w4"} <= every_name(project)


@pytest.mark.fault("A5")
def test_after_a_kill_the_persons_things_come_back_and_stay_theirs(stashed: Path, tmp_path: Path) -> None:
    (tmp_path / "n").write_text("0\n")
    (stashed / "secret").write_text("s\n")
    before, begun = git(stashed, "rev-parse", "refs/stash"), tmp_path / "begun"
    script = (
        COUNTED.format(tmp_path) + f"[ $n = 2 ] && exit 0; git stash pop --quiet; touch {begun}; sleep 100"
    )
    file = write(stashed, HEAD + "[workspace]\ncopy = ['secret']\n" + agent("a", script))
    interrupt(stashed, file, "run", begun)
    done = mission("resume", "--yes", file, folder=stashed)
    assert done.code == 0, done.log
    assert git(stashed, "rev-parse", "refs/stash") == before
    assert {"w1", "w2"} <= every_name(stashed)
    assert "secret" not in every_name(stashed)


@pytest.mark.fault("A5")
def test_a_run_that_is_given_up_says_what_is_missing(stashed: Path, tmp_path: Path) -> None:
    (tmp_path / "n").write_text("0\n")
    before, begun = git(stashed, "rev-parse", "refs/stash"), tmp_path / "begun"
    script = COUNTED.format(tmp_path) + (
        f"[ $n = 2 ] && exit 0; git stash pop --quiet; git branch -D foo; touch {begun}; sleep 100"
    )
    file = write(stashed, HEAD + agent("a", script))
    interrupt(stashed, file, "run", begun)
    done = mission("run", "--yes", file, folder=stashed)
    assert done.code == 0, done.log
    assert f"git stash apply {before[:12]}" in done.words
    assert "the branch foo is gone" in done.words
    git(stashed, "gc", "--quiet", "--prune=now")
    assert git(stashed, "cat-file", "-t", before) == "commit"


@pytest.mark.fault("A5")
def test_a_run_of_an_older_podium_goes_on_in_its_worktree(tmp_path: Path) -> None:
    """Which wrote no worktrees down, and left a file beside each of them."""
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    (tmp_path / "n").write_text("0\n")
    begun = tmp_path / "begun"
    commit = f"git add w$n; {COMMIT} -m w; echo d$n > d$n; "
    script = COUNTED.format(tmp_path) + commit + f"[ $n = 2 ] && exit 0; touch {begun}; sleep 100"
    file = write(project, HEAD + agent("a", script))
    interrupt(project, file, "run", begun)
    state = msgspec.json.decode(state_path(file).read_bytes())
    del state["worktrees"]["checkouts"]
    state_path(file).write_bytes(msgspec.json.encode(state))
    for name in (".ready-a", ".ready-.result"):
        (worktrees_folder() / state_of(file).run / name).touch()
    done = mission("resume", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert {"w1", "d1", "w2", "d2"} <= every_name(project)
    assert list(worktrees_folder().iterdir()) == []
