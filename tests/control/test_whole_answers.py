"""Calls that half happen, come in the wrong order or leave something behind: none does."""

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from podium.control.api.commands import RunCommand
from podium.control.api.instances import (
    Configure,
    ControlProgram,
    GetStatus,
    ListInstances,
    Notify,
    ProgramCommand,
    RemoveInstance,
    StartInstance,
    StopInstance,
)
from podium.control.api.shapes import Call
from podium.control.api.terminals import GetScreen, SendInput, Wait
from podium.control.api.workers import GetWorkersHealth
from podium.control.operations.session_queries import Failure
from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.instances import AlertLevel, InstanceSpec, Kind, ThemeName
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import ErrorReport, ProgramState, StatusReport, TextReport, WatchingReport
from podium.core.protocol.requests import Control, Watch
from podium.history.writer import HistoryThread
from podium.workspace.history_journal import HistoryJournal
from tests.control.bench import ONE, Bench
from tests.control.conftest import Served
from tests.control.running import Running


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench()


# Configuring


CHANGES = Configure(
    id="one", name="Other", theme=ThemeName.AMBER, control=True, budget=5.0, alerts=AlertLevel.MUTED
)


@pytest.mark.fault("E3")
def test_a_config_that_its_program_refuses_changes_nothing(bench: Bench) -> None:
    bench.create("one", Kind.MISSION)
    bench.backend.run("one")
    before = bench.workspace.view(ONE).spec
    outcome = bench.call(CHANGES)
    assert bench.workspace.view(ONE).spec == before
    (control,) = bench.backend.requests("one", Control)
    bench.backend.report("one", ErrorReport("It does not listen.", control.request))  # type: ignore[attr-defined]
    assert [error.status for error in outcome] == [409]
    assert bench.workspace.view(ONE).spec == before


@pytest.mark.fault("E3")
@pytest.mark.parametrize(
    "changes",
    [
        {"budget": 5.0},  # Its program does not run.
        {"model": "two\nlines"},
        {"theme": ThemeName.AMBER, "name": "two\nlines"},
        {"control": True, "name": "   "},
    ],
)
def test_a_config_with_one_wrong_part_changes_nothing(bench: Bench, changes: dict[str, Any]) -> None:
    bench.create("one")
    before = bench.workspace.view(ONE).spec
    wanted = {"name": "Other", "theme": ThemeName.AMBER, "control": True, **changes}
    (error,) = bench.call(Configure(id="one", **wanted))
    assert error.status in (409, 422)
    assert bench.workspace.view(ONE).spec == before


@pytest.mark.fault("E3")
def test_a_config_that_is_accepted_changes_all(bench: Bench) -> None:
    bench.create("one", Kind.MISSION)
    bench.backend.run("one")
    outcome = bench.call(CHANGES)
    (control,) = bench.backend.requests("one", Control)
    assert json.loads(control.text) == {"budgetUsd": 5.0}  # type: ignore[attr-defined]
    bench.backend.report("one", TextReport(control.request, ""))  # type: ignore[attr-defined]
    assert [info.name for info in outcome] == ["Other"]
    spec = bench.workspace.view(ONE).spec
    assert (spec.name, spec.theme, spec.may_control) == ("Other", ThemeName.AMBER, True)


# Looking after many


@pytest.mark.fault("E3")
def test_health_and_listing_look_at_the_workers_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(40):
        bench.create(f"i{number}")
        bench.backend.run(f"i{number}")
    asked: list[int] = []
    statuses = bench.backend.statuses

    def count() -> Any:
        asked.append(1)
        return statuses()

    monkeypatch.setattr(bench.backend, "statuses", count)
    (health,) = bench.call(GetWorkersHealth())
    assert len(health.workers) == 40
    assert all(worker.pool_status.state == "running" for worker in health.workers)
    assert len(asked) <= 3
    asked.clear()
    (listed,) = bench.call(ListInstances())
    assert [info.number for info in listed.instances] == list(range(1, 41))
    assert len(asked) <= 3


