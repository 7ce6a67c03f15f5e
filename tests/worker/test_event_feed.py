"""Event lines in, reports out; too many of them wait in the pipe."""

import pytest

from podium.core.protocol.reports import (
    AcknowledgedReport,
    BellReport,
    ErrorReport,
    EventReport,
    NoticeReport,
    Report,
)
from podium.terminal.screen.events import Bell, Notice
from podium.worker.event_feed import EventFeed
from podium.worker.notices import Notices

LINE = b'{"event": "round:start", "data": {"round": 2}}'


class Window:
    def __init__(self) -> None:
        self.now = 100.0
        self.reports: list[Report] = []
        self.events = EventFeed(self.reports.append, lambda: self.now)
        self.notices = Notices(self.reports.append, lambda: self.now)


@pytest.fixture
def window() -> Window:
    return Window()


def test_events_and_acknowledgements_are_reported_each_as_what_it_is(window: Window) -> None:
    window.events.take([LINE, b'{"event": "control:ack", "data": {"id": 7}}'])
    assert window.reports == [EventReport("round:start", {"round": 2}), AcknowledgedReport(7)]


@pytest.mark.parametrize("data", [b"{}", b'{"id": "7"}', b'{"id": true}'])
def test_an_acknowledgement_of_no_request_is_none(window: Window, data: bytes) -> None:
    window.events.take([b'{"event": "control:ack", "data": %s}' % data])
    assert window.reports == []


def test_after_many_lines_it_wants_none_for_as_long_as_the_window_needs(window: Window) -> None:
    assert window.events.ready
    assert window.events.next_deadline() is None
    window.events.take([LINE] * 500)
    assert not window.events.ready
    assert window.events.next_deadline() == pytest.approx(window.now + 0.25)
    window.now += 0.24
    assert not window.events.ready
    window.now += 0.02
    assert window.events.ready
    assert window.events.next_deadline() is None


def test_the_next_program_need_not_wait_for_what_the_last_one_left(window: Window) -> None:
    window.events.take_last([LINE] * 5000)
    assert len(window.reports) == 5000
    assert window.events.ready


def test_nonsense_is_complained_of_once_a_second_and_stops_nothing(window: Window) -> None:
    window.events.take([b"nonsense", b"more", LINE])
    assert [type(report) for report in window.reports] == [ErrorReport, EventReport]
    window.now += 0.9
    window.events.take([b"nonsense"])
    assert len(window.reports) == 2
    window.now += 0.2
    window.events.take([b"x" * 5000])
    assert isinstance(window.reports[-1], ErrorReport)
    assert len(window.reports[-1].message) < 300


def test_bells_and_notices_come_once_a_second_each(window: Window) -> None:
    window.notices.report([Bell(), Bell(), Notice("a", "b"), Notice("c", "d")])
    assert window.reports == [BellReport(), NoticeReport("a", "b")]
    window.now += 0.9
    window.notices.report([Bell(), Notice("e", "f")])
    assert len(window.reports) == 2
    window.now += 0.2
    window.notices.report([Notice("g", "h"), Bell()])
    assert window.reports[2:] == [NoticeReport("g", "h"), BellReport()]
