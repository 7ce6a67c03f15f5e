"""Processes that clear their environment, make a session of their own and lose their parent: row F1."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from podium.app.background import Background
from podium.app.state.history_service import HistoryService
from podium.core.config.settings import Settings
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.backend import SessionConfig, WorkerState
from podium.core.protocol.reports import ExitedReport, ProgramState, StatusReport
from podium.core.protocol.requests import RawInput, Shutdown, Start, Stop, TreePolicy
from podium.core.system.leftovers import Trace, find_leftovers
from podium.core.system.process_identity import lives
from podium.history import ledger
from podium.history.database import open_database
from podium.pool.direct_sessions import DirectSessions
from podium.pool.worker_pool import WorkerPool
from podium.supervision.policy import Policy
from podium.workspace.workspace import Workspace
from tests.faults.hosted import Host
from tests.pool.conftest import Listener, shut_down
from tests.worker.harness import WorkerHarness

MakePool = Callable[..., tuple[WorkerPool, Listener]]
A = InstanceId("a")

ESCAPES = {
    "cleared": "env -i setsid {sleep} &",
    "double fork": "env -i setsid sh -c '{sleep} & exit 0' & wait $!",
    "triple fork": "env -i setsid sh -c 'setsid sh -c \"{sleep} & exit 0\" & exit 0' & wait $!",
    "deaf": "env -i setsid sh -c 'trap \"\" TERM HUP INT; {sleep}; {sleep}' & wait_for_it=$!",
}
escapes = pytest.mark.parametrize("escape", ESCAPES.values(), ids=ESCAPES.keys())


FORKING = """
import os, signal, sys, time
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
until = time.monotonic() + 60
beat = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY | os.O_APPEND)
while time.monotonic() < until:
    if os.fork():
        os._exit(0)
    os.setsid()
    os.write(beat, b".")
    time.sleep(float(sys.argv[2]))