@pytest.mark.fault("E3")
def test_nothing_is_kept_of_instances_that_are_gone(bench: Bench, tmp_path: Path) -> None:
    history = HistoryThread(tmp_path / "history.db", lambda _: None)
    journal = HistoryJournal(history)
    lives = bench.workspace._lives  # Its other half: they are told of the same lives.
    lives._journal = lives.changes._journal = bench.workspace._journal = journal

    def live(number: int) -> None:
        id = bench.create(f"temporary-{number}")
        bench.backend.run(id)
        bench.backend.exit(id, 0)
        watched: list[object] = []
        bench.sessions.watch(id, watched.append, text="a.b")
        bench.call(GetScreen(id=id))
        bench.call(RemoveInstance(id=id))
        bench.sessions.forget(id)
        bench.backend.report(
            id, StatusReport(ProgramState.RUNNING, 7)
        )  # Late news of a session that is ending.
        bench.backend.become(id, WorkerState.STOPPED)

    live(0)
    before = sizes(bench, journal)
    for number in range(1, 20):
        live(number)
    assert sizes(bench, journal) == before
    history.close(5.0)


_FLEETING = ("sent", "calls", "configs", "_inbox", "_changed")
"""What a test's own doubles remember, and what the next turn of the event loop takes away."""


def sizes(*roots: object) -> dict[str, int]:
    """How much each container that these objects hold has in it."""
    found: dict[str, int] = {}
    for root in (roots[0], *vars(roots[0]).values(), *roots[1:]):
        for name, value in getattr(root, "__dict__", {}).items():
            if isinstance(value, dict | list | set) and name not in _FLEETING:
                found[f"{type(root).__name__}.{name}"] = len(value)
    return found


# Names and variables


BAD_NAMES = [
    "a\nb",
    "a\x1b[31mb",
    "a\u202eb",
    "a\u200bb",
    "a\u2028b",
    "\x7f",
    "a\tb",
    "\u2066x",
    "a\x00b",
    "\ufeff",
]


@pytest.mark.fault("E3")
@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_is_one_plain_line(bench: Bench, name: str) -> None:
    (error,) = bench.call(StartInstance(id="one", kind=Kind.SHELL, name=name))
    assert error.status == 422
    bench.create("one")
    for call in (
        Configure(id="one", name=name),
        RunCommand(command=CommandId.RENAME.value, instance="one", argument=name),
    ):
        (error,) = bench.call(call)
        assert error.status == 422, call
    assert bench.workspace.view(ONE).spec.name == "one"
    # Who writes it elsewhere (a person, a saved file) gets what is left of it.
    bench.workspace.rename(ONE, f"x{name}y")
    assert bench.workspace.view(ONE).spec.name.isprintable()
    bench.workspace.create(
        InstanceSpec(InstanceId("two"), name, Kind.SHELL, ThemeName.ROSE, "/"), start=False
    )
    assert bench.workspace.view(InstanceId("two")).spec.name.isprintable()


@pytest.mark.fault("E3")
@pytest.mark.parametrize("name", ["Büro 2", "日本語　端末", "a\u00a0b", "👩\u200d💻 Agent", "x" * 64])
def test_a_name_in_any_script_is_a_name(bench: Bench, name: str) -> None:
    bench.create("one")
    (info,) = bench.call(Configure(id="one", name=name))
    assert "".join(info.name.split()) == "".join(name.split())


@pytest.mark.fault("E3")
def test_what_a_program_tells_the_person_is_plain_too(bench: Bench) -> None:
    bench.create("one")
    bench.backend.run("one")
    told: list[Any] = []
    bench.workspace.notice_posted.connect(lambda _, report: told.append(report))
    bench.call(Notify(id="one", title="T\x1b]0;x\x07", text="evil\u202egnp.exe\nmore"))
    assert [(notice.title, notice.body) for notice in told] == [("T]0;x", "evilgnp.exe more")]


