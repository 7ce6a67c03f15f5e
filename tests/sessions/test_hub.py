"""Reports of many sessions in, each to those who want it."""

import gc
import weakref

from podium.core.ids import InstanceId
from podium.core.protocol.backend import WorkerState, WorkerStatus
from podium.core.protocol.frames import Frame
from podium.core.protocol.reports import (
    BellReport,
    ErrorReport,
    ExitedReport,
    LinesReport,
    NoticeReport,
    Report,
    StatusReport,
)
from podium.core.protocol.requests import (
    LinesWanted,
    TextWanted,
)
from podium.sessions.hub import SessionHub
from tests.sessions.instances import A, B, fail
from tests.workspace.doubles import FakeBackend


def test_a_frame_reaches_its_own_pane_and_nobody_else(hub: SessionHub, backend: FakeBackend) -> None:
    panes: dict[InstanceId, list[Report]] = {A: [], B: []}
    others: list[object] = []
    for instance, seen in panes.items():
        hub.subscribe_to(instance, Frame, seen.append)
        hub.subscribe_to(instance, LinesReport, seen.append)
    for kind in (StatusReport, ExitedReport, NoticeReport, ErrorReport, WorkerStatus):
        hub.subscribe(kind, lambda *news: others.append(news))
    frame = Frame(1, 80, 24)
    backend.report(A, frame)
    assert panes == {A: [frame], B: []}
    assert others == []


def test_a_report_is_received_by_its_kind_and_instance(hub: SessionHub, backend: FakeBackend) -> None:
    all_exits: list[object] = []
    exits_of_b: list[object] = []
    hub.subscribe(ExitedReport, lambda *news: all_exits.append(news))
    hub.subscribe_to(B, ExitedReport, exits_of_b.append)
    backend.report(A, ExitedReport(1))
    backend.report(B, ExitedReport(2))
    backend.report(B, BellReport())
    assert all_exits == [(A, ExitedReport(1)), (B, ExitedReport(2))]
    assert exits_of_b == [ExitedReport(2)]


def test_the_state_of_workers_is_news_like_any_other(hub: SessionHub, backend: FakeBackend) -> None:
    seen: list[tuple[InstanceId, WorkerState]] = []
    hub.subscribe(WorkerStatus, lambda instance, status: seen.append((instance, status.state)))
    backend.become(B, WorkerState.BACKOFF)
    assert seen == [(B, WorkerState.BACKOFF)]


def test_a_receiver_that_raises_breaks_nothing(
    hub: SessionHub, backend: FakeBackend, faults: list[BaseException]
) -> None:
    seen: list[object] = []
    hub.subscribe_to(A, Frame, fail)
    hub.subscribe_to(A, Frame, seen.append)
    hub.subscribe(Frame, fail)
    hub.subscribe(Frame, lambda *news: seen.append(news))
    for number in (1, 2):
        backend.report(A, Frame(number, 80, 24))
    assert seen == [Frame(1, 80, 24), (A, Frame(1, 80, 24)), Frame(2, 80, 24), (A, Frame(2, 80, 24))]
    assert [str(fault) for fault in faults] == ["on purpose"] * 4


def test_who_leaves_in_the_middle_of_a_delivery_takes_nobody_along(
    hub: SessionHub, backend: FakeBackend
) -> None:
    seen: list[str] = []

    def leave(_instance: InstanceId, _report: BellReport) -> None:
        seen.append("first")
        first.cancel()
        third.cancel()

    first = hub.subscribe(BellReport, leave)
    hub.subscribe(BellReport, lambda *_: seen.append("second"))
    third = hub.subscribe(BellReport, lambda *_: seen.append("third"))
    hub.subscribe(BellReport, lambda *_: seen.append("fourth"))
    backend.report(A, BellReport())
    assert seen == ["first", "second", "fourth"]
    backend.report(A, BellReport())
    assert seen == ["first", "second", "fourth", "second", "fourth"]


def test_who_comes_in_the_middle_of_a_delivery_hears_the_next(hub: SessionHub, backend: FakeBackend) -> None:
    late: list[object] = []

    def come(_instance: InstanceId, _report: BellReport) -> None:
        subscription.cancel()
        hub.subscribe_to(A, BellReport, late.append)

    subscription = hub.subscribe(BellReport, come)
    backend.report(A, BellReport())
    assert late == []
    backend.report(A, BellReport())
    assert late == [BellReport()]


def test_all_hear_of_everything_in_the_same_order(hub: SessionHub, backend: FakeBackend) -> None:
    """What a receiver causes is delivered after what it was told."""

    def restart(instance: InstanceId, status: WorkerStatus) -> None:
        if status.state is WorkerState.STOPPED:
            backend.become(instance, WorkerState.STARTING)

    seen: list[WorkerState] = []
    hub.subscribe(WorkerStatus, restart)
    hub.subscribe(WorkerStatus, lambda _instance, status: seen.append(status.state))
    backend.become(A, WorkerState.STOPPED)
    assert seen == [WorkerState.STOPPED, WorkerState.STARTING]


def test_a_chain_of_causes_is_received_in_its_order(hub: SessionHub, backend: FakeBackend) -> None:
    def cause(_instance: InstanceId, report: NoticeReport) -> None:
        if report.title == "cause":
            for number in range(3):
                backend.report(A, NoticeReport(str(number), ""))

    seen: list[str] = []
    hub.subscribe(NoticeReport, cause)
    hub.subscribe(NoticeReport, lambda _instance, report: seen.append(report.title))
    backend.report(A, NoticeReport("cause", ""))
    assert seen == ["cause", "0", "1", "2"]


def test_all_subscriptions_of_an_instance_that_is_removed_end_and_no_others(
    hub: SessionHub, backend: FakeBackend
) -> None:
    seen: dict[str, list[object]] = {"a": [], "b": [], "all": []}
    for _ in range(3):
        hub.subscribe_to(A, BellReport, seen["a"].append)
    hub.subscribe_to(B, BellReport, seen["b"].append)
    hub.subscribe(BellReport, lambda *news: seen["all"].append(news))
    hub.forget(A)
    for instance in (A, B):
        backend.report(instance, BellReport())
    assert seen == {"a": [], "b": [BellReport()], "all": [(A, BellReport()), (B, BellReport())]}


def test_what_has_ended_leaves_no_place_behind_and_ends_once(hub: SessionHub, backend: FakeBackend) -> None:
    subscription = hub.subscribe_to(A, BellReport, fail)
    query = hub.ask(A, fail, TextWanted(1))
    assert query is not None
    for ended in (subscription, query):
        ended.cancel()
        ended.cancel()
    assert (hub._subscriptions._places, hub._queries._pending) == ({}, {})


def test_what_is_cancelled_or_forgotten_is_not_kept_alive(hub: SessionHub, backend: FakeBackend) -> None:
    class Pane:
        def take(self, _report: object) -> None: ...

    cancelled, forgotten = Pane(), Pane()
    gone = [weakref.ref(cancelled), weakref.ref(forgotten)]
    subscription = hub.subscribe_to(A, Frame, cancelled.take)
    hub.subscribe_to(B, Frame, forgotten.take)
    query = hub.ask(A, cancelled.take, LinesWanted(0, 0, 1))
    hub.ask(B, forgotten.take, LinesWanted(0, 0, 1))
    assert query is not None
    subscription.cancel()
    query.cancel()
    hub.forget(B)
    del cancelled, forgotten
    gc.collect()
    assert [ref() for ref in gone] == [None, None]
