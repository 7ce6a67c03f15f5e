"""What agents and gates of a mission leave running, however they hide it: row F1."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.faults.test_escapes import FORKING, Sleepers, escapes
from tests.faults.test_escapes import sleepers as sleepers

MISSION = (sys.executable, "-P", "-m", "podium", "mission", "run", "--yes", "mission.toml")


def write_mission(folder: Path, *tables: str) -> None:
    (folder / "mission.toml").write_text("\n".join(("name = 'Try'", "max_rounds = 1", *tables)))


def agent(name: str) -> str:
    return f'[[agents]]\nid = "{name}"\ncommand = ["sh", "script-{name}"]\n'


def put(folder: Path, name: str, script: str) -> None:
    (folder / f"script-{name}").write_text(script)


def run(folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(MISSION, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@escapes
@pytest.mark.fault("F1")
def test_a_turn_that_ends_leaves_nothing(escape: str, sleepers: Sleepers, tmp_path: Path) -> None:
    """The second agent looks: what the first left has ended by then, not only at the mission's end."""
    put(tmp_path, "one", sleepers.script(escape, "sleep 0.3"))
    words = sleepers.command.split()[1]
    put(tmp_path, "two", f"if pgrep -f 'sleep {words}' | grep -v $$; then exit 3; fi")
    write_mission(
        tmp_path,
        agent("one"),
        agent("two") + 'depends_on = ["one"]',
    )
    with run(tmp_path) as mission:
        out, _ = mission.communicate(timeout=60)
    assert sleepers.alive() == []
    assert mission.returncode == 0, out.decode()
    assert b"exited with 3" not in out


@pytest.mark.fault("F1")
def test_a_gate_leaves_nothing(sleepers: Sleepers, tmp_path: Path) -> None:
    put(tmp_path, "one", "true")
    put(tmp_path, "gate", sleepers.script("env -i setsid {sleep} &", "sleep 0.3"))
    write_mission(tmp_path, agent("one"), '[[gates]]\nname = "gate"\ncommand = ["sh", "script-gate"]')
    with run(tmp_path) as mission:
        out, _ = mission.communicate(timeout=60)
    assert mission.returncode == 0, out.decode()
    assert sleepers.alive() == []


@escapes
@pytest.mark.fault("F1")
def test_a_stopped_mission_leaves_nothing(escape: str, sleepers: Sleepers, tmp_path: Path) -> None:
    put(tmp_path, "one", sleepers.script(escape, "sleep 600"))
    write_mission(tmp_path, agent("one"))
    with run(tmp_path) as mission:
        sleepers.wait_up()
        mission.send_signal(signal.SIGTERM)
        mission.communicate(timeout=60)
    assert mission.returncode == 130
    assert sleepers.alive() == []


@escapes
@pytest.mark.fault("F1")
def test_a_killed_mission_leaves_nothing(escape: str, sleepers: Sleepers, tmp_path: Path) -> None:
    put(tmp_path, "one", sleepers.script(escape, "sleep 600"))
    write_mission(tmp_path, agent("one"))
    with run(tmp_path) as mission:
        sleepers.wait_up()
        mission.kill()
        mission.communicate(timeout=60)
    sleepers.wait_gone()


@pytest.mark.fault("F1")
def test_an_agent_that_kills_its_reaper_leaves_nothing(sleepers: Sleepers, tmp_path: Path) -> None:
    put(tmp_path, "one", sleepers.script("env -i setsid {sleep} &", "sleep 0.3; kill -9 $PPID; sleep 600"))
    write_mission(tmp_path, agent("one"))
    with run(tmp_path) as mission:
        out, _ = mission.communicate(timeout=60)
    assert sleepers.alive() == []
    assert b"Traceback" not in out


@pytest.mark.parametrize("then", ["", "kill -9 $PPID; "], ids=["", "without its reaper"])
@pytest.mark.fault("F1")
def test_what_forks_and_exits_all_the_time_ends_too(then: str, tmp_path: Path) -> None:
    (tmp_path / "forking.py").write_text(FORKING)
    beat = tmp_path / "beat"
    script = (
        f"{sys.executable} -S {tmp_path}/forking.py {beat} 0.002 & until [ -s {beat} ]; do sleep 0.1; done;"
    )
    put(tmp_path, "one", f"{script} {then}sleep 0.2")
    write_mission(tmp_path, agent("one"))
    with run(tmp_path) as mission:
        mission.communicate(timeout=60)
    told = beat.stat().st_size
    time.sleep(0.3)
    assert beat.stat().st_size == told


@pytest.mark.fault("F1")
def test_nothing_of_it_is_left_while_others_go_on(sleepers: Sleepers, tmp_path: Path) -> None:
    """One agent's orphans are never taken for another's, and the other's own are left alone until it ends."""
    other = Sleepers()
    put(tmp_path, "one", sleepers.script("env -i setsid {sleep} &", "sleep 0.3; touch one-over"))
    put(tmp_path, "two", other.script("env -i setsid {sleep} &", "sleep 600"))
    write_mission(tmp_path, "[workspace]\nisolation = 'shared'", agent("one"), agent("two"))
    with run(tmp_path) as mission:
        (kept,) = other.wait_up()
        deadline = time.monotonic() + 60
        while not (tmp_path / "one-over").exists() or sleepers.alive():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert psutil.pid_exists(kept)
        os.kill(mission.pid, signal.SIGINT)
        mission.communicate(timeout=60)
    assert other.alive() == []