@pytest.mark.fault("E3")
@pytest.mark.parametrize(
    "variable",
    [
        "PODIUM_SOCKET",
        "PODIUM_INSTANCE",
        "PODIUM_WORKER",
        "PODIUM_RUN",
        "PODIUM_EVENTS_FD",
        "PODIUM_CONTROL_FD",
        "PODIUM_EVENTS_PIPE",
        "PODIUM_ANYTHING",
    ],
)
def test_a_start_can_not_replace_what_podium_tells_programs(bench: Bench, variable: str) -> None:
    (error,) = bench.call(StartInstance(id="one", kind=Kind.SHELL, env={variable: "/evil"}))
    assert (error.status, variable in error.message) == (422, True)
    assert ONE not in bench.workspace.ids()
    # As a saved file of before may still have it.
    bench.workspace.set_instance_environment(lambda _: {"PODIUM_SOCKET": "/own.sock"})
    spec = InstanceSpec(
        ONE, "one", Kind.SHELL, ThemeName.ROSE, "/", environment={variable: "/evil", "A": "b"}
    )
    environment = bench.workspace.start_of(spec).environment
    assert environment["PODIUM_SOCKET"] == "/own.sock"
    assert environment["A"] == "b"


# Waiting


@pytest.mark.fault("E3")
def test_no_answer_waits_for_the_timer_that_is_there_for_painting(bench: Bench, qtbot: QtBot) -> None:
    bench.workspace.instance_changed.connect(lambda _: pytest.fail("it never comes"))
    bench.workspace._lives.changes._change_timer.setInterval(2**31 - 1)
    started = bench.call(StartInstance(id="one", kind=Kind.COMMAND, command=("x",), folder="/"))
    bench.backend.run("one")
    qtbot.waitUntil(lambda: [info.state for info in started] == ["running"])
    stopping = bench.call(Wait(id="one", state="stopping"))
    ended = bench.call(Wait(id="one", exit=True))
    bench.call(StopInstance(id="one"))
    qtbot.waitUntil(lambda: len(stopping) == 1)
    bench.backend.exit("one", 3)
    qtbot.waitUntil(lambda: [waited.exit_code for waited in ended] == [3])


# What a worker died of


@pytest.mark.fault("E1")
@pytest.mark.parametrize("end", [WorkerState.BACKOFF, WorkerState.FAILED, WorkerState.STOPPED])
def test_a_pattern_that_no_session_lived_to_accept_is_not_sent_to_the_next(
    bench: Bench, end: WorkerState
) -> None:
    bench.create("one")
    bench.backend.run("one")
    answers: list[object] = []
    bench.sessions.watch(ONE, answers.append, text="(?au)x")
    bench.backend.become("one", end)
    bench.backend.become("one", WorkerState.RUNNING)
    assert len(bench.backend.requests("one", Watch)) == 1
    (failure,) = answers
    assert isinstance(failure, Failure)
    assert not failure.gone


@pytest.mark.fault("E1")
def test_a_pattern_that_was_accepted_goes_on_in_the_next_session(bench: Bench) -> None:
    bench.create("one")
    bench.backend.run("one")
    answers: list[object] = []
    bench.sessions.watch(ONE, answers.append, text="a.b")
    (watch,) = bench.backend.requests("one", Watch)
    bench.backend.report("one", WatchingReport(watch.request))  # type: ignore[attr-defined]
    bench.backend.become("one", WorkerState.BACKOFF)
    bench.backend.become("one", WorkerState.RUNNING)
    assert len(bench.backend.requests("one", Watch)) == 2
    assert answers == []
    # Not accepted by that one: there it ends.
    bench.backend.become("one", WorkerState.BACKOFF)
    assert len(answers) == 1


@pytest.mark.fault("E1")
def test_a_question_that_can_not_even_be_sent_leaves_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.create("one")
    bench.backend.run("one")

    def fail(*_: object) -> bool:
        raise OverflowError("int too big")

    monkeypatch.setattr(bench.backend, "send_to", fail)
    with pytest.raises(OverflowError):
        bench.sessions.screen(ONE, lambda _: None, 2**70, 1)
    with pytest.raises(OverflowError):
        bench.sessions.watch(ONE, lambda _: None, text="x")
    assert bench.sessions._questions == bench.sessions._watching == {}


