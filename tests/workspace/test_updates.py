"""Changes of instances: told at once to what answers, now and then to what paints."""

import pytest
from pytestqt.qtbot import QtBot

from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.core.protocol.reports import EventReport, ProgramState, StatusReport
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend
from tests.workspace.instances import spec

A = InstanceId("a")


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def workspace(backend: FakeBackend, qapp: object) -> Workspace:
    return Workspace(backend.hub, {})


def test_an_update_waits_for_no_timer(workspace: Workspace, backend: FakeBackend, qtbot: QtBot) -> None:
    workspace._lives.changes._change_timer.setInterval(2**31 - 1)
    seen: list[InstanceState] = []
    workspace.instance_updated.connect(lambda id: seen.append(workspace.state(InstanceId(id))))
    workspace.create(spec())
    qtbot.waitUntil(lambda: seen == [InstanceState.STARTING])
    backend.run(A)
    qtbot.waitUntil(lambda: seen[-1] is InstanceState.RUNNING)
    backend.exit(A)
    qtbot.waitUntil(lambda: seen[-1] is InstanceState.DONE)


def test_many_changes_at_once_are_one_update(
    workspace: Workspace, backend: FakeBackend, qtbot: QtBot
) -> None:
    workspace.create(spec(kind=Kind.MISSION, mission="/m.toml"))
    backend.run(A)
    told: list[str] = []
    workspace.instance_updated.connect(told.append)
    for number in range(500):
        backend.report(A, EventReport("round:start", {"round": number}))
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(1)
    assert told == [A]


def test_an_update_comes_when_what_caused_it_is_done(
    workspace: Workspace, backend: FakeBackend, qtbot: QtBot
) -> None:
    """A receiver may close the instance: nothing is in the middle of it."""
    workspace.create(spec())
    workspace.instance_updated.connect(lambda id: workspace.close(InstanceId(id)))
    backend.run(A)
    backend.report(A, StatusReport(ProgramState.RUNNING, 42, title="new"))
    assert workspace.ids() == (A,)
    qtbot.waitUntil(lambda: workspace.ids() == ())


def test_of_a_closed_instance_no_update_is_told(
    workspace: Workspace, backend: FakeBackend, qtbot: QtBot
) -> None:
    told: list[str] = []
    workspace.instance_updated.connect(told.append)
    workspace.create(spec("a"))
    workspace.create(spec("b"))
    workspace.close(A)
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["b"]
