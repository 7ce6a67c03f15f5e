"""Processes left behind in, what is found and ended out."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator

import pytest

from podium.core.system.leftovers import LeftProcess, Trace, end_leftovers, find_leftovers
from podium.core.system.process_identity import identity, lives
from podium.core.system.processes import WORKER_VARIABLE


@pytest.fixture
def marker() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[bytes]]]:
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()


def sleeper(started: list[subprocess.Popen[bytes]], marker: str = "", script: str = "") -> int:
    code = f"import signal, time\n{script}\nprint('up', flush=True)\ntime.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, **({WORKER_VARIABLE: marker} if marker else {})},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    started.append(process)
    return process.pid


def test_found_by_the_marker_whoever_the_parent_is(
    started: list[subprocess.Popen[bytes]], marker: str
) -> None:
    pid, other = sleeper(started, marker), sleeper(started)
    found = find_leftovers([Trace(marker), Trace("another")])
    assert [left.pid for left in found[marker]] == [pid]
    assert set(found) == {marker}
    assert other not in {left.pid for left in found[marker]}


def test_found_by_pid_and_start_when_it_wiped_its_environment(
    started: list[subprocess.Popen[bytes]], marker: str
) -> None:
    pid = sleeper(started)
    [left] = find_leftovers([Trace(marker, ((pid, identity(pid)),))])[marker]
    assert (left.pid, "time.sleep(60)" in left.command) == (pid, True)


def test_a_reused_pid_is_neither_found_nor_ended(started: list[subprocess.Popen[bytes]], marker: str) -> None:
    pid = sleeper(started)
    before = identity(pid)[:-1] + ("1" if identity(pid)[-1] != "1" else "2")
    assert find_leftovers([Trace(marker, ((pid, before),))]) == {}
    assert end_leftovers([LeftProcess(pid, before, "x", "x")]) == ()
    assert lives(pid, identity(pid))


def test_who_ignores_the_question_is_killed(started: list[subprocess.Popen[bytes]], marker: str) -> None:
    polite = sleeper(started, marker)
    stubborn = sleeper(started, marker, "signal.signal(signal.SIGTERM, signal.SIG_IGN)")
    stopped = sleeper(started, marker)
    os.kill(stopped, signal.SIGSTOP)
    found = find_leftovers([Trace(marker)])[marker]
    assert {left.pid for left in found} == {polite, stubborn, stopped}
    assert end_leftovers(found, grace=0.3) == ()
    assert [process.wait(60) for process in started] == [-15, -9, -15]
    assert find_leftovers([Trace(marker)]) == {}


def test_an_identity_ends_with_its_process(started: list[subprocess.Popen[bytes]]) -> None:
    pid = sleeper(started)
    before = identity(pid)
    assert lives(pid, before)
    started[0].kill()
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert not lives(pid, before)  # A zombie does nothing any more.
    assert not lives(pid, "")
    assert identity(0) == identity(2**22 + 1) == ""


@pytest.mark.fault("F1")
def test_a_name_that_a_program_gave_itself_is_safe_to_print(
    started: list[subprocess.Popen[bytes]], marker: str
) -> None:
    name = "\x1b[31m\u202ebad"
    pid = sleeper(started, marker, f"open('/proc/self/comm', 'w').write({name!r})")
    [left] = find_leftovers([Trace(marker)])[marker]
    assert (left.pid, left.name) == (pid, "?[31m?bad")
    assert left.command.isprintable()
