"""Missions in, a held machine out. systemd-inhibit is a stand-in on PATH that, like the real one, holds while its
child lives; it is a real process, so its end is a real end.
"""

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

from podium.app.health.inhibitors import ProcessInhibitor, own_inhibitor
from podium.app.health.sleep_guard import SleepGuard
from podium.app.logs.log_entries import AppLog, LogEntry
from podium.core.instances import Kind
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace

_INHIBIT = """#!/bin/sh
echo "$$ $*" >>"$0.calls"
while [ "${1#--}" != "$1" ]; do shift; done
"$@" &
wait
"""
_STDIN_OF_A_JOB = '"$@" <&3 & exec 3<&-\n'
PATIENCE = 60_000


@pytest.fixture
def inhibit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "systemd-inhibit"
    # A shell gives its background jobs an empty stdin; the real one gives its child its own.
    program.write_text(_INHIBIT.replace('"$@" &\n', f"exec 3<&0\n{_STDIN_OF_A_JOB}"))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return program


def calls(program: Path) -> list[str]:
    path = program.with_name("systemd-inhibit.calls")
    return path.read_text().splitlines() if path.exists() else []


def family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


Guard = Callable[..., SleepGuard]


@pytest.fixture
def log() -> list[LogEntry]:
    return []


@pytest.fixture
def guard(workspace: FakeWorkspace, log: list[LogEntry]) -> Iterator[SleepGuard]:
    made = SleepGuard(workspace, own_inhibitor("linux"), AppLog(log.append))
    yield made
    made.close()


@pytest.fixture
def workspace(qapp: object) -> FakeWorkspace:
    return FakeWorkspace()


def test_it_is_held_while_a_mission_is_busy_and_let_go_afterwards(
    qtbot: QtBot, guard: SleepGuard, workspace: FakeWorkspace, inhibit: Path, log: list[LogEntry]
) -> None:
    shell = workspace.add("shell", state=InstanceState.RUNNING)
    workspace.set(shell, state=InstanceState.RUNNING)
    first = workspace.add("one", kind=Kind.MISSION, state=InstanceState.RUNNING)
    second = workspace.add("two", kind=Kind.MISSION, state=InstanceState.RESTARTING)
    qtbot.waitUntil(lambda: bool(calls(inhibit)), timeout=PATIENCE)
    pid, *arguments = calls(inhibit)[0].split()
    assert arguments[:3] == ["--what=sleep:idle", "--who=Podium", "--why=A"]
    assert arguments[-2:] == ["--mode=block", "cat"]
    assert guard.status == "the machine is kept awake"
    qtbot.waitUntil(lambda: len(family(int(pid))) == 2, timeout=PATIENCE)
    processes = family(int(pid))
    workspace.set(first, state=InstanceState.DONE)
    assert all(process.is_running() for process in processes)
    workspace.set(second, state=InstanceState.DONE)
    qtbot.waitUntil(lambda: not any(process.is_running() for process in processes), timeout=PATIENCE)
    assert guard.status == "not needed now"
    assert len(calls(inhibit)) == 1
    assert log == []


def test_a_mission_that_is_closed_lets_go_and_the_next_one_holds_again(
    qtbot: QtBot, guard: SleepGuard, workspace: FakeWorkspace, inhibit: Path
) -> None:
    for number in (1, 2):
        mission = workspace.add("one", kind=Kind.MISSION, state=InstanceState.RUNNING)
        qtbot.waitUntil(lambda number=number: len(calls(inhibit)) == number, timeout=PATIENCE)
        process = psutil.Process(int(calls(inhibit)[-1].split()[0]))
        workspace.close(mission)
        qtbot.waitUntil(lambda process=process: not process.is_running(), timeout=PATIENCE)


