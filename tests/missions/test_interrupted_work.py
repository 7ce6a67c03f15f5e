"""A mission is killed in a turn; whatever is run or cleaned then, its work is on a branch or where it was."""

import signal
import subprocess
from pathlib import Path

import pytest
from tests.missions.killed_mission import WORK, Killed
from tests.missions.mission_shell import mission_in_terminal, running, until
from tests.repositories.git_shell import git, repository
from tests.variants import rarely

from podium.core.missions.state import resumable

pytestmark = pytest.mark.fault("A5")
COMMIT = "git -c user.name=A -c user.email=a@example.invalid commit -q -m x"


def test_run_after_a_kill_keeps_the_work_on_a_branch(tmp_path: Path) -> None:
    killed = Killed(tmp_path)
    done = killed.mission("run", "--yes", killed.file)
    assert done.code == 0, done.log
    assert killed.interrupted == [f"podium/try/{killed.run_id}/a-r1-interrupted"]
    assert "unsaved work of a (2 files) is kept on " + killed.interrupted[0] in done.log
    assert killed.show("a.txt") == "one\nmore"
    assert killed.show("new/b.txt") == "new"
    assert (killed.root / "a" / "new" / "b.txt").exists()
    cleaned = killed.mission("clean")
    assert cleaned.code == 0, cleaned.log
    assert "1 stale run removed" in cleaned.log
    assert not killed.root.exists()
    assert len(killed.interrupted) == 1  # It was kept before: once is enough.
    assert killed.show("new/b.txt") == "new"
    assert len(git(killed.project, "worktree", "list").splitlines()) == 1


@pytest.mark.parametrize("lost_with", [*rarely("clean FILE"), "run, clean"])
def test_everything_an_agent_may_leave_is_kept(tmp_path: Path, lost_with: str) -> None:
    work = (
        "echo staged > s.txt; git add s.txt; echo later > s.txt\n"
        "git rm -q --cached a.txt; git update-index --add .gitignore\n"
        "printf 'x' > 'odd\tname '; ln -s nowhere link; touch note.log\n"
        "git update-index --assume-unchanged .gitignore; echo '#' >> .gitignore\n"
    )
    killed = Killed(tmp_path, work)
    if lost_with == "run, clean":
        assert killed.mission("run", "--yes", killed.file).code == 0
        done = killed.mission("clean")
    else:
        done = killed.mission("clean", killed.file)
        assert "1 ignored entry goes with it" in done.log
    assert done.code == 0, done.log
    assert not killed.root.exists()
    (branch,) = killed.interrupted
    assert killed.show("s.txt") == "later"
    assert git(killed.project, "show", f"{branch}~1:s.txt") == "staged"
    assert killed.show("a.txt") == "one"
    assert killed.show("odd\tname ") == "x"
    assert killed.show("link") == "nowhere"
    assert killed.show(".gitignore") == "*.log\n#"


@pytest.mark.parametrize("gone", ["", *rarely("rm -rf ../a", "git checkout -q -B x; git update-ref -d HEAD")])
def test_a_commit_that_is_on_no_branch_gets_one(tmp_path: Path, gone: str) -> None:
    work = f"git checkout -q --detach; echo loose > l.txt; git add l.txt\n{COMMIT}; {gone}"
    killed = Killed(tmp_path, work)
    done = killed.mission("clean", killed.file)
    assert done.code == 0, done.log
    assert not killed.root.exists()
    assert killed.show("l.txt") == "loose"
    assert killed.interrupted[0].startswith(f"podium/try/{killed.run_id}/a")


