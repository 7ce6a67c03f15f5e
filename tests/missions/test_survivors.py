"""Processes with and without a run's mark in; those that have been ended out."""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from podium.core.system.process_table import process_entry, signal_entries, still_running
from podium.missions.rounds import survivors
from podium.missions.rounds.survivors import end_survivors, running_of_runs
from podium.missions.turns.environment import MISSION_RUN

WAITS = "import signal\nprint('waits', flush=True)\nsignal.pause()"
IGNORES = f"import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n{WAITS}"
PARENT = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, '-c', {WAITS!r}], env={{}}, start_new_session=True, stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
child.wait()
"""
"""Its child has neither its mark nor its session."""
STARTS_ANOTHER = f"""
import os, signal, subprocess, sys
def on_term(*_):
    child = subprocess.Popen([sys.executable, '-c', {WAITS!r}], stdout=subprocess.PIPE)
    child.stdout.readline()
    os.write(1, f'{{child.pid}}\\n'.encode())
    os._exit(0)
signal.signal(signal.SIGTERM, on_term)
{WAITS}
"""
"""As a shell's trap that cleans up: what it starts when it is asked to end has its mark."""
MINE, OTHER = (f"1125-1846-{secrets.token_hex(8)}" for _ in range(2))
"""No other process of the machine has these, and none is ended for another's."""

Start = Callable[[str, str], tuple[subprocess.Popen[str], str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a script with the mark of a run, "" for none; returns it and its first line."""
    started: list[subprocess.Popen[str]] = []

    def start(script: str, run: str) -> tuple[subprocess.Popen[str], str]:
        environment = {name: value for name, value in os.environ.items() if name != MISSION_RUN}
        process = subprocess.Popen(
            [sys.executable, "-c", script],
            env={**environment, **({MISSION_RUN: run} if run else {})},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline().strip()

    yield start
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def test_all_of_one_run_is_ended_and_nothing_else(start: Start) -> None:
    marked, child = start(PARENT, MINE)
    below = process_entry(int(child))
    assert below is not None
    others = [start(WAITS, run)[0] for run in (OTHER, f"{MINE}0", "")]
    ended = end_survivors(MINE)
    left = still_running([below])
    signal_entries(left, signal.SIGKILL)
    assert (ended, left) == (2, [])
    assert marked.poll() == -signal.SIGTERM
    assert [other.poll() for other in others] == [None, None, None]
    assert end_survivors(MINE) == 0


def test_one_that_does_not_end_when_asked_is_killed(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survivors, "_GRACE", 0.5)
    stubborn, _ = start(IGNORES, MINE)
    assert end_survivors(MINE) == 1
    assert stubborn.poll() == -signal.SIGKILL


def test_what_is_started_in_answer_to_the_end_is_ended_too(start: Start) -> None:
    last, _ = start(STARTS_ANOTHER, MINE)
    end_survivors(MINE)
    assert last.poll() == 0
    assert last.stdout is not None
    assert int(last.stdout.readline()) > 0
    left = running_of_runs().get(MINE, [])
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == []


def test_the_process_that_asks_is_neither_listed_nor_ended(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking, _ = start(WAITS, MINE)
    monkeypatch.setattr(survivors, "os", SimpleNamespace(getpid=lambda: asking.pid))
    assert MINE not in running_of_runs()
    assert end_survivors(MINE) == 0
    assert asking.poll() is None


def test_what_runs_is_listed_by_run(start: Start) -> None:
    mine = {start(WAITS, MINE)[0].pid for _ in range(2)}
    other = start(WAITS, OTHER)[0]
    start(WAITS, "")
    gone, _ = start(WAITS, OTHER)
    gone.kill()
    os.waitid(os.P_PID, gone.pid, os.WEXITED | os.WNOWAIT)  # It is a zombie from here on.
    found = running_of_runs()
    assert (set(found[MINE]), found[OTHER]) == (mine, [other.pid])
    assert "" not in found
