"""What becomes of an instance when its worker starts, hangs, ends or crashes."""

import pytest
from pytestqt.qtbot import QtBot

from podium.core.instances import InstancePolicy, Kind, RestartWhen
from podium.core.protocol.backend import BackendError, WorkerState
from podium.core.protocol.reports import (
    ExitedReport,
    ProgramState,
    StatusReport,
)
from podium.core.protocol.requests import (
    Start,
    Stop,
)
from podium.supervision.policy import Policy
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace, WorkspaceError
from tests.workspace.doubles import FakeBackend
from tests.workspace.instances import Time, spec, state


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


def test_a_closed_instance_is_gone_while_its_worker_still_ends(
    workspace: Workspace, backend: FakeBackend
) -> None:
    workspace.create(spec())
    backend.run("a")
    workspace.close("a")
    for command in (workspace.close, workspace.start, workspace.stop, workspace.restart):
        with pytest.raises(WorkspaceError, match="no instance"):
            command("a")


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
