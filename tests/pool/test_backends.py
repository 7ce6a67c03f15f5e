"""The same session code behind both backends: commands in, states, screens and ends out."""

import os
import sys

import pytest

from podium.core.protocol.backend import (
    BackendError,
    DuplicateWorker,
    SessionBackend,
    SessionConfig,
    UnknownWorker,
    WorkerRunning,
    WorkerState,
)
from podium.core.protocol.frames import Frame
from podium.core.protocol.reports import ExitedReport, ProgramState, StatusReport, TextReport
from podium.core.protocol.requests import KeyInput, Modifier, Start, Stop, TextWanted
from tests.pool.conftest import Listener
from tests.terminal.mirror import Mirror

Backend = tuple[SessionBackend, Listener]


def shell(script: str) -> Start:
    return Start(("/bin/sh", "-c", script), "/", {"PATH": os.environ["PATH"]})


def run(backend: SessionBackend, listener: Listener, instance: str, script: str) -> None:
    backend.spawn(instance, SessionConfig())
    listener.wait_state(instance, WorkerState.RUNNING)
    assert backend.send_to(instance, shell(script))


def test_a_life_from_spawn_to_remove(any_backend: Backend) -> None:
    backend, listener = any_backend
    run(backend, listener, "a", "echo hello; exit 4")
    listener.wait(lambda: bool(listener.of("a", ExitedReport)))
    assert listener.of("a", ExitedReport)[0].code == 4
    assert backend.status("a").state is WorkerState.RUNNING
    backend.send_to("a", TextWanted(1))
    listener.wait(lambda: bool(listener.of("a", TextReport)))
    assert listener.of("a", TextReport)[0].text.startswith("hello")
    with pytest.raises(WorkerRunning, match="stop it first"):
        backend.remove("a")
    backend.kill("a")
    listener.wait_state("a", WorkerState.STOPPED)
    assert not backend.send_to("a", TextWanted(2))
    backend.remove("a")
    assert backend.statuses() == {}
    assert listener.history("a") == ["starting", "running", "stopping", "stopped"]


def test_ids_are_taken_while_live_and_free_when_stopped(any_backend: Backend) -> None:
    backend, listener = any_backend
    backend.spawn("a", SessionConfig())
    with pytest.raises(DuplicateWorker):
        backend.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    backend.kill("a")
    listener.wait_state("a", WorkerState.STOPPED)
    backend.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    for call in (backend.kill, backend.restart, backend.status, backend.remove):
        with pytest.raises(UnknownWorker):
            call("nobody")


def test_several_at_once_each_hear_their_own(any_backend: Backend) -> None:
    backend, listener = any_backend
    names = ["a", "b", "c", "d"]
    for number, name in enumerate(names):
        backend.spawn(name, SessionConfig())
        listener.wait_state(name, WorkerState.RUNNING)
        backend.send_to(name, shell(f"echo I am {name}; exit {number}"))
    assert backend.active_count() == 4
    listener.wait(lambda: all(listener.of(name, ExitedReport) for name in names))
    for number, name in enumerate(names):
        assert [report.code for report in listener.of(name, ExitedReport)] == [number]
        backend.send_to(name, TextWanted(number))
    listener.wait(lambda: all(listener.of(name, TextReport) for name in names))
    for name in names:
        assert listener.of(name, TextReport)[0].text.split("\n")[0] == f"I am {name}"


def test_restart_keeps_the_config_and_counts(any_backend: Backend) -> None:
    backend, listener = any_backend
    backend.spawn("a", SessionConfig(columns=33, lines=7))
    listener.wait_state("a", WorkerState.RUNNING)
    for count in (1, 2):
        backend.restart("a")
        listener.wait(lambda count=count: backend.status("a").generation == count + 1)
        listener.wait_state("a", WorkerState.RUNNING)
        assert backend.status("a").restart_count == count
    backend.send_to("a", shell("stty size"))
    listener.wait(lambda: bool(listener.of("a", ExitedReport)))
    backend.send_to("a", TextWanted(1))
    listener.wait(lambda: bool(listener.of("a", TextReport)))
    assert listener.of("a", TextReport)[0].text.startswith("7 33")


def test_a_flood_is_coalesced_and_ctrl_c_ends_it(any_backend: Backend) -> None:
    backend, listener = any_backend
    run(backend, listener, "a", "yes")
    listener.wait(lambda: len(listener.of("a", Frame)) > 5)
    backend.send_to("a", KeyInput("C", "\x03", Modifier.CONTROL))
    listener.wait(lambda: bool(listener.of("a", ExitedReport)))


def test_a_program_that_redraws_without_pause_is_shown_whole(any_backend: Backend) -> None:
    backend, listener = any_backend
    script = (
        "import os\n"
        "for number in range(1500):\n"
        "    rows = ''.join(f'\\x1b[{row};1H{number:06}' for row in range(1, 25))\n"
        "    os.write(1, f'\\x1b[?2026h{rows}\\x1b[?2026l'.encode())\n"
    )
    backend.spawn("a", SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    backend.send_to("a", Start((sys.executable, "-c", script), "/", {"PATH": os.environ["PATH"]}))
    listener.wait(lambda: bool(listener.of("a", ExitedReport)))
    mirror, shown = Mirror(), []
    for frame in listener.of("a", Frame):
        mirror.apply(frame)
        shown.append({line.runs[0].text[:6] if line.runs else "" for line in mirror.rows})
    drawn = [numbers for numbers in shown if numbers != {""}]
    assert all(len(numbers) == 1 for numbers in drawn), "a torn picture"
    assert drawn


def test_stop_leaves_the_session(any_backend: Backend) -> None:
    backend, listener = any_backend
    run(backend, listener, "a", "echo kept; sleep 60")
    listener.wait(lambda: bool(listener.of("a", Frame)))
    backend.send_to("a", Stop(grace=1.0))
    listener.wait(lambda: bool(listener.of("a", ExitedReport)))
    states = [report.state for report in listener.of("a", StatusReport)]
    assert states[:2] == [ProgramState.RUNNING, ProgramState.STOPPING]
    assert backend.status("a").state is WorkerState.RUNNING


def test_shutdown_ends_everybody_and_says_so_once(any_backend: Backend) -> None:
    backend, listener = any_backend
    for name in ("a", "b"):
        run(backend, listener, name, "sleep 60")
    over: list[int] = []
    backend.shutdown_all(lambda: over.append(backend.active_count()))
    assert over == []
    listener.wait(lambda: bool(over))
    assert over == [0]
    with pytest.raises(BackendError, match="closing"):
        backend.spawn("c", SessionConfig())
