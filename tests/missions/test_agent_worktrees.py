"""Whatever an agent does to its own worktree, its work is kept or said to be lost."""

import subprocess
from pathlib import Path

import pytest
from tests.missions.kept_work import COMMIT, TWO_ROUNDS, assert_partly_done, show
from tests.missions.mission_shell import HEAD, agent, branches, files, mission, result, write
from tests.repositories.git_shell import git, repository
from tests.variants import rarely

# Whatever an agent does to its own worktree


@pytest.mark.fault("A8")
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('mv "$PWD" ../moved; cd ../moved; echo two > a.txt', b"two\n"),
        *rarely(
            ('mv "$PWD" {tmp}/moved; cd {tmp}/moved; echo two > a.txt', b"two\n"),
            ("git worktree move . ../moved; cd ../moved; echo two > a.txt", b"two\n"),
        ),
        ("rm .git; echo two > a.txt", b"two\n"),
        (f"echo two > a.txt; {COMMIT} -am mine; git update-ref -d $(git symbolic-ref HEAD)", b"two\n"),
        *rarely(
            (f"echo two > a.txt; {COMMIT} -am mine; git branch -m renamed", b"two\n"),
            (
                (
                    f"git checkout --quiet --orphan lone; echo two > a.txt; {COMMIT} -am mine; "
                    "git branch -m $PODIUM_AGENT"
                ),
                None,
            ),
            ("git checkout --quiet --detach HEAD~1; echo two > b.txt", b"one\n"),
        ),
        (f"echo two > a.txt; {COMMIT} -am mine; git worktree remove --force .", b"two\n"),
        *rarely(
            ("rm -rf $(git rev-parse --git-dir); echo two > a.txt", b"two\n"),
            ("echo two > a.txt; git gc --quiet --prune=now", b"two\n"),
        ),
        (
            "echo two > a.txt; git add a.txt; git reflog expire --expire=now --all; git gc --quiet --prune=now",
            b"two\n",
        ),
        (
            (
                "echo two > a.txt; mkfifo pipe; "
                "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"s\")'"
            ),
            b"two\n",
        ),
        *rarely(("echo two > a.txt; chmod 000 .; chmod 755 .", b"two\n")),
        ("echo two > a.txt; git config core.worktree /; git config core.bare true", b"two\n"),
    ],
)
def test_an_agent_may_do_anything_to_its_own_worktree(
    tmp_path: Path, script: str, expected: bytes | None
) -> None:
    project = repository(tmp_path / "p", {"a.txt": "zero\n"})
    (project / "a.txt").write_text("one\n")
    git(project, "commit", "--quiet", "--all", "--message", "Second")
    file = write(
        project,
        TWO_ROUNDS + agent("a", "[ $PODIUM_ROUND = 2 ] && exit 0\n" + script.replace("{tmp}", str(tmp_path))),
    )
    done = mission("run", "--yes", file, folder=project)
    assert "Traceback" not in done.log, done.log
    assert "fault in Podium" not in done.log, done.log
    if expected is not None:
        assert done.code == 0, done.log
        assert show(project, result(project), "a.txt") == expected, done.log
    else:
        everything = git(project, "log", "--all", "--format=%H").split()
        assert any(b"two" in show(project, commit, "a.txt") for commit in everything)
    assert git(project, "rev-parse", "main") == git(project, "rev-parse", "HEAD")


