"""Events in, each once and in order to those who listen out; and what is kept of them for those who come late."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import msgspec
import pytest

from podium.control.api.terminals import SessionOutput
from podium.control.api.workers import WorkerLog
from podium.control.bridge.event_hub import EventHub, StoredEvent, joined, matches


class Loop:
    """Keeps what it is to run; one that is closed refuses it as asyncio's does."""

    def __init__(self) -> None:
        self.wanted: list[Callable[[], None]] = []
        self.closed = False

    def call_soon_threadsafe(self, work: Callable[[], None]) -> None:
        if self.closed:
            raise RuntimeError("Event loop is closed")
        self.wanted.append(work)

    def run(self) -> None:
        while self.wanted:
            self.wanted.pop(0)()


def attached(hub: EventHub) -> Loop:
    loop = Loop()
    hub.attach(cast(asyncio.AbstractEventLoop, loop))
    return loop


def heard(hub: EventHub) -> list[int]:
    """The numbers of all events from now on."""
    numbers: list[int] = []
    hub.listen(lambda event: numbers.append(event.seq))
    return numbers


def publish(hub: EventHub, count: int = 1) -> None:
    for _ in range(count):
        hub.publish("one", SessionOutput(bytes=1))


def test_each_event_is_heard_once_and_a_burst_wakes_the_server_once() -> None:
    hub = EventHub()
    numbers, loop = heard(hub), attached(hub)
    for _ in range(2):
        publish(hub, 3)
        assert len(loop.wanted) == 1
        loop.run()
    assert numbers == [1, 2, 3, 4, 5, 6]
    hub.drain()
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_events_from_before_the_server_was_there_are_heard_at_once() -> None:
    hub = EventHub()
    numbers = heard(hub)
    publish(hub, 2)
    attached(hub)
    assert numbers == [1, 2]


def test_no_more_events_than_the_ring_holds_wait_for_a_server() -> None:
    hub = EventHub(most=10)
    publish(hub, 25)
    assert len(hub._inbox) == 10
    numbers = heard(hub)
    hub.drain()
    assert numbers == list(range(16, 26))
    assert hub.after(0) == (15, list(hub._ring))


@pytest.mark.parametrize("detached", [True, False])
def test_a_server_that_has_ended_is_no_fault_and_is_not_woken(detached: bool) -> None:
    hub = EventHub()
    numbers, loop = heard(hub), attached(hub)
    if detached:
        hub.detach()
    else:
        loop.closed = True
    publish(hub)
    assert loop.wanted == []
    attached(hub)
    assert numbers == [1]


def test_a_listener_may_leave_and_others_come_in_the_middle_of_an_event() -> None:
    hub = EventHub()
    first: list[int] = []
    second: list[int] = []

    def once(event: StoredEvent) -> None:
        first.append(event.seq)
        hub.forget(once)
        hub.listen(later)

    def later(event: StoredEvent) -> None:
        second.append(event.seq)

    hub.listen(once)
    for _ in range(3):
        publish(hub)
        hub.drain()
    hub.forget(later)
    publish(hub)
    hub.drain()
    assert (first, second) == ([1], [2, 3])


@pytest.mark.parametrize(
    ("after", "missed", "kept"),
    [
        (0, 5, [6, 7, 8]),
        (4, 1, [6, 7, 8]),
        (5, 0, [6, 7, 8]),
        (6, 0, [7, 8]),
        (7, 0, [8]),
        (8, 0, []),
        (99, 0, []),
    ],
)
def test_what_came_after_an_event_and_how_much_of_it_is_gone(
    after: int, missed: int, kept: list[int]
) -> None:
    hub = EventHub(most=3)
    for _ in range(8):
        publish(hub)
        hub.drain()
    found, events = hub.after(after)
    assert (found, [event.seq for event in events]) == (missed, kept)
    assert hub.last_seq == 8


def test_the_ring_keeps_as_many_bytes_as_it_may_and_no_more() -> None:
    hub = EventHub(most_bytes=35_000)
    for _ in range(5):
        hub.publish("one", WorkerLog(lines=("x" * 10_000,)))
        hub.drain()
    assert [event.seq for event in hub.after(0)[1]] == [3, 4, 5]
    publish(hub)
    hub.drain()
    assert [event.seq for event in hub.after(0)[1]] == [3, 4, 5, 6]


@pytest.mark.parametrize(
    ("patterns", "name", "matched"),
    [
        (["worker:*"], "worker:exit", True),
        (["worker:*"], "session:output", False),
        (["session:*", "worker:exit"], "worker:exit", True),
        (["*"], "worker:exit", True),
        (["worker:exit"], "worker:*", False),
        ([], "worker:exit", False),
    ],
)
def test_patterns(patterns: list[str], name: str, matched: bool) -> None:
    assert matches(patterns, name) is matched


@pytest.mark.parametrize("more", [True, False])
def test_a_replay_says_whether_more_follows(more: bool) -> None:
    message: dict[str, Any] = msgspec.json.decode(joined([b'{"seq":1}', b'{"seq":2}'], more))
    assert message == {"type": "replay", "events": [{"seq": 1}, {"seq": 2}], "more": more}