"""
"""Ignores being asked, and has another pid, session and parent every moment."""


class Sleepers:
    """Sleeping processes that nothing but their command line tells apart from others."""

    def __init__(self) -> None:
        self.command = f"sleep 1004.{os.getpid()}{time.monotonic_ns()}"

    def script(self, escape: str, then: str = "") -> str:
        return f"{escape.format(sleep=self.command)}\n{then}"

    def alive(self) -> list[int]:
        words = self.command.split()
        found = []
        for process in psutil.process_iter():
            try:
                if process.cmdline() == words and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process.pid)
            except psutil.Error:
                continue
        return found

    def wait_up(self) -> list[int]:
        deadline = time.monotonic() + 30
        while not (found := self.alive()):
            assert time.monotonic() < deadline, "it never came up"
            time.sleep(0.02)
        return found

    def wait_gone(self) -> None:
        deadline = time.monotonic() + 30
        while found := self.alive():
            assert time.monotonic() < deadline, f"still there: {found}"
            time.sleep(0.02)


@pytest.fixture
def sleepers() -> Iterator[Sleepers]:
    made = Sleepers()
    yield made
    for pid in made.alive():
        os.kill(pid, signal.SIGKILL)


@escapes
@pytest.mark.fault("F1")
def test_a_stop_ends_what_cleared_its_environment(escape: str, sleepers: Sleepers) -> None:
    with WorkerHarness() as worker:
        worker.shell(sleepers.script(escape, "sleep 600"))
        sleepers.wait_up()
        worker.send(Stop(0.5))
        worker.exit()
        assert sleepers.alive() == []


@escapes
@pytest.mark.fault("F1")
def test_an_end_of_its_own_leaves_nothing(escape: str, sleepers: Sleepers) -> None:
    with WorkerHarness() as worker:
        worker.shell(sleepers.script(escape, "read _"))
        sleepers.wait_up()
        worker.send(RawInput(b"\r"))
        assert worker.exit().code == 0
        assert sleepers.alive() == []
        worker.shell("echo again")  # The worker is as good as before.
        assert worker.exit().code == 0


@pytest.mark.fault("F1")
def test_a_shutdown_waits_for_what_escaped(sleepers: Sleepers) -> None:
    with WorkerHarness() as worker:
        worker.shell(sleepers.script(ESCAPES["deaf"], "sleep 600"))
        sleepers.wait_up()
        worker.send(Shutdown(0.5))
        worker.process.wait(30)
        assert sleepers.alive() == []


@escapes
@pytest.mark.fault("F1")
def test_a_window_that_is_gone_leaves_nothing(escape: str, sleepers: Sleepers) -> None:
    with Host() as host:
        host.run("a", "/bin/sh", "-c", sleepers.script(escape, "sleep 600"))
        sleepers.wait_up()
        host.kill(signal.SIGKILL)
        host.ended()
        sleepers.wait_gone()


@escapes
@pytest.mark.fault("F1")
def test_a_hung_worker_is_killed_with_what_escaped(
    escape: str, make_pool: MakePool, sleepers: Sleepers
) -> None:
    pool, listener = make_pool(None, Policy(grace=0.3, kill_margin=0.2))
    pool.spawn(A, SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    pool.send_to(A, Start(("/bin/sh", "-c", sleepers.script(escape, "sleep 600")), "/", dict(os.environ)))
    listener.wait(lambda: bool(sleepers.alive()))
    pid = pool.status(A).pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    pool.kill(A)
    listener.wait_state("a", WorkerState.STOPPED)
    listener.wait(lambda: not sleepers.alive())


@pytest.mark.fault("F1")
def test_without_the_pool_the_tree_is_noted_before_it_is_asked_to_end(
    qtbot: QtBot, sleepers: Sleepers
) -> None:
    """The window's own process does not inherit: there a tree is what descends from the program when it is stopped."""
    direct = DirectSessions()
    listener = Listener(direct, qtbot)
    direct.spawn(A, SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    script = sleepers.script(ESCAPES["cleared"], "sleep 600")
    direct.send_to(A, Start(("/bin/sh", "-c", script), "/", dict(os.environ)))
    listener.wait(lambda: bool(sleepers.alive()))
    direct.send_to(A, Stop(0.5))
    listener.wait(lambda: bool(listener.of("a", ExitedReport)))
    assert sleepers.alive() == []
    shut_down(direct, qtbot)


@pytest.mark.fault("F1")
def test_what_a_person_let_go_outlives_a_shell_and_is_named(sleepers: Sleepers) -> None:
    with WorkerHarness() as worker:
        script = sleepers.script(ESCAPES["cleared"], "exec sleep 600")
        worker.start("/bin/sh", "-c", script, tree=TreePolicy.SESSION)
        (pid,) = sleepers.wait_up()
        worker.send(Stop(0.5))
        (left,) = worker.exit().left
        assert left.pid == pid
        assert lives(left.pid, left.started)
        worker.send(Shutdown(0.5))
        worker.process.wait(30)
        assert lives(left.pid, left.started)


@pytest.mark.fault("F1")
def test_what_a_shell_left_is_not_the_next_programs(sleepers: Sleepers) -> None:
    with WorkerHarness() as worker:
        script = sleepers.script(ESCAPES["cleared"], "read _")
        worker.start("/bin/sh", "-c", script, tree=TreePolicy.SESSION)
        sleepers.wait_up()
        worker.send(RawInput(b"\r"))
        worker.exit()
        worker.shell("sleep 600 & exit 0")
        assert worker.exit().code == 0
        assert len(sleepers.alive()) == 1


@pytest.mark.fault("F1")
@pytest.mark.parametrize("pause", [0.0, 0.002, 0.02])
def test_what_forks_and_exits_all_the_time_is_met_all_the_same(pause: float, tmp_path: Path) -> None:
    beat = tmp_path / "beat"
    with WorkerHarness() as worker:
        worker.start(sys.executable, "-S", "-c", FORKING, str(beat), str(pause))
        worker.wait_until(lambda: beat.exists() and beat.stat().st_size > 3, "a few forks")
        worker.send(Stop(0.2))
        exited = worker.wait_for(ExitedReport)
    told = beat.stat().st_size
    time.sleep(max(0.3, 10 * pause))
    assert beat.stat().st_size == told, exited


@pytest.mark.fault("F1")
def test_orphans_that_end_do_not_stay_zombies() -> None:
    with WorkerHarness() as worker:
        worker.shell("for i in $(seq 20); do (setsid true &); done; echo made; read _")
        worker.wait_screen("made")
        process = psutil.Process(worker.process.pid)
        deadline = time.monotonic() + 30
        while any(child.status() == psutil.STATUS_ZOMBIE for child in process.children()):
            assert time.monotonic() < deadline
            worker.pump(0.02)


@pytest.mark.fault("B4")
def test_stopped_is_said_when_the_last_has_ended(sleepers: Sleepers, tmp_path: Path) -> None:
    """A leader that ends at once, and a rest that does not: named while it lasts, then killed, then *exited*."""
    with WorkerHarness() as worker:
        worker.shell(sleepers.script(ESCAPES["deaf"], "sleep 600"))
        sleepers.wait_up()
        worker.send(Stop(0.8))
        named = worker.wait_for(
            StatusReport, lambda report: "sh (" in report.waiting_for and "sleep (" in report.waiting_for
        )
        assert named.state is ProgramState.STOPPING
        ended = worker.exit()
        assert "sh (" in ended.killed
        assert sleepers.alive() == []
        assert [type(report) for report in worker.reports].count(ExitedReport) == 1


@pytest.mark.fault("F1")
@pytest.mark.parametrize("end", [True, False], ids=["end", "leave"])
def test_what_a_shell_left_is_shown_and_the_persons_to_decide(
    end: bool, make_pool: MakePool, sleepers: Sleepers, tmp_path: Path
) -> None:
    pool, listener = make_pool()
    background = Background()
    history = HistoryService(tmp_path / "history.db", background)
    history.open(Settings())
    workspace = Workspace(pool, dict(os.environ), journal=history.journal, left_behind=history.left_behind)
    script = sleepers.script(ESCAPES["cleared"], "sleep 1")
    spec = InstanceSpec("a", "a", Kind.SHELL, ThemeName.ROSE, "/", ("/bin/sh", "-c", script))
    workspace.create(spec)
    listener.wait(lambda: bool(workspace.view("a").left_behind))
    (pid,) = sleepers.alive()
    assert workspace.view("a").left_behind == (f"sleep ({pid})",)
    if end:
        workspace.end_left_behind("a")
        listener.wait(lambda: not sleepers.alive())
    # Podium goes without a decision in the other case, and the next one finds it in the ledger.
    done: list[bool] = []
    workspace.shutdown(lambda: done.append(True))
    listener.wait(lambda: bool(done))
    history.close()
    background.close()
    with contextlib.closing(open_database(tmp_path / "history.db").database) as database:
        entries = ledger.abandoned(database, lambda *_: False)
    found = find_leftovers([Trace(one.marker, ((one.program_pid, one.program_identity),)) for one in entries])
    assert [left.pid for processes in found.values() for left in processes] == ([] if end else [pid])


OWN = """
import os, subprocess, sys, time
from podium.core.protocol.requests import TreePolicy
from podium.core.system.subreaper import become_subreaper, reap_orphans
from podium.worker.program.program_tree import ProgramTree
os.setsid()
assert become_subreaper()
helper = subprocess.Popen(["sleep", "600"])
program = subprocess.Popen(["sh", "-c", "(setsid sleep 600 &) ; sleep 0.2"], start_new_session=True)
program.wait()
tree = ProgramTree(program.pid, TreePolicy.TREE, None, reap_orphans)
assert [entry.name for entry in tree.living()] == ["sleep"], tree.living()
os.kill(tree.living()[0].pid, 9)
while tree.living(): time.sleep(0.01)
assert helper.poll() is None
helper.kill()
while tree.reap() and os.waitid(os.P_PID, helper.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None: time.sleep(0.01)
tree.reap()
assert helper.wait() == -9, helper.returncode
"""


@pytest.mark.fault("F1")
def test_what_a_worker_runs_for_itself_is_not_its_programs() -> None:
    subprocess.run([sys.executable, "-c", OWN], check=True, timeout=60)