@pytest.mark.fault("A8")
def test_names_git_can_store_and_people_can_not_read(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    script = (
        "python3 - <<E\nimport os\n"
        "for name in (b'caf\\\\xe9', b'ends in a blank ', b'two\\\\nlines', b'-x', b'tab\\\\t'):\n"
        "    open(name, 'w').write('x')\nE"
    )
    file = write(project, HEAD + agent("a", script, "owns = ['src/**']"))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    names = subprocess.run(
        ["git", "ls-tree", "-z", "--name-only", result(project)], cwd=project, capture_output=True, check=True
    ).stdout.split(b"\0")
    assert {b"caf\xe9", b"ends in a blank ", b"two\nlines", b"-x", b"tab\t"} <= set(names)
    assert "caf\\xe9" in done.log


@pytest.mark.fault("A8")
def test_a_conflict_in_a_file_whose_name_is_not_utf_8_is_told(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})

    def meet(own: str, other: str) -> str:
        return f"touch {tmp_path}/{own}; until [ -e {tmp_path}/{other} ]; do sleep 0.05; done"

    script = 'python3 -c \'import os; open(b"caf\\xe9", "w").write("{id}")\''
    file = write(
        project,
        "name = 'Try'\nmax_rounds = 1\nmax_concurrency = 2\n"
        + agent("a", f"{meet('a', 'b')}; {script.replace('{id}', 'a')}")
        + agent("b", f"{meet('b', 'a')}; {script.replace('{id}', 'b')}"),
    )
    done = mission("run", "--yes", file, folder=project)
    assert_partly_done(done)
    assert "it conflicts in caf\\xe9" in done.words


@pytest.mark.fault("A8")
@pytest.mark.parametrize("what", ["merge", *rarely("rebase", "cherry-pick")])
def test_what_was_left_half_done_is_kept_and_not_merged(tmp_path: Path, what: str) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    begin = {
        "merge": "git merge --quiet other",
        "rebase": "git rebase --quiet other",
        "cherry-pick": "git cherry-pick other",
    }[what]
    git(project, "checkout", "--quiet", "-b", "other")
    (project / "a.txt").write_text("theirs\n")
    git(project, "commit", "--quiet", "--all", "--message", "Theirs")
    git(project, "checkout", "--quiet", "main")
    identity = "export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=y GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=y"
    first = f"{identity}; echo mine > a.txt; git commit --quiet -am mine; {begin}; echo more > more"
    file = write(
        project,
        TWO_ROUNDS + agent("a", f"if [ $PODIUM_ROUND = 1 ]; then {first}; else git status > said; fi; true"),
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert files(project, result(project)) == ["a.txt", "said"]
    assert b"in progress" not in show(project, result(project), "said")
    (unfinished,) = [name for name in branches(project) if name.endswith("/a-r1")]
    assert files(project, unfinished) == ["a.txt", "more"]
    subjects = git(project, "log", "--branches", "--format=%s").splitlines()
    assert "mine" in subjects


@pytest.mark.fault("A8")
def test_commits_that_were_rewound_or_left_are_kept(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    script = (
        f"echo lost > lost; git add lost; {COMMIT} -m rewound; git reset --quiet --hard HEAD~1; "
        f"git checkout --quiet --detach; echo away > away; git add away; {COMMIT} -m left; git checkout --quiet -; "
        f"echo first > x; git add x; {COMMIT} -m first; {COMMIT} --amend -m second; echo two > a.txt"
    )
    file = write(project, HEAD + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert "Commits that a left behind are kept on" in done.words
    (left,) = [name for name in branches(project) if name.endswith("-left")]
    subjects = git(project, "log", "--format=%s", left).splitlines()
    assert {"rewound", "left"} <= set(subjects)
    assert "first" not in subjects
    assert files(project, result(project)) == ["a.txt", "x"]


@pytest.mark.fault("A8")
def test_a_neighbour_that_removes_a_worktree_costs_only_what_was_not_committed(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = write(
        project,
        "name = 'Try'\nmax_rounds = 2\nmax_concurrency = 2\nstop_when = 'never'\n"
        + agent(
            "victim",
            f"[ $PODIUM_ROUND = 2 ] || {{ echo v > v; git add v; {COMMIT} -m v; touch ../done; sleep 1; }}",
        )
        + agent(
            "wild",
            "if [ $PODIUM_ROUND = 1 ]; then until [ -e ../done ]; do sleep 0.05; done; rm ../done; "
            "git worktree remove --force ../victim; fi; echo w > w",
        ),
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert files(project, result(project)) == ["a.txt", "v", "w"]
    assert "The worktree of victim was removed" in done.words
