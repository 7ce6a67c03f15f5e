"""Real processes that fail in every way: fault in, state and reason out."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from podium.core.ids import InstanceId
from podium.core.protocol.backend import SessionConfig, WorkerState
from podium.core.protocol.frames import Frame
from podium.core.protocol.reports import BellReport
from podium.core.protocol.requests import Paste, RawInput, Start, Stop, TreePolicy
from podium.pool.worker_pool import WorkerPool
from podium.supervision.policy import Policy
from tests.pool.conftest import Listener
from tests.signals import spies
from tests.worker.test_worker import gone, read_pids, wait_gone

A = InstanceId("a")
MakePool = Callable[..., tuple[WorkerPool, Listener]]
Misbehaving = Callable[[str], tuple[str, ...]]
PATIENT = Policy(start_timeout=60.0, grace=0.4, kill_margin=0.4, first_delay=60.0)


def test_a_killed_worker_comes_back_once_and_its_tree_is_gone(make_pool: MakePool, tmp_path: Path) -> None:
    pool, listener = make_pool()
    pool.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    pids = tmp_path / "pids"
    pool.send_to(
        "a", Start(("/bin/sh", "-c", f"echo $$ > {pids}; sleep 60"), "/", {"PATH": os.environ["PATH"]})
    )
    listener.wait(lambda: pids.exists() and pids.read_text().endswith("\n"))
    found = read_pids(pids, 1)
    first = pool.status("a").pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    listener.wait(lambda: pool.status("a").generation == 2)
    listener.wait_state("a", WorkerState.RUNNING)
    wait_gone(first, *found)
    assert pool.status("a").restart_count == 1
    assert listener.history("a") == ["starting", "running", "backoff", "starting", "running"]
    assert any("SIGKILL" in status.reason for status in listener.statuses)


@pytest.mark.fault(15)
def test_crash_after_crash_ends_in_failed_with_the_last_words(
    make_pool: MakePool, misbehaving: Misbehaving
) -> None:
    command = misbehaving("print('no licence found', file=sys.stderr); sys.exit(3)")
    pool, listener = make_pool(command)
    pool.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.FAILED)
    status = pool.status("a")
    assert (status.restart_count, status.reason) == (2, "Exited with status 3.")
    assert status.last_output == ("no licence found",)
    assert pool.active_count() == 0
    pool.spawn("a", SessionConfig())
    assert pool.status("a").state is WorkerState.STARTING


@pytest.mark.fault(10)
def test_a_worker_that_never_gets_ready(make_pool: MakePool, misbehaving: Misbehaving) -> None:
    pool, listener = make_pool(misbehaving("time.sleep(60)"), Policy(start_timeout=0.3, first_delay=60))
    pool.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.BACKOFF)
    assert "0.3 s" in pool.status("a").reason


@pytest.mark.fault(8)
def test_a_worker_that_cannot_be_started(make_pool: MakePool) -> None:
    pool, listener = make_pool(("/no/such/program",), PATIENT)
    pool.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.BACKOFF)
    assert "could not be started" in pool.status("a").reason
    pool.kill("a")
    assert pool.status("a").state is WorkerState.STOPPED


@pytest.mark.fault(22)
def test_a_hung_worker_is_found_by_its_missing_pongs(make_pool: MakePool) -> None:
    policy = Policy(ping_interval=0.2, missed_pongs=3, first_delay=60, grace=0.4, kill_margin=0.4)
    pool, listener = make_pool(None, policy)
    pool.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    pid = pool.status("a").pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    listener.wait_state("a", WorkerState.BACKOFF)
    assert "pings" in pool.status("a").reason
    wait_gone(pid)


def test_answered_pings_keep_it_running(make_pool: MakePool) -> None:
    policy = Policy(ping_interval=0.1, missed_pongs=3, grace=0.4, kill_margin=0.4)
    pool, listener = make_pool(None, policy)
    pool.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    until = time.monotonic() + 1.0
    listener.wait(lambda: time.monotonic() > until)
    assert listener.history("a") == ["starting", "running"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("ready(); say((2**31).to_bytes(4, 'big')); time.sleep(60)", "broke the protocol"),
        ("ready(); say(b'\\0\\0\\0\\0'); time.sleep(60)", "broke the protocol"),
        ("ready(); print('hello there', flush=True); time.sleep(60)", "broke the protocol"),
        ("ready(); say(b'\\0\\0\\0\\x01\\xc1'); time.sleep(60)", "not MessagePack"),
        ("ready(); say(b'\\0\\0\\0\\x01\\x05' * 200); time.sleep(60)", "make no sense"),
    ],
)
def test_a_worker_that_talks_rubbish_is_ended_with_the_reason(
    make_pool: MakePool, misbehaving: Misbehaving, body: str, said: str
) -> None:
    pool, listener = make_pool(misbehaving(body), PATIENT)
    pool.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.BACKOFF)
    assert said in pool.status("a").reason


@pytest.mark.fault(21)
def test_a_worker_that_ignores_its_shutdown_is_killed_with_its_tree(
    make_pool: MakePool, misbehaving: Misbehaving, tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    command = misbehaving(
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); import subprocess\n"
        "child = subprocess.Popen(['sh', '-c', 'trap \"\" TERM HUP; sleep 60; sleep 60'])\n"
        f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "ready(); time.sleep(600)"
    )
    pool, listener = make_pool(command)
    pool.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    found = read_pids(pids, 2)
    pool.kill("a")
    listener.wait_state("a", WorkerState.STOPPED)
    wait_gone(*found)


@pytest.mark.fault(31)
def test_a_flood_on_stderr_is_kept_short(make_pool: MakePool, misbehaving: Misbehaving) -> None:
    body = "ready()\nfor n in range(20000): print('noise', n, 'x' * 50, file=sys.stderr)\ntime.sleep(60)"
    pool, listener = make_pool(misbehaving(body))
    pool.spawn("a", SessionConfig())
    listener.wait(lambda: any("19999" in line for line in pool.status("a").last_output))
    assert len(pool.status("a").last_output) <= 200


@pytest.mark.fault(30)
def test_a_worker_that_never_reads_gets_a_bounded_queue(
    make_pool: MakePool, misbehaving: Misbehaving
) -> None:
    pool, listener = make_pool(misbehaving("ready(); time.sleep(60)"))
    pool.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    accepted = sum(pool.send_to("a", RawInput(b"x" * 100_000)) for _ in range(50))
    assert 0 < accepted < 15


@pytest.mark.fault(17, 18)
def test_stop_in_backoff_and_quit_in_backoff_start_nothing(
    make_pool: MakePool, misbehaving: Misbehaving
) -> None:
    pool, listener = make_pool(misbehaving("sys.exit(1)"), Policy(first_delay=0.3))
    pool.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.BACKOFF)
    pool.kill("a")
    assert pool.status("a").state is WorkerState.STOPPED
    pool.spawn("b", SessionConfig())
    listener.wait_state("b", WorkerState.BACKOFF)
    over: list[bool] = []
    pool.shutdown_all(lambda: over.append(True))
    listener.wait(lambda: bool(over))
    until = time.monotonic() + 0.6
    listener.wait(lambda: time.monotonic() > until)
    assert [pool.status(name).generation for name in "ab"] == [1, 1]


@pytest.mark.fault(25)
def test_workers_leave_no_descriptors_and_no_zombies(make_pool: MakePool) -> None:
    pool, listener = make_pool()
    own = psutil.Process()
    others = set(own.children())  # What another test's session has started may still be about to end.

    def cycle() -> None:
        for name in "abcd":
            pool.spawn(name, SessionConfig())
        for name in "abcd":
            listener.wait_state(name, WorkerState.RUNNING)
            pool.kill(name)
        for name in "abcd":
            listener.wait_state(name, WorkerState.STOPPED)
            pool.remove(name)

    cycle()
    listener.wait(lambda: set(own.children()) <= others)
    before = own.num_fds()
    cycle()
    listener.wait(lambda: set(own.children()) <= others)
    listener.wait(lambda: own.num_fds() <= before)


@pytest.mark.fault(2)
def test_a_killed_worker_leaves_nothing_of_its_command(make_pool: MakePool, tmp_path: Path) -> None:
    pool, listener = make_pool(policy=PATIENT)
    pool.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    pids = tmp_path / "pids"
    script = f"""
        trap '' HUP TERM INT
        echo $$ >> {pids}
        setsid sh -c 'trap "" HUP TERM; echo $$ >> {pids}; while :; do sleep 0.05; done' &
        (setsid sh -c '(echo $(exec sh -c "echo \\$PPID") >> {pids}; while :; do sleep 0.05; done) &' &)
        while :; do sleep 0.05; done
    """
    pool.send_to("a", Start(("sh", "-c", script), "/", {"PATH": os.environ["PATH"]}))
    listener.wait(lambda: pids.exists() and len(pids.read_text().split()) == 3)
    found = read_pids(pids, 3)
    pid = pool.status("a").pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    listener.wait_state("a", WorkerState.BACKOFF)
    wait_gone(pid, *found)


def test_a_hung_workers_shell_ends_and_what_left_its_session_is_the_persons(
    make_pool: MakePool, tmp_path: Path
) -> None:
    policy = Policy(ping_interval=0.2, missed_pongs=3, first_delay=60, grace=0.4, kill_margin=0.4)
    pool, listener = make_pool(None, policy)
    pool.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    pids = tmp_path / "pids"
    script = f"trap '' HUP; sleep 60 & setsid sleep 60 & echo $$ $! > {pids}; while :; do sleep 0.05; done"
    start = Start(("sh", "-c", script), "/", {"PATH": os.environ["PATH"]}, TreePolicy.SESSION)
    pool.send_to("a", start)
    listener.wait(lambda: pids.exists() and pids.read_text().endswith("\n"))
    shell, outside = read_pids(pids, 2)
    pid = pool.status("a").pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    listener.wait_state("a", WorkerState.BACKOFF)
    wait_gone(pid, shell)
    assert not gone(outside)
    os.kill(outside, signal.SIGKILL)


def test_a_kill_before_it_could_not_be_started_ends(make_pool: MakePool) -> None:
    pool, listener = make_pool(("/no/such/program",), PATIENT)
    pool.spawn("a", SessionConfig())
    pool.kill("a")
    listener.wait_state("a", WorkerState.STOPPED)


def test_last_words_without_an_end_of_line_are_kept(make_pool: MakePool, misbehaving: Misbehaving) -> None:
    pool, listener = make_pool(misbehaving("sys.stderr.write('no licence'); sys.exit(3)"), PATIENT)
    pool.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.BACKOFF)
    assert pool.status("a").last_output == ("no licence",)


def test_a_stop_gets_through_when_pastes_have_filled_the_queue(
    make_pool: MakePool, misbehaving: Misbehaving
) -> None:
    pool, listener = make_pool(misbehaving("ready(); time.sleep(60)"))
    pool.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    while pool.send_to("a", Paste("x" * 1000)):
        pass
    assert pool.send_to("a", Stop())


def test_a_frame_passes_no_signal_on_its_way_through_the_pool(
    make_pool: MakePool, misbehaving: Misbehaving
) -> None:
    body = (
        "os.read(0, 1 << 16); ready()\nos.read(0, 1 << 16)\n"
        "for number in range(1, 101): message(Frame(number, 80, 24))\ntime.sleep(60)\n"
    )
    pool, listener = make_pool(misbehaving(f"from podium.core.protocol.frames import Frame\n{body}"))
    pool.spawn(A, SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    worker = pool._workers[A]
    assert worker._process is not None
    watched = [spy for one in (pool, worker, worker._process) for spy in spies(one)]
    pool.send_to(A, Stop())
    listener.wait(lambda: len(listener.of("a", Frame)) == 100)
    assert sum(spy.count() for spy in watched) == 0


def test_what_a_forgotten_worker_still_says_reaches_nobody(make_pool: MakePool) -> None:
    pool, listener = make_pool()
    pool.spawn(A, SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    worker = pool._workers[A]
    pool.kill(A)
    listener.wait_state("a", WorkerState.STOPPED)
    pool.remove(A)
    heard = len(listener.reports)
    worker._on_reported(1, BellReport())
    assert len(listener.reports) == heard