@pytest.mark.fault("E1")
def test_an_answer_that_never_comes_has_a_limit_and_frees_its_place(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("podium.control.http_server.handler.ANSWER_SECONDS", 0.2)
    cancelled = threading.Event()

    async def never(call: object) -> object:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()
        return None

    monkeypatch.setattr(served.gateway, "call", never)
    answer = served.wire("unix").ask("GET", "/api/orchestrator/one/screen")
    assert (answer.status, answer.code) == (504, "no-answer")
    assert cancelled.wait(20)


@pytest.mark.fault("E1")
def test_a_question_that_was_taken_back_frees_its_place(bench: Bench) -> None:
    bench.create("one")
    bench.backend.run("one")
    for _ in range(1000):
        answer = bench.operations.carry_out(GetScreen(id="one"))
        answer.cancel()
    assert bench.sessions._questions == {}


# Removing


@pytest.mark.parametrize(
    "call",
    [
        GetScreen(id="one"),
        SendInput(id="one", text="x", submit=True),
        ControlProgram(id="one", command=ProgramCommand.COMMENT, text="x"),
    ],
    ids=["screen", "input", "comment"],
)
def test_a_question_to_an_instance_that_is_removed_meanwhile_is_answered_404(
    bench: Bench, call: Call
) -> None:
    """It can't be started first, as the answer for a session that ended says."""
    bench.create("one")
    bench.backend.run("one")
    answer = bench.call(call)
    assert answer == []
    bench.workspace.close(ONE)
    bench.sessions.forget(ONE)
    (error,) = answer
    assert (error.status, error.code) == (404, "unknown-instance")


@pytest.mark.fault("H5")
def test_a_removed_id_is_free_when_that_is_answered(bench: Bench, qtbot: QtBot) -> None:
    bench.create("one")
    bench.backend.run("one")
    bench.backend.exit("one")
    removed = bench.call(RemoveInstance(id="one"))
    started = bench.call(StartInstance(id="one", kind=Kind.SHELL))
    (gone,) = bench.call(GetStatus(id="one"))
    assert gone.status == 404
    assert removed == started == []  # Its worker has not ended yet.
    bench.backend.become("one", WorkerState.STOPPED)
    qtbot.waitUntil(lambda: len(removed) == 1)
    bench.backend.run("one")
    qtbot.waitUntil(lambda: len(started) == 1)
    assert started[0].id == "one"


@pytest.mark.fault("H5")
def test_a_start_that_is_taken_back_before_the_id_is_free_starts_nothing(bench: Bench, qtbot: QtBot) -> None:
    bench.create("one")
    bench.backend.run("one")
    bench.backend.exit("one")
    bench.call(RemoveInstance(id="one"))
    later = bench.operations.carry_out(StartInstance(id="one", kind=Kind.SHELL))
    later.cancel()
    with qtbot.waitSignal(bench.workspace.instance_forgotten):
        bench.backend.become("one", WorkerState.STOPPED)
    assert bench.workspace.ids() == ()


@pytest.mark.e2e
@pytest.mark.fault("H5")
def test_start_stop_remove_again_and_again(shared_podium: Running) -> None:
    podium = shared_podium
    for number in range(2):
        podium.start("again", "/bin/sh", "-c", f"echo {number}; exec cat")
        podium.wait_for("again", text=f"^{number}$")
        podium.post("/api/orchestrator/again/stop")
        podium.wait_for("again", exit=True)
        assert podium.status("DELETE", "/api/orchestrator/again") == 200
        assert podium.status("GET", "/api/orchestrator/again/status") == 404
    # Closed as a person does it, without waiting: the start waits instead.
    podium.start("again", "/bin/cat")
    podium.post("/api/commands/close-instance", instance="again")
    podium.start("again", "/bin/sh", "-c", "echo anew; exec cat")
    podium.wait_for("again", text="anew")
    podium.post("/api/orchestrator/again/stop")
    podium.wait_for("again", exit=True)
    assert podium.status("DELETE", "/api/orchestrator/again") == 200
