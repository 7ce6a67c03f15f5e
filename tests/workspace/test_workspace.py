"""Commands in, backend calls and views out."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from podium.core.instances import InstancePolicy, InstanceSpec, Kind, RestartWhen, ThemeName
from podium.core.protocol.backend import BackendError, WorkerState
from podium.core.protocol.reports import (
    AcknowledgedReport,
    ErrorReport,
    EventReport,
    ExitedReport,
    NoticeReport,
    ProgramState,
    StatusReport,
    TextReport,
)
from podium.core.protocol.requests import (
    Control,
    ControlCommand,
    Resize,
    SendText,
    Start,
    Stop,
    TextWanted,
    TreePolicy,
)
from podium.core.runs import RunOutcome
from podium.sessions.queries import MAX_PENDING
from podium.supervision.policy import Policy
from podium.workspace.run_report import outcome_of
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace, WorkspaceError
from tests.workspace.doubles import FakeBackend


class Time:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def workspace(backend: FakeBackend, time: Time, qapp: object) -> Iterator[Workspace]:
    made = Workspace(backend.hub, {"PATH": "/bin", "SHELL": "/bin/sh"}, time)
    yield made
    made.deleteLater()


def spec(id: str = "a", kind: Kind = Kind.COMMAND, **more: object) -> InstanceSpec:
    values = {"name": id, "theme": ThemeName.ROSE, "folder": "/", "command": ("make",), **more}
    return InstanceSpec(id, kind=kind, **values)


def state(workspace: Workspace, id: str = "a") -> InstanceState:
    return workspace.view(id).state


def test_a_new_instance_starts_as_soon_as_its_worker_is_ready(
    workspace: Workspace, backend: FakeBackend
) -> None:
    workspace.create(spec(environment={"A": "1"}))
    assert state(workspace) is InstanceState.STARTING
    assert backend.calls == [("spawn", "a")]
    backend.become("a", WorkerState.RUNNING)
    [start] = backend.requests("a", Start)
    assert start == Start(("make",), "/", {"PATH": "/bin", "SHELL": "/bin/sh", "A": "1"}, TreePolicy.TREE)
    backend.report("a", StatusReport(ProgramState.RUNNING, 7, "vim"))
    assert state(workspace) is InstanceState.RUNNING
    assert workspace.view("a").title == "vim"


def test_a_shell_runs_the_login_shell_and_ends_its_session_only(
    workspace: Workspace, backend: FakeBackend
) -> None:
    workspace.create(spec(kind=Kind.SHELL, command=()))
    backend.run("a")
    [start] = backend.requests("a", Start)
    assert (start.argv, start.tree) == (("/bin/sh", "-l"), TreePolicy.SESSION)


@pytest.mark.parametrize(
    ("code", "signal", "reason", "expected", "word"),
    [
        (0, None, "", InstanceState.DONE, "Done"),
        (3, None, "", InstanceState.EXITED, "Exited 3"),
        (None, 2, "", InstanceState.EXITED, "Ended by SIGINT"),
        (None, None, "The folder /x is gone.", InstanceState.FAILED, "Failed"),
    ],
)
def test_how_a_program_ended_shows(
    workspace: Workspace,
    backend: FakeBackend,
    code: int | None,
    signal: int | None,
    reason: str,
    expected: InstanceState,
    word: str,
) -> None:
    workspace.create(spec())
    backend.run("a")
    backend.exit("a", code, signal, reason)
    view = workspace.view("a")
    assert (view.state, view.label, view.reason) == (expected, word, reason)
    assert (view.exit_code, view.exit_signal) == (code, signal)
    assert not view.busy


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


def test_stop_ends_the_program_and_keeps_the_worker(
    workspace: Workspace, backend: FakeBackend, time: Time
) -> None:
    workspace.create(spec())
    backend.run("a")
    workspace.stop("a")
    assert backend.requests("a", Stop) == [Stop()]
    backend.report("a", StatusReport(ProgramState.STOPPING, 7, "", "sleep (12)"))
    time.now += 3
    assert workspace.view("a").label == "Stopping 3 s"
    assert "sleep (12)" in workspace.view("a").reason
    backend.exit("a", None, 15)
    assert (state(workspace), workspace.view("a").label) == (InstanceState.IDLE, "Stopped")
    assert ("kill", "a") not in backend.calls
    workspace.start("a")
    assert len(backend.requests("a", Start)) == 2


def test_restart_waits_for_the_end(workspace: Workspace, backend: FakeBackend) -> None:
    workspace.create(spec())
    backend.run("a")
    workspace.restart("a")
    workspace.restart("a")
    assert len(backend.requests("a", Start)) == 1
    backend.report("a", StatusReport(ProgramState.STOPPING, 7))
    backend.exit("a", None, 15)
    assert len(backend.requests("a", Start)) == 2


def test_a_second_start_while_it_runs_does_nothing(workspace: Workspace, backend: FakeBackend) -> None:
    workspace.create(spec())
    workspace.start("a")
    backend.run("a")
    workspace.start("a")
    assert len(backend.requests("a", Start)) == 1
    assert backend.calls == [("spawn", "a")]


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


def test_events_reach_the_right_instance_and_a_bad_one_harms_nobody(
    workspace: Workspace, backend: FakeBackend, qtbot: QtBot
) -> None:
    workspace.create(spec("a", Kind.MISSION, mission="/m.toml"))
    workspace.create(spec("b", Kind.MISSION, mission="/m.toml"))
    backend.run("a")
    backend.run("b")
    with qtbot.waitSignal(workspace.error_reported):
        backend.report("a", EventReport("round:start", {"round": "two"}))
    backend.report("b", EventReport("round:start", {"round": 5}))
    assert (workspace.view("a").round, workspace.view("b").round) == (None, 5)


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


def test_a_crashed_worker_runs_its_command_again_resumes_its_mission_and_leaves_a_shell(
    workspace: Workspace, backend: FakeBackend
) -> None:
    for id, kind in [("c", Kind.COMMAND), ("m", Kind.MISSION), ("s", Kind.SHELL)]:
        workspace.create(spec(id, kind, mission="/m.toml"))
        backend.run(id)
        backend.become(id, WorkerState.BACKOFF, retry_in=4.0, reason="Ended by SIGKILL.")
        view = workspace.view(id)
        assert (view.state, view.label) == (InstanceState.RESTARTING, "Restarting in 4 s")
        assert "Ended by SIGKILL." in view.reason
        backend.become(id, WorkerState.STARTING)
        backend.become(id, WorkerState.RUNNING)
    assert [len(backend.requests(id, Start)) for id in "cms"] == [2, 2, 1]
    assert [start.argv[-2] for start in backend.requests("m", Start)] == ["run", "resume"]


def test_stop_in_backoff_ends_the_attempts(workspace: Workspace, backend: FakeBackend) -> None:
    workspace.create(spec())
    backend.run("a")
    backend.become("a", WorkerState.BACKOFF, retry_in=4.0)
    workspace.stop("a")
    assert backend.calls[-1] == ("kill", "a")
    backend.become("a", WorkerState.STOPPED)
    assert not workspace.view("a").busy


def test_a_running_instance_is_not_removed_but_closed(
    workspace: Workspace, backend: FakeBackend, qtbot: QtBot
) -> None:
    workspace.create(spec())
    backend.run("a")
    with pytest.raises(WorkspaceError, match="stop it first"):
        workspace.remove("a")
    with qtbot.waitSignal(workspace.instance_removed):
        workspace.close("a")
    assert workspace.ids() == ()
    backend.become("a", WorkerState.STOPPED)
    assert backend.workers == {}
    workspace.create(spec())


def test_ids_are_unique_and_bad_input_is_said(workspace: Workspace) -> None:
    workspace.create(spec("api-work"), start=False)
    with pytest.raises(WorkspaceError, match="already"):
        workspace.create(spec("api-work"))
    assert workspace.new_id("API work") == "API-work"
    assert workspace.new_id("api-work") == "api-work-2"
    assert workspace.new_id("start") == "start-2"
    assert workspace.new_id("żółć") == "instance"
    with pytest.raises(WorkspaceError, match="no instance"):
        workspace.view("nobody")


def test_themes_are_taken_in_turn(workspace: Workspace) -> None:
    taken = []
    for number in range(5):
        theme = workspace.next_theme()
        taken.append(theme)
        workspace.create(spec(f"i{number}", theme=theme), start=False)
    assert taken == [*ThemeName, ThemeName.INDIGO]


def test_the_size_a_pane_told_is_kept_for_the_next_worker(workspace: Workspace, backend: FakeBackend) -> None:
    workspace.create(spec(), start=False)
    workspace.send("a", Resize(132, 50))
    workspace.start("a")
    assert (backend.configs["a"].columns, backend.configs["a"].lines) == (132, 50)


def test_people_get_notices_and_errors_in_words(
    workspace: Workspace, backend: FakeBackend, qtbot: QtBot
) -> None:
    workspace.create(spec())
    backend.run("a")
    with qtbot.waitSignal(workspace.notice_posted) as received:
        backend.report("a", NoticeReport("Done", "All is well."))
    assert received.args == ["a", NoticeReport("Done", "All is well.")]
    with qtbot.waitSignal(workspace.error_reported) as refused:
        backend.report("a", ErrorReport("It is full."))
    assert refused.args == ["a: It is full."]


def test_a_screens_text_is_fetched_in_parts_and_a_dead_session_answers_too(
    workspace: Workspace, backend: FakeBackend
) -> None:
    workspace.create(spec())
    backend.run("a")
    texts: list[str] = []
    workspace.request_text("a", texts.append)
    [wanted] = backend.requests("a", TextWanted)
    backend.report("a", TextReport(wanted.request, "one ", more=True))
    backend.report("a", TextReport(wanted.request, "two"))
    assert texts == ["one two"]
    workspace.request_text("a", texts.append)
    backend.become("a", WorkerState.BACKOFF)
    workspace.request_text("a", texts.append)
    assert texts == ["one two", "", ""]


def test_changes_are_told_once_for_many(workspace: Workspace, backend: FakeBackend, qtbot: QtBot) -> None:
    workspace.create(spec(kind=Kind.MISSION, mission="/m.toml"))
    backend.run("a")
    qtbot.wait(100)
    told: list[str] = []
    workspace.instance_changed.connect(told.append)
    for number in range(500):
        backend.report("a", EventReport("round:start", {"round": number}))
    qtbot.wait(100)
    assert told == ["a"]


def test_nothing_starts_while_closing(workspace: Workspace, backend: FakeBackend) -> None:
    workspace.create(spec(), start=False)
    ended: list[bool] = []
    workspace.shutdown(lambda: ended.append(True))
    workspace.start("a")
    assert backend.calls == []
    backend.done()
    assert ended == [True]


def test_between_the_start_message_and_its_answer_an_instance_is_starting(
    workspace: Workspace, backend: FakeBackend
) -> None:
    workspace.create(spec())
    backend.become("a", WorkerState.RUNNING)
    assert state(workspace) is InstanceState.STARTING
    workspace.start("a")
    workspace.stop("a")
    assert (len(backend.requests("a", Start)), len(backend.requests("a", Stop))) == (1, 1)
    backend.report("a", StatusReport(ProgramState.RUNNING, 7))
    backend.exit("a", None, 15)
    assert workspace.view("a").label == "Stopped"


@pytest.mark.parametrize("command", ["start", "restart"])
def test_a_worker_that_gave_up_before_it_was_ready_can_be_started_again(
    workspace: Workspace, backend: FakeBackend, command: str
) -> None:
    workspace.create(spec())
    backend.become("a", WorkerState.FAILED, reason="Exited with status 3.")
    assert state(workspace) is InstanceState.FAILED
    getattr(workspace, command)("a")
    backend.run("a")
    assert backend.calls == [("spawn", "a"), ("spawn", "a")]
    assert state(workspace) is InstanceState.RUNNING


def test_a_start_while_the_worker_stops_waits_for_the_next_worker(
    workspace: Workspace, backend: FakeBackend
) -> None:
    workspace.create(spec())
    workspace.stop("a")
    workspace.start("a")
    assert backend.calls == [("spawn", "a"), ("kill", "a")]
    backend.become("a", WorkerState.STOPPED)
    backend.become("a", WorkerState.RUNNING)
    assert (backend.calls[-1], len(backend.requests("a", Start))) == (("spawn", "a"), 1)


def test_a_worker_that_ends_by_itself_before_it_was_ready_leaves_nothing_starting(
    workspace: Workspace, backend: FakeBackend
) -> None:
    workspace.create(spec())
    backend.become("a", WorkerState.STOPPED)
    assert (state(workspace), backend.calls) == (InstanceState.IDLE, [("spawn", "a")])


def test_a_start_that_cannot_be_sent_has_failed_with_a_reason(
    workspace: Workspace, backend: FakeBackend
) -> None:
    workspace.create(spec())
    backend.accepts = False
    backend.become("a", WorkerState.RUNNING)
    assert state(workspace) is InstanceState.FAILED
    assert "over 1 MiB" in workspace.view("a").reason


def test_a_spawn_that_is_refused_leaves_nothing_starting(
    workspace: Workspace, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(instance: str, config: object) -> None:
        raise BackendError("Podium is closing.")

    monkeypatch.setattr(backend, "spawn", refuse)
    said: list[str] = []
    workspace.error_reported.connect(said.append)
    workspace.create(spec())
    assert (said, state(workspace)) == (["Podium is closing."], InstanceState.IDLE)


def test_a_restart_outlives_a_crash_of_the_worker_and_happens_once(
    workspace: Workspace, backend: FakeBackend
) -> None:
    workspace.create(spec(kind=Kind.SHELL))
    backend.run("a")
    workspace.restart("a")
    backend.report("a", StatusReport(ProgramState.STOPPING, 7))
    backend.become("a", WorkerState.BACKOFF)
    backend.become("a", WorkerState.STARTING)
    backend.run("a")
    assert len(backend.requests("a", Start)) == 2
    backend.exit("a", 0)
    assert len(backend.requests("a", Start)) == 2


def test_a_new_worker_without_a_program_does_not_show_the_old_one_running(
    workspace: Workspace, backend: FakeBackend
) -> None:
    workspace.create(spec(kind=Kind.SHELL))
    backend.run("a")
    backend.become("a", WorkerState.STOPPING)
    backend.become("a", WorkerState.STARTING)
    backend.become("a", WorkerState.RUNNING)
    assert state(workspace) is InstanceState.IDLE


def test_a_program_that_does_not_obey_does_not_look_as_if_it_had(
    workspace: Workspace, backend: FakeBackend
) -> None:
    workspace.create(spec(kind=Kind.MISSION, mission="/m.toml"))
    backend.run("a")
    backend.report("a", AcknowledgedReport(0))
    workspace.finish_round("a")
    workspace.finish_round("a")
    [first, second] = [request.request for request in backend.requests("a", Control)]
    backend.report("a", AcknowledgedReport(second + 1))
    assert state(workspace) is InstanceState.RUNNING
    backend.exit("a", 0)
    workspace.start("a")
    backend.report("a", StatusReport(ProgramState.RUNNING, 7))
    backend.report("a", AcknowledgedReport(first))  # That was asked of the run before.
    assert state(workspace) is InstanceState.RUNNING


def test_a_closed_instance_is_gone_while_its_worker_still_ends(
    workspace: Workspace, backend: FakeBackend
) -> None:
    workspace.create(spec())
    backend.run("a")
    workspace.close("a")
    for command in (workspace.close, workspace.start, workspace.stop, workspace.restart):
        with pytest.raises(WorkspaceError, match="no instance"):
            command("a")


@pytest.mark.parametrize("id", ["", "../a", "start", "a" * 65])
def test_an_id_that_breaks_the_rule_is_refused(workspace: Workspace, id: str) -> None:
    with pytest.raises(WorkspaceError):
        workspace.create(spec(id))
    assert workspace.ids() == ()


def test_a_mission_or_shell_lost_with_its_worker_says_so_when_the_next_one_is_there(
    workspace: Workspace, backend: FakeBackend
) -> None:
    for kind in (Kind.MISSION, Kind.SHELL):
        never = InstancePolicy(restart=RestartWhen.NEVER)
        workspace.create(spec(kind.value, kind, mission="/m.toml", policy=never))
        backend.run(kind.value)
        backend.become(kind.value, WorkerState.BACKOFF, retry_in=1.0, reason="Ended by SIGKILL.")
        backend.become(kind.value, WorkerState.STARTING)
        backend.become(kind.value, WorkerState.RUNNING)
        view = workspace.view(kind.value)
        assert view.state is InstanceState.FAILED
        assert view.reason == (
            f"The worker ended, and this {kind} with it. Ended by SIGKILL. It is not run again unasked."
        )
        workspace.restart(kind.value)
        assert state(workspace, kind.value) is InstanceState.STARTING


def test_a_command_run_again_after_a_crash_counts_its_own_time(
    workspace: Workspace, backend: FakeBackend, time: Time
) -> None:
    workspace.create(spec())
    backend.run("a")
    time.now += 41
    backend.become("a", WorkerState.BACKOFF, retry_in=1.0, reason="Ended by SIGKILL.")
    assert workspace.view("a").seconds == 41
    time.now += 2
    backend.run("a")
    time.now += 5
    assert workspace.view("a").seconds == 5


def test_a_worker_that_hangs_shows_as_stopping_and_its_command_is_not_run_again(
    workspace: Workspace, backend: FakeBackend, time: Time
) -> None:
    workspace.create(spec())
    backend.run("a")
    workspace.stop("a")
    time.now += 9
    assert workspace.view("a").label == "Stopping 9 s"
    backend.become("a", WorkerState.BACKOFF, retry_in=1.0, reason="It missed 3 pings.")
    backend.become("a", WorkerState.STARTING)
    backend.become("a", WorkerState.RUNNING)
    assert backend.requests("a", Start) == backend.requests("a", Start)[:1]
    assert state(workspace) is InstanceState.IDLE


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


@pytest.mark.parametrize("ended", [WorkerState.STOPPED, WorkerState.FAILED])
def test_the_time_stops_when_the_worker_ends_before_it_was_ready(
    workspace: Workspace, backend: FakeBackend, time: Time, ended: WorkerState
) -> None:
    workspace.create(spec())
    time.now += 3
    backend.become("a", ended)
    time.now += 60
    assert workspace.view("a").seconds == 3


def test_a_worker_that_is_given_up_says_so(workspace: Workspace, backend: FakeBackend) -> None:
    workspace.create(spec())
    backend.run("a")
    backend.become("a", WorkerState.FAILED, restart_count=5, reason="Ended by SIGABRT.")
    assert workspace.view("a").reason == (
        "Stopped restarting after 5 restarts. Ended by SIGABRT. The text above is kept."
    )


def test_the_last_screen_stays_until_a_program_draws_in_the_next_worker(
    workspace: Workspace, backend: FakeBackend
) -> None:
    renewed: list[str] = []
    workspace.screen_reset.connect(renewed.append)
    workspace.create(spec(kind=Kind.SHELL))
    backend.become("a", WorkerState.RUNNING, generation=1)
    backend.report("a", StatusReport(ProgramState.RUNNING, 7))
    backend.become("a", WorkerState.BACKOFF, generation=1)
    backend.become("a", WorkerState.RUNNING, generation=2)
    assert renewed == ["a"]
    workspace.start("a")
    assert renewed == ["a", "a"]


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


def test_the_session_of_a_worker_spawned_anew_is_another_one(
    workspace: Workspace, backend: FakeBackend
) -> None:
    """A worker that was ended and spawned again counts its generations from one again."""
    renewed: list[str] = []
    workspace.create(spec(kind=Kind.SHELL))
    backend.become("a", WorkerState.RUNNING, generation=1, marker="one")
    backend.report("a", StatusReport(ProgramState.RUNNING, 7))
    backend.become("a", WorkerState.STOPPED, generation=1, marker="one")
    workspace.screen_reset.connect(renewed.append)
    workspace.start("a")
    backend.become("a", WorkerState.RUNNING, generation=1, marker="two")
    assert renewed == ["a"]


def test_a_session_that_does_not_hear_a_stop_is_ended_with_its_worker(
    backend: FakeBackend, qtbot: QtBot
) -> None:
    workspace = Workspace(backend.hub, {}, policy=Policy(stop_patience=0.02))
    for id in ("deaf", "good"):
        workspace.create(spec(id))
        backend.run(id)
        workspace.stop(id)
    backend.report("good", StatusReport(ProgramState.STOPPING, 7))
    qtbot.waitUntil(lambda: ("kill", "deaf") in backend.calls)
    qtbot.wait(60)
    assert ("kill", "good") not in backend.calls
    workspace.deleteLater()


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


@pytest.mark.parametrize(
    ("kind", "when"), [(Kind.SHELL, RestartWhen.ON_CRASH), (Kind.COMMAND, RestartWhen.NEVER)]
)
def test_a_crash_of_what_is_not_run_again_unasked_is_an_end(
    workspace: Workspace, backend: FakeBackend, kind: Kind, when: RestartWhen
) -> None:
    workspace.create(spec(kind=kind, policy=InstancePolicy(restart=when)))
    backend.run("a")
    backend.exit("a", None, 11)
    assert (state(workspace), workspace.view("a").label) == (InstanceState.EXITED, "Ended by SIGSEGV")


def test_a_shell_starts_again_where_it_was(workspace: Workspace, backend: FakeBackend) -> None:
    workspace.create(spec(kind=Kind.SHELL))
    backend.run("a")
    backend.report("a", ExitedReport(0, folder="/tmp"))
    workspace.start("a")
    first, second = backend.requests("a", Start)
    assert (first.folder, second.folder, second.other_folder) == ("/", "/tmp", "/")


def test_a_run_knows_how_many_before_it_nobody_asked_for(workspace: Workspace, backend: FakeBackend) -> None:
    workspace.create(spec())
    record = workspace._instances["a"]
    for expected in (0, 1, 2):
        backend.run("a")
        report = record.run_report(100.0)
        assert report is not None
        assert report.restarts == expected
        backend.become("a", WorkerState.BACKOFF, reason="Ended by SIGKILL.")
    workspace.restart("a")
    backend.run("a")
    report = record.run_report(100.0)
    assert report is not None
    assert report.restarts == 0


def test_a_shutdown_names_what_it_had_to_kill_and_nothing_killed_before(
    workspace: Workspace, backend: FakeBackend, time: Time
) -> None:
    for id in ("before", "now"):
        workspace.create(spec(id))
        backend.run(id)
    backend.report("before", ExitedReport(None, 9, killed="sh (12)"))
    assert workspace.killed() == ()
    time.now += 1
    workspace.shutdown(lambda: None)
    assert workspace.killed() == ()
    backend.report("now", ExitedReport(None, 9, killed="sh (13)"))
    assert workspace.killed() == (("now", "sh (13)"),)
