"""Commands in, backend calls and views out."""

import pytest
from pytestqt.qtbot import QtBot

from podium.core.instances import Kind, ThemeName
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import (
    AcknowledgedReport,
    ErrorReport,
    EventReport,
    NoticeReport,
    ProgramState,
    StatusReport,
    TextReport,
)
from podium.core.protocol.requests import (
    Control,
    Resize,
    Start,
    Stop,
    TextWanted,
    TreePolicy,
)
from podium.sessions.queries import MAX_PENDING
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace, WorkspaceError
from tests.workspace.doubles import FakeBackend
from tests.workspace.instances import Time, spec, state


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


@pytest.mark.parametrize("id", ["", "../a", "start", "a" * 65])
def test_an_id_that_breaks_the_rule_is_refused(workspace: Workspace, id: str) -> None:
    with pytest.raises(WorkspaceError):
        workspace.create(spec(id))
    assert workspace.ids() == ()


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
