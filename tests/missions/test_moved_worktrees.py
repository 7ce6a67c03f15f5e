"""Worktrees whose owner cannot be told: still running, moved, or killed before they were named."""

import os
import signal
import subprocess
from pathlib import Path

import pytest
from tests.missions.killed_mission import Killed
from tests.missions.mission_shell import mission, running, state_of, until
from tests.repositories.git_shell import git, repository
from tests.variants import rarely

from podium.core.missions.state import MissionState, resumable, state_path
from podium.core.system.app_dirs import state_folder
from podium.core.system.process_identity import ProcessIdentity
from podium.core.system.scratch import remove_left_behind
from podium.missions.rounds.store import StateStore
from podium.missions.rounds.survivors import end_survivors
from podium.missions.run_lock import RunLock
from podium.missions.turns.environment import MISSION_RUN
from podium.missions.worktrees.ownership import Owner, own, worktrees_folder

pytestmark = pytest.mark.fault("A5")


@pytest.mark.parametrize("content", [b"", *rarely(b"{", None)])
def test_worktrees_of_a_mission_that_runs_stay_whatever_their_owner_file_says(
    tmp_path: Path, content: bytes | None
) -> None:
    killed = Killed(tmp_path, kill=False)
    with running("run", "--yes", killed.file, folder=tmp_path):
        until(killed.begun.exists, "the agent's work")
        killed.run_id = state_of(killed.file).run
        owner = killed.root / "owner.json"
        if content is None:
            owner.unlink()
        else:
            owner.write_bytes(content)
        cleaned = killed.mission("clean")
        assert f"kept {killed.root}: its mission runs" in cleaned.log
        assert (killed.root / "a" / "new" / "b.txt").exists()
        assert len(git(killed.project, "worktree", "list").splitlines()) == 2


def test_a_lock_says_that_a_mission_runs_when_its_process_cannot_be_seen(tmp_path: Path) -> None:
    """As in another container, where a process has another number."""
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    root = worktrees_folder() / "1125-1846-3f9a07"
    own(root, Owner(root.name, ProcessIdentity(2**22 + 1, "1"), str(project), str(project / "m.toml")))
    lock = RunLock.take(state_path(project / "m.toml"))
    lock.name(root.name)
    assert "its mission runs" in mission("clean", folder=tmp_path).log
    assert root.exists()
    lock.close()
    assert mission("clean", folder=tmp_path).code == 0
    assert not root.exists()


def test_clean_keeps_and_names_what_it_does_not_understand(tmp_path: Path) -> None:
    killed = Killed(tmp_path)
    base = worktrees_folder()
    (base / "foreign").mkdir()
    (base / "foreign" / "letter").write_text("dear")
    other = base / "copied"
    other.mkdir()
    (other / "owner.json").write_bytes((killed.root / "owner.json").read_bytes())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "letter").write_text("dear")
    (base / "link").symlink_to(elsewhere)
    (killed.root / "notes").mkdir()
    (killed.root / "notes" / "letter").write_text("dear")
    done = killed.mission("clean", killed.file)
    for kept in (base / "foreign", other, base / "link", killed.root):
        assert f"kept {kept}: " in done.log
    letters = [base / "foreign" / "letter", elsewhere / "letter", killed.root / "notes" / "letter"]
    assert [path.read_text() for path in letters] == ["dear"] * 3
    assert (killed.root / "a" / "new" / "b.txt").exists()
    assert killed.show("new/b.txt") == "new"


def test_worktrees_of_a_repository_that_was_moved_are_kept(tmp_path: Path) -> None:
    killed = Killed(tmp_path)
    state_path(killed.file).unlink()
    end_survivors(killed.run_id)  # Its reaper may or may not have done so by now.
    with subprocess.Popen(["sleep", "600"], env={**os.environ, MISSION_RUN: killed.run_id}) as left:
        assert f"still runs (process {left.pid})" in killed.mission("clean").log
        left.kill()
    killed.project.rename(tmp_path / "moved")
    done = killed.mission("clean")
    assert "its repository can’t be used" in done.log
    assert (killed.root / "a" / "new" / "b.txt").exists()
    remove_left_behind()


def test_worktrees_that_were_moved_to_another_disk_are_saved_and_cleaned(tmp_path: Path) -> None:
    killed = Killed(tmp_path)
    place, disk = state_folder() / "worktrees", tmp_path / "disk"
    place.rename(disk)
    place.symlink_to(disk)
    assert resumable(killed.file) is not None
    done = killed.mission("clean", killed.file)
    assert done.code == 0, done.log
    assert killed.show("new/b.txt") == "new"
    assert list(disk.iterdir()) == []


@pytest.mark.parametrize("where", ["setup", *rarely("gate")])
def test_killed_before_its_first_round_it_can_be_resumed(tmp_path: Path, where: str) -> None:
    waiting = tmp_path / "waiting"
    waits = f"test -e {tmp_path}/go || {{ touch {waiting}; sleep 600; }}"
    more = (
        f"[workspace]\nsetup = ['sh', '-c', '{waits}']\n"
        if where == "setup"
        else f"[[gates]]\nname = 'g'\ncommand = ['sh', '-c', '{waits}']\n"
    )
    killed = Killed(tmp_path, kill=False, more=more)
    killed.once.unlink()
    with running("run", "--yes", killed.file, folder=tmp_path) as process:
        until(waiting.exists, where)
        process.send_signal(signal.SIGKILL)
    info = resumable(killed.file)
    assert info is not None
    assert info.round == 1
    run = state_of(killed.file).run
    git(killed.project, "commit", "--quiet", "--allow-empty", "--message", "Meanwhile")
    (tmp_path / "go").touch()
    done = killed.mission("resume", killed.file)
    assert done.code == 0, done.log
    state = state_of(killed.file)
    assert (state.run, state.outcome, state.rounds_done) == (run, "done", 1)
    assert len(git(killed.project, "worktree", "list").splitlines()) == 1


def test_killed_before_its_worktrees_were_named_it_can_be_resumed(tmp_path: Path) -> None:
    killed = Killed(tmp_path, kill=False)
    killed.once.unlink()
    store = StateStore.claim(killed.file)
    store.begin(MissionState("1125-1846-3f9a07", str(killed.file), "Try"))
    store.close()
    done = killed.mission("resume", "--yes", killed.file)
    assert done.code == 0, done.log
    assert (state_of(killed.file).run, state_of(killed.file).outcome) == ("1125-1846-3f9a07", "done")
