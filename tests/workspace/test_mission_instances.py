"""Instances that are missions: their progress, questions and ends."""

import pytest

from podium.core.instances import Kind
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import (
    AcknowledgedReport,
    EventReport,
    ExitedReport,
    ProgramState,
    StatusReport,
)
from podium.core.protocol.requests import (
    Control,
    ControlCommand,
    SendText,
    Start,
    Stop,
)
from podium.core.runs import RunOutcome
from podium.sessions.queries import MAX_PENDING
from podium.workspace.run_report import outcome_of
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend
from tests.workspace.instances import Time, spec, state


@pytest.mark.fault("B1")
def test_a_mission_that_kept_work_back_is_done_in_part(workspace: Workspace, backend: FakeBackend) -> None:
    workspace.create(spec(kind=Kind.MISSION, command=(), mission="/x/mission.toml"))
    backend.run("a")
    backend.exit("a", 3)
    view = workspace.view("a")
    assert (view.state, view.label) == (InstanceState.EXITED, "Done in part")
    mission = spec(kind=Kind.MISSION, command=(), mission="/x/mission.toml")
    assert outcome_of(mission, True, ExitedReport(code=3), False) is RunOutcome.PARTIAL
    assert outcome_of(spec(), True, ExitedReport(code=3), False) is RunOutcome.FAILED


def test_a_missions_progress_shows_and_starts_anew(
    workspace: Workspace, backend: FakeBackend, time: Time
) -> None:
    workspace.create(spec(kind=Kind.MISSION, mission="/m.toml"))
    backend.run("a")
    for name, data in [
        ("orchestrator:started", {"maxRounds": 4, "agents": 2}),
        ("round:start", {"round": 1}),
        ("agent:start", {"agent": "x"}),
        ("agent:start", {"agent": "y"}),
        ("agent:complete", {"agent": "x", "costUsd": 0.25, "simulated": True}),
        ("agent:error", {"agent": "y", "costUsd": 0.5}),
        ("round:start", {"round": 2, "maxRounds": 4}),
        ("agent:start", {"agent": "x"}),
        ("my:own", {"anything": 1}),
    ]:
        backend.report("a", EventReport(name, data))
    time.now += 61
    view = workspace.view("a")
    assert (view.round, view.max_rounds, view.agents_running, view.agents_total) == (2, 4, 1, 2)
    assert (view.cost_usd, view.cost_simulated, view.seconds) == (0.75, True, 61.0)
    assert view.detail == "m.toml"
    backend.exit("a", 1)
    time.now += 1000
    assert workspace.view("a").seconds == 61.0
    assert workspace.view("a").agents_running == 0
    workspace.start("a")
    assert workspace.view("a").cost_usd is None


def test_finish_round_and_stop_now(workspace: Workspace, backend: FakeBackend) -> None:
    workspace.create(spec(kind=Kind.MISSION, mission="/m.toml"))
    backend.run("a")
    workspace.finish_round("a")
    [control] = backend.requests("a", Control)
    assert control.command is ControlCommand.FINISH_ROUND
    assert state(workspace) is InstanceState.RUNNING
    backend.report("a", AcknowledgedReport(control.request))
    assert (state(workspace), workspace.view("a").label) == (InstanceState.FINISHING, "Finishing round")
    workspace.stop_now("a")
    assert backend.requests("a", Stop)
    backend.exit("a", 130)
    assert workspace.view("a").label == "Stopped"


@pytest.mark.parametrize("answered", [0, -1])
def test_a_mission_asked_twice_to_finish_may_answer_either(
    workspace: Workspace, backend: FakeBackend, answered: int
) -> None:
    workspace.create(spec(kind=Kind.MISSION, mission="/m.toml"))
    backend.run("a")
    workspace.finish_round("a")
    workspace.finish_round("a")
    controls = backend.requests("a", Control)
    assert len(controls) == 2
    backend.report("a", AcknowledgedReport(controls[answered].request))
    assert state(workspace) is InstanceState.FINISHING


