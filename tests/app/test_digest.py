"""What a person was away for in, what they have to know out."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from podium.app.background import Background
from podium.app.state.history_service import HistoryService
from podium.core.config.settings import Settings
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.runs import RunOutcome
from podium.history.digest import Past
from podium.workspace.run_report import RunReport
from podium.workspace.usage.digest import Digest, Waiting, digest_of
from podium.workspace.views import InstanceState, InstanceView


def a_view(id: str, waits: float | None) -> InstanceView:
    spec = InstanceSpec(InstanceId(id), id.upper(), Kind.SHELL, ThemeName.ROSE, "/")
    state = InstanceState.RUNNING if waits is None else InstanceState.WAITING
    return InstanceView(spec=spec, number=1, state=state, label="", waiting_seconds=waits, question=f"{id}?")


def test_who_waits_is_named_from_the_oldest_question_on() -> None:
    views = [a_view("a", 5.0), a_view("b", None), a_view("c", 60.0), a_view("d", 0.0)]
    digest = digest_of(1000.0, views, None, 12.0, 2000.0)
    assert [(one.instance, one.name, one.since) for one in digest.waiting] == [
        ("c", "C", 1940.0),
        ("a", "A", 1995.0),
        ("d", "D", 2000.0),
    ]
    assert (digest.since, digest.past, digest.blocked) == (1000.0, None, 12.0)


@pytest.mark.parametrize("opens", [True, False])
def test_it_comes_on_the_window_s_thread_with_or_without_a_history(
    qtbot: QtBot, tmp_path: Path, opens: bool
) -> None:
    background = Background()
    service = HistoryService(tmp_path / "history.db", background)
    if opens:
        service.open(Settings())
    else:
        service.history.close(0)
    spec = a_view("a", None).spec
    service.journal.record_run(spec, RunReport("r", 0.0, 1.0, RunOutcome.RUNNING))
    service.journal.record_run(spec, RunReport("r", 0.0, 5.0, RunOutcome.DONE))
    received: list[Digest] = []
    service.find_digest(0.0, lambda: [a_view("a", 3.0)], received.append)
    qtbot.waitUntil(lambda: bool(received))
    [digest] = received
    assert [type(one) for one in digest.waiting] == [Waiting]
    if opens:
        assert digest.past is not None
        assert [run.id for run in digest.past.ended] == ["r"]
        assert digest.past.outcomes == {RunOutcome.DONE: 1}
    else:
        assert digest.past is None
    service.close()
    background.close()


def test_a_past_of_nothing_is_nothing() -> None:
    assert digest_of(0.0, [], Past(), 0.0, 1.0) == Digest(since=0.0, waiting=(), past=Past(), blocked=0.0)