def test_the_setting_turns_it_off_and_on(
    qtbot: QtBot, guard: SleepGuard, workspace: FakeWorkspace, inhibit: Path
) -> None:
    guard.set_wanted(False)
    workspace.add("one", kind=Kind.MISSION, state=InstanceState.RUNNING)
    assert guard.status == "off in the settings"
    qtbot.wait(50)
    assert calls(inhibit) == []
    guard.set_wanted(True)
    qtbot.waitUntil(lambda: len(calls(inhibit)) == 1, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (
            "#!/bin/sh\necho 'Failed to connect to bus: No such file' >&2; exit 1\n",
            "Failed to connect to bus",
        ),
        ("#!/bin/sh\nexit 3\n", "systemd-inhibit ended with 3"),
        (None, "systemd-inhibit could not be started"),
    ],
)
def test_where_it_does_not_work_it_is_said_once(
    qtbot: QtBot,
    guard: SleepGuard,
    workspace: FakeWorkspace,
    inhibit: Path,
    log: list[LogEntry],
    monkeypatch: pytest.MonkeyPatch,
    script: str | None,
    reason: str,
) -> None:
    if script is None:
        monkeypatch.setenv("PATH", "/nowhere")
    else:
        inhibit.write_text(script)
    for _ in range(2):
        mission = workspace.add("one", kind=Kind.MISSION, state=InstanceState.RUNNING)
        qtbot.waitUntil(lambda: guard.status.startswith(f"not available: {reason}"), timeout=PATIENCE)
        workspace.close(mission)
    assert len(log) == 1
    assert reason in log[0].text


def test_a_platform_nobody_knows_is_named(workspace: FakeWorkspace, log: list[LogEntry]) -> None:
    guard = SleepGuard(workspace, own_inhibitor("plan9"), AppLog(log.append))
    workspace.add("one", kind=Kind.MISSION, state=InstanceState.RUNNING)
    assert guard.status == "not available: not known how on this platform"
    assert [entry.event for entry in log] == ["sleep:trouble"]
    guard.close()


def test_on_macos_caffeinate_is_told_whom_to_wait_for() -> None:
    inhibitor = own_inhibitor("darwin")
    assert isinstance(inhibitor, ProcessInhibitor)
    assert inhibitor._command == ("caffeinate", "-i", "-w", str(os.getpid()))


def test_a_command_that_does_not_mind_its_stdin_is_ended_by_a_signal(qtbot: QtBot) -> None:
    inhibitor = ProcessInhibitor(("sleep", "60"), terminate=True)
    inhibitor.hold(lambda reason: pytest.fail(reason))
    qtbot.waitUntil(lambda: bool(inhibitor.pids), timeout=PATIENCE)
    process = psutil.Process(inhibitor.pids[0])
    inhibitor.release()
    qtbot.waitUntil(lambda: not process.is_running(), timeout=PATIENCE)
    assert inhibitor.pids == ()


def test_one_that_holds_on_is_killed_at_the_end(qtbot: QtBot) -> None:
    inhibitor = ProcessInhibitor(("sh", "-c", "trap '' TERM; while :; do sleep 1; done"))
    inhibitor.hold(lambda reason: pytest.fail(reason))
    qtbot.waitUntil(lambda: bool(inhibitor.pids), timeout=PATIENCE)
    process = psutil.Process(inhibitor.pids[0])
    inhibitor.close()
    assert not process.is_running()


_PODIUM = """
import sys
from PySide6.QtCore import QCoreApplication
from podium.app.health.inhibitors import own_inhibitor
application = QCoreApplication([])
inhibitor = own_inhibitor("linux")
inhibitor.hold(print)
application.exec()
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGABRT])
def test_it_ends_with_podium_however_podium_ends(inhibit: Path, end: signal.Signals) -> None:
    podium = subprocess.Popen([sys.executable, "-c", _PODIUM])
    try:
        wait_until(lambda: bool(calls(inhibit)))
        pid = int(calls(inhibit)[0].split()[0])
        wait_until(lambda: len(family(pid)) == 2)
        processes = family(pid)
        podium.send_signal(end)
        podium.wait(20)
        wait_until(lambda: not any(map(alive, processes)))
    finally:
        podium.kill()
        podium.wait()


def alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