def test_an_answer_to_an_earlier_run_says_nothing_of_the_next(
    workspace: Workspace, backend: FakeBackend
) -> None:
    workspace.create(spec(kind=Kind.MISSION, mission="/m.toml"))
    backend.run("a")
    workspace.finish_round("a")
    backend.exit("a", 1)
    workspace.start("a")
    backend.report("a", StatusReport(ProgramState.RUNNING, 8))
    workspace.finish_round("a")
    earlier, later = backend.requests("a", Control)
    backend.report("a", AcknowledgedReport(earlier.request))
    assert state(workspace) is InstanceState.RUNNING
    backend.report("a", AcknowledgedReport(later.request))
    assert state(workspace) is InstanceState.FINISHING


def test_a_mission_whose_file_has_faults_has_failed(workspace: Workspace, backend: FakeBackend) -> None:
    for id, kind, expected in (
        ("m", Kind.MISSION, InstanceState.FAILED),
        ("c", Kind.COMMAND, InstanceState.EXITED),
    ):
        workspace.create(spec(id, kind, mission="/m.toml"))
        backend.run(id)
        backend.exit(id, 2)
        assert (state(workspace, id), workspace.view(id).exit_code) == (expected, 2)
    assert "listed above" in workspace.view("m").reason


@pytest.mark.fault("E6")
def test_a_mission_that_asks_is_waiting_until_it_works_again(
    workspace: Workspace, backend: FakeBackend, time: Time
) -> None:
    workspace.create(spec(kind=Kind.MISSION, mission="/x.toml", command=()))
    backend.run("a")
    assert state(workspace) is InstanceState.RUNNING
    backend.report(
        "a", EventReport("orchestrator:waiting", {"question": "Run\x1b[2J\n\u202eit?  [y/n]" + "x" * 5000})
    )
    time.now += 3
    view = workspace.view("a")
    assert (view.state, view.waiting_seconds) == (InstanceState.WAITING, 3)
    assert view.question.startswith("Run [2J it? [y/n]")
    assert len(view.question) <= 1024
    backend.report("a", EventReport("orchestrator:working", {}))
    assert (state(workspace), workspace.view("a").question) == (InstanceState.RUNNING, "")
    backend.report("a", EventReport("orchestrator:waiting", {"question": "Sure?"}))
    workspace.send("a", SendText(1, "y", submit=True))
    assert state(workspace) is InstanceState.RUNNING


@pytest.mark.fault("E6")
def test_who_agreed_is_not_asked_and_agrees_for_that_run_alone(
    workspace: Workspace, backend: FakeBackend
) -> None:
    workspace.create(spec(kind=Kind.MISSION, mission="/x.toml", command=()), start=False)
    workspace.start("a", agreed=True)
    backend.become("a", WorkerState.RUNNING)
    backend.report("a", StatusReport(ProgramState.RUNNING, 7))
    backend.report("a", ExitedReport(130))
    workspace.resume("a", agreed=True)
    backend.report("a", StatusReport(ProgramState.RUNNING, 8))
    backend.report("a", ExitedReport(130))
    workspace.start("a")
    words = [start.argv[start.argv.index("mission") + 1 :] for start in backend.requests("a", Start)]
    assert words == [("run", "--yes", "/x.toml"), ("resume", "--yes", "/x.toml"), ("run", "/x.toml")]


def test_a_mission_that_never_answers_uses_up_no_room_of_others(
    workspace: Workspace, backend: FakeBackend
) -> None:
    """However often it is asked to end after its round, it shows as doing so with its answer, to the last time."""
    workspace.create(spec(kind=Kind.MISSION, mission="/x.toml", command=()))
    backend.run("a")
    for _ in range(2 * MAX_PENDING):
        workspace.finish_round("a")
    texts: list[str] = []
    workspace.request_text("a", texts.append)
    assert texts == []  # It was asked, and is waited for.
    assert state(workspace) is InstanceState.RUNNING
    last = backend.requests("a", Control)[-1]
    assert isinstance(last, Control)
    backend.report("a", AcknowledgedReport(last.request))
    assert state(workspace) is InstanceState.FINISHING
