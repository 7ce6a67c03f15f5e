"""What programs do and what a person looks at, in; alerts out."""

from math import inf

import pytest
from pytestqt.qtbot import QtBot

from podium.attention.alerts import Alert, AlertKind
from podium.attention.signals import Claim
from podium.core.ids import InstanceId
from podium.core.protocol.reports import BellReport, EventReport, OutputReport
from podium.core.protocol.requests import Resize
from podium.workspace.alerting.do_not_disturb import DoNotDisturb
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend
from tests.workspace.instances import Time, spec

A = InstanceId("a")


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def workspace(backend: FakeBackend, qapp: object) -> Workspace:
    workspace = Workspace(backend.hub, {})
    workspace.create(spec())
    backend.run(A)
    return workspace


@pytest.fixture
def told(workspace: Workspace) -> list[str]:
    told: list[str] = []
    workspace.alerts.raised.connect(lambda alert: told.append(f"{alert.kind}: {alert.question}"))
    workspace.alerts.withdrawn.connect(lambda alert: told.append(f"no {alert.kind}"))
    return told


def open_(workspace: Workspace) -> list[AlertKind]:
    alerts: tuple[Alert, ...] = workspace.alerts.open()
    return [alert.kind for alert in alerts]


def test_a_question_is_raised_in_one_line_and_withdrawn_when_it_was_answered(
    workspace: Workspace, backend: FakeBackend, told: list[str], qtbot: QtBot
) -> None:
    backend.report(A, EventReport("orchestrator:waiting", {"question": "Deploy\x1b[2J\n now\u202e?"}))
    qtbot.waitUntil(lambda: told == ["question: Deploy [2J now ?"])
    backend.report(A, EventReport("orchestrator:working", {}))
    qtbot.waitUntil(lambda: told[1:] == ["no question"])
    assert open_(workspace) == []


def test_what_a_person_looks_at_is_not_raised(workspace: Workspace, told: list[str], qtbot: QtBot) -> None:
    workspace.alerts.watch(A)
    workspace.needs.tell(A, Claim.WAITING, "Deploy?")
    qtbot.waitUntil(lambda: open_(workspace) == [AlertKind.QUESTION])
    qtbot.waitUntil(lambda: workspace.alerts.open()[0].seen)
    assert told == []


def test_a_question_stands_while_its_pane_takes_another_size(
    workspace: Workspace, backend: FakeBackend
) -> None:
    """To look at it is to show it, often larger than it was."""
    backend.report(A, OutputReport(9000))
    workspace.needs.tell(A, Claim.WAITING, "Deploy?")
    assert workspace.view(A).state is InstanceState.WAITING
    workspace.send(A, Resize(132, 50))
    backend.report(A, OutputReport(9000))
    assert workspace.view(A).state is InstanceState.WAITING
    workspace.send(A, Resize(132, 50))
    assert workspace.view(A).question == "Deploy?"


def test_the_end_of_a_program_stays_open_until_it_was_seen(
    workspace: Workspace, backend: FakeBackend, told: list[str], qtbot: QtBot
) -> None:
    backend.exit(A)
    qtbot.waitUntil(lambda: told == ["done: "])
    workspace.alerts.see(A)
    assert told == ["done: ", "no done"]
    assert open_(workspace) == []


def test_a_bell_leaves_a_mark(workspace: Workspace, backend: FakeBackend, told: list[str]) -> None:
    backend.report(A, BellReport())
    assert open_(workspace) == [AlertKind.BELL]
    workspace.alerts.watch(A)
    backend.report(A, BellReport())
    assert open_(workspace) == []
    assert told == []


def test_a_closed_instance_takes_its_alert_along(
    workspace: Workspace, backend: FakeBackend, told: list[str], qtbot: QtBot
) -> None:
    workspace.needs.tell(A, Claim.WAITING, "Deploy?")
    qtbot.waitUntil(lambda: told == ["question: Deploy?"])
    workspace.close(A)
    assert told[1:] == ["no question"]
    backend.report(A, BellReport())
    assert open_(workspace) == []


def test_do_not_disturb_ends_by_itself(qtbot: QtBot) -> None:
    time = Time()
    quiet = DoNotDisturb(time)
    changed: list[bool] = []
    quiet.changed.connect(lambda: changed.append(quiet.active))
    quiet.turn_on(time.now + 0.02)
    assert quiet.until == time.now + 0.02
    time.now += 1
    qtbot.waitUntil(lambda: changed == [True, False])
    assert quiet.until == 0.0


@pytest.mark.parametrize(
    ("until", "saved", "restored"),
    [
        (0.0, 0.0, 0.0),
        (160.0, 160.0, 160.0),
        (inf, None, inf),
        (60.0, 0.0, 0.0),
    ],
)
def test_do_not_disturb_outlasts_a_restart(
    qtbot: QtBot, until: float, saved: float | None, restored: float
) -> None:
    time = Time()
    time.now = 100.0
    before, after = DoNotDisturb(time), DoNotDisturb(time)
    before.turn_on(until)
    assert before.saved() == saved
    after.restore(before.saved())
    assert after.until == restored


@pytest.mark.parametrize("saved", [1e300, 1e18, 100 + 8 * 86_400.0])
def test_an_end_that_nobody_can_have_chosen_is_none(qtbot: QtBot, saved: float) -> None:
    time = Time()
    time.now = 100.0
    quiet = DoNotDisturb(time)
    quiet.restore(saved)
    assert quiet.until == inf


def test_do_not_disturb_lasts_until_it_is_turned_off(qtbot: QtBot) -> None:
    time = Time()
    quiet = DoNotDisturb(time)
    quiet.turn_on()
    time.now += 10**9
    assert quiet.active
    quiet.turn_off()
    assert not quiet.active