@pytest.mark.parametrize(
    ("work", "left", "action"),
    [
        ("echo '*.bin filter=zz' > .gitattributes; echo 1 > x.bin", "x.bin", "run"),
        ("echo '*.bin filter=zz' > .gitattributes; echo 1 > x.bin", "x.bin", "clean"),
        (f"git init -q nest; cd nest; echo 1 > f; git add f; {COMMIT}; cd ..", "nest", "clean"),
        *rarely(
            ("git init -q nest; echo 1 > nest/f", "nest", "run"),
            (f"rm .git; git init -q; git add .; {COMMIT}", ".git", "run"),
            ("mkdir it.log; git init -q it.log/nest; echo 1 > it.log/nest/f", "it.log/nest", "clean"),
        ),
    ],
    ids=["filter, run", "filter, clean", "commits", "files", "top", "ignored"],
)
def test_what_cannot_be_committed_stays_where_it_is(
    tmp_path: Path, work: str, left: str, action: str
) -> None:
    config = f"git -C {tmp_path}/p config filter.zz"
    killed = Killed(tmp_path, f"{config}.required true; {config}.clean false\n{work}\n{WORK}")
    lying = killed.root / "a" / left
    assert lying.exists()
    if action == "run":
        done = killed.mission("run", "--yes", killed.file)
        assert f"left in {killed.root / 'a'}: {left} (" in done.log
    else:
        done = killed.mission("clean", killed.file)
        assert done.code == 2
        assert "is not given up" in done.log
        assert resumable(killed.file) is not None
    assert killed.show("new/b.txt") == "new"  # One bad file costs no other.
    cleaned = killed.mission("clean")
    assert lying.exists(), cleaned.log
    assert str(killed.root) in cleaned.log


@pytest.mark.parametrize("changed", [*rarely(False), True])
def test_commits_in_a_submodule_are_kept(tmp_path: Path, changed: bool) -> None:
    local = "git -c protocol.file.allow=always submodule --quiet"
    repository(tmp_path / "sub", {"s.txt": "s\n"})
    work = f"{local} add {tmp_path}/sub s\n" + (
        f"cd s; echo x > x.txt; git add x.txt; {COMMIT}; git rev-parse HEAD > {tmp_path}/made; cd ..\n"
        if changed
        else ""
    )
    killed = Killed(tmp_path, work)
    done = killed.mission("clean", killed.file)
    assert len(killed.interrupted) == 1, done.log
    if changed:
        commit = (tmp_path / "made").read_text().strip()
        stores = [*killed.root.glob("a/s"), *killed.project.glob(".git/modules/s")]
        found = [
            subprocess.run(["git", "-C", store, "cat-file", "-e", commit], check=False) for store in stores
        ]
        assert any(done.returncode == 0 for done in found)
    else:
        assert not killed.root.exists()


def test_clean_lists_and_asks_before_it_touches_anything(tmp_path: Path) -> None:
    killed = Killed(tmp_path)
    listed = killed.mission("clean", "--list", killed.file)
    assert listed.code == 0
    assert f"2 files unsaved; first committed to podium/try/{killed.run_id}/a-r1-interrupted" in listed.log
    refused = mission_in_terminal("clean", killed.file, folder=tmp_path, keys=b"n\n")
    assert "Give up the interrupted run" in refused.log
    assert "Nothing was changed" in refused.log
    assert killed.interrupted == []
    assert resumable(killed.file) is not None
    agreed = mission_in_terminal("clean", killed.file, folder=tmp_path, keys=b"y\n")
    assert agreed.code == 0, agreed.log
    assert not killed.root.exists()
    assert killed.show("new/b.txt") == "new"
    assert resumable(killed.file) is None


def test_files_that_are_the_persons_own_are_not_committed(tmp_path: Path) -> None:
    killed = Killed(
        tmp_path, "cp -r ../../../../p/secret . 2>/dev/null; cp $ORIGINAL/secret .; " + WORK, kill=False
    )
    (killed.project / "secret").write_text("s\n")
    text = killed.file.read_text().replace("$ORIGINAL", str(killed.project))
    killed.file.write_text(text)
    with running("run", "--yes", killed.file, folder=tmp_path) as process:
        until(killed.begun.exists, "the agent's work")
        process.send_signal(signal.SIGKILL)
    assert killed.mission("clean", killed.file).code == 0
    (branch,) = killed.interrupted
    assert git(killed.project, "ls-tree", "-r", "--name-only", branch).split() == [
        ".gitignore",
        "a.txt",
        "new/b.txt",
    ]
