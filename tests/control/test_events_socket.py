"""Events in, messages out; and what becomes of clients that are late, lost or do not read."""

import contextlib
import threading
import time

import pytest

from podium.control.api.events import EVENTS
from podium.control.api.limits import MAX_UNREAD
from podium.control.api.terminals import SessionOutput
from podium.control.api.workers import WorkerExit, WorkerLog, WorkerReady
from podium.control.bridge.event_hub import EventHub
from podium.core.protocol.events import RoundStart
from tests.control.conftest import PATIENCE, Served
from tests.control.wire import Wire


def subscribed(served: Served, *patterns: str, transport: str = "unix") -> Wire:
    wire = served.wire(transport)
    assert wire.handshake("/ws").status == 101
    wire.say({"subscribe": list(patterns)})
    assert wire.receive() == {
        "type": "subscribed",
        "patterns": list(patterns),
        "epoch": served.hub.epoch,
        "seq": served.hub.last_seq,
    }
    return wire


def test_a_client_gets_what_its_patterns_match(served: Served, transport: str) -> None:
    wire = subscribed(served, "worker:*", "round:start", transport=transport)
    served.hub.publish("one", WorkerReady(generation=2, pid=7))
    served.hub.publish("one", SessionOutput(bytes=1))
    served.hub.publish("two", RoundStart(3, 8))
    ready, start = wire.receive(), wire.receive()
    assert ready["event"] == "worker:ready"
    assert ready["data"] == {"generation": 2, "pid": 7, "workerId": "one"}
    assert ready["seq"] == 1
    assert abs(ready["ts"] - time.time()) < 3600
    assert start == {
        "event": "round:start",
        "data": {"round": 3, "maxRounds": 8, "workerId": "two"},
        "seq": 3,
        "ts": start["ts"],
    }


def test_unsubscribing(served: Served) -> None:
    wire = subscribed(served, "worker:*", "session:*")
    wire.say({"unsubscribe": ["worker:*"]})
    assert wire.receive()["patterns"] == ["session:*"]
    served.hub.publish("one", WorkerReady(generation=1))
    served.hub.publish("one", SessionOutput(bytes=1))
    assert wire.receive()["event"] == "session:output"


def test_a_ping_of_a_client_is_answered(served: Served) -> None:
    wire = subscribed(served, "*")
    wire.say({"type": "ping"})
    assert wire.receive() == {"type": "pong"}
    wire.send_frame(b"beat", 9)
    assert wire.frame() == (10, b"beat")


def test_a_replay_gives_what_was_missed(served: Served) -> None:
    for number in range(5):
        served.hub.publish("one", WorkerReady(generation=number))
    served.hub.publish("one", SessionOutput(bytes=1))
    wire = subscribed(served, "worker:*")
    wire.say({"type": "replay", "afterSeq": 2, "epoch": served.hub.epoch})
    answer = wire.receive()
    assert answer["type"] == "replay"
    assert [event["seq"] for event in answer["events"]] == [3, 4, 5]
    served.hub.publish("one", WorkerReady(generation=9))
    assert wire.receive()["seq"] == 7


def test_a_replay_over_what_is_not_kept_says_how_much(served: Served) -> None:
    served.hub._most = 10
    for number in range(30):
        served.hub.publish("one", WorkerReady(generation=number))
        served.hub.publish("one", SessionOutput(bytes=1)) if number == 0 else None
    wire = subscribed(served, "worker:*")
    wire.say({"type": "replay", "afterSeq": 5, "epoch": served.hub.epoch})
    assert wire.receive() == {"type": "replay-gap", "missed": 16, "epoch": served.hub.epoch}
    assert [event["seq"] for event in wire.receive()["events"]] == list(range(22, 32))


def test_a_replay_of_another_epoch_begins_anew_and_says_so(served: Served) -> None:
    served.hub.publish("one", WorkerReady(generation=1))
    wire = subscribed(served, "*")
    wire.say({"type": "replay", "afterSeq": 4711, "epoch": "another"})
    assert wire.receive() == {"type": "replay-gap", "missed": 0, "epoch": served.hub.epoch}
    assert [event["seq"] for event in wire.receive()["events"]] == [1]


def test_a_big_replay_comes_in_parts_and_the_client_lives(served: Served) -> None:
    for _ in range(60):
        served.hub.publish("one", WorkerLog(lines=("x" * 60_000,)))
    wire = subscribed(served, "*")
    wire.say({"type": "replay", "afterSeq": 0, "epoch": served.hub.epoch})
    seqs: list[int] = []
    more = True
    while more:
        part = wire.receive()
        seqs += [event["seq"] for event in part["events"]]
        more = part["more"]
    assert seqs == list(range(1, 61))


@pytest.mark.fault(43)
def test_a_client_that_does_not_read_is_dropped_and_the_others_hear_all(
    served: Served, transport: str
) -> None:
    deaf = subscribed(served, "*", transport=transport)
    good = subscribed(served, "*", transport=transport)
    heard: list[int] = []

    def listen() -> None:
        while len(heard) < 300:
            heard.append(good.receive()["seq"])

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    for number in range(300):
        served.hub.publish("one", WorkerLog(lines=("x" * 30_000,)))
        wait_until(lambda number=number: len(heard) >= number - 10)  # type: ignore[misc]
    listener.join(PATIENCE)
    assert heard == list(range(1, 301))
    # 9 MB were for it; what it can still read is what had left the server by then.
    taken = 0
    with contextlib.suppress(OSError):
        while data := deaf.socket.recv(1 << 20):
            taken += len(data)
    assert taken < 8 << 20
    assert served.wire(transport).ask("GET", "/api/health").status == 200


def wait_until(condition: object) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_publishing_never_waits_and_keeps_no_more_than_the_ring() -> None:
    hub = EventHub(most=100)
    threads = [
        threading.Thread(target=lambda: [hub.publish("one", WorkerExit(generation=n)) for n in range(1000)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hub.drain()
    missed, kept = hub.after(0)
    assert [event.seq for event in kept] == list(range(3901, 4001))
    assert missed == 3900


def test_the_ring_is_bounded_in_bytes_too() -> None:
    hub = EventHub(most_bytes=1000)
    for _ in range(10):
        hub.publish("one", WorkerLog(lines=("x" * 300,)))
        hub.drain()
    assert len(hub.after(0)[1]) == 2
    assert MAX_UNREAD == 1 << 20


def test_every_event_has_a_payload_that_says_what_it_is() -> None:
    for name, type_ in EVENTS.items():
        assert name.count(":") == 1
        assert type_.__struct_fields__ is not None


def test_a_terminal_is_raw_both_ways(served: Served, transport: str) -> None:
    wire = served.wire(transport)
    assert wire.handshake("/ws/terminal/one").status == 101
    assert wire.frame() == (2, b"redraw")
    wire.send_frame(b"\x03\xff", 2)
    assert wire.frame() == (2, b"\x03\xff")
    wire.send_frame("é".encode(), 1)
    assert wire.frame() == (2, "é".encode())
    wire.send_frame(b"end", 2)
    assert wire.close_code() == 1001
    assert served.gateway.streams[0].closed.wait(PATIENCE)


def test_a_terminal_is_closed_when_its_client_goes(served: Served) -> None:
    wire = served.wire("unix")
    assert wire.handshake("/ws/terminal/one").status == 101
    wire.close()
    assert served.gateway.streams[0].closed.wait(PATIENCE)


def test_a_wait_ends_with_408_and_is_taken_back(served: Served, transport: str) -> None:
    answer = served.wire(transport).post("/api/orchestrator/one/wait", {"text": "x", "timeout": 0.01})
    assert answer.status == 408
    assert answer.code == "timeout"
    assert served.gateway.cancelled.wait(PATIENCE)


def test_a_wait_is_taken_back_when_its_client_goes(served: Served) -> None:
    wire = served.wire("unix")
    body = b'{"text": "x", "timeout": 3000}'
    head = wire.head(
        "POST", "/api/orchestrator/one/wait", "Content-Type: application/json", "Content-Length: 30"
    )
    wire.socket.sendall(head + body)
    wait_until(lambda: len(served.gateway.calls) == 1)
    wire.close()
    assert served.gateway.cancelled.wait(PATIENCE)


@pytest.mark.fault("E3")
def test_nothing_overtakes_a_replay_and_nothing_is_lost_or_doubled(served: Served, transport: str) -> None:
    for _ in range(40):
        served.hub.publish("one", WorkerLog(lines=("x" * 60_000,)))
    served.hub.publish("one", WorkerReady(generation=1))
    wire = subscribed(served, "worker:*", transport=transport)
    wire.say({"type": "replay", "afterSeq": 0, "epoch": served.hub.epoch})
    # It does not read yet: the replay fills every buffer on the way and waits. Meanwhile life goes on.
    time.sleep(0.3)
    for number in range(100):
        served.hub.publish("one", WorkerReady(generation=number))
    seqs: list[int] = []
    while len(seqs) < 141:
        message = wire.receive()
        seqs += [event["seq"] for event in message["events"]] if "events" in message else [message["seq"]]
    assert seqs == list(range(1, 142))
    served.hub.publish("one", WorkerReady(generation=7))
    assert wire.receive()["seq"] == 142


@pytest.mark.fault("E3")
def test_events_under_way_while_somebody_joins_come_once(served: Served) -> None:
    stop = threading.Event()

    def publish() -> None:
        while not stop.is_set():
            served.hub.publish("one", WorkerReady(generation=1))
            time.sleep(0.0005)

    publisher = threading.Thread(target=publish)
    publisher.start()
    try:
        for begin in ({"subscribe": ["worker:*"], "afterSeq": 0}, {"subscribe": ["worker:*"]}):
            wire = served.wire("unix")
            assert wire.handshake("/ws").status == 101
            wire.say(begin)
            if "afterSeq" not in begin:
                wire.say({"type": "replay", "afterSeq": 0})
            seqs: list[int] = []
            while len(seqs) < 300 or max(seqs) < served.hub.last_seq - 500:
                message = wire.receive()
                if message.get("type") == "replay":
                    seqs += [event["seq"] for event in message["events"]]
                elif "event" in message:
                    seqs.append(message["seq"])
            assert len(seqs) == len(set(seqs))
            assert set(range(1, max(seqs) + 1)) == set(seqs)
            if "afterSeq" in begin:
                assert seqs == sorted(seqs)
    finally:
        stop.set()
        publisher.join()


@pytest.mark.fault("E3")
def test_who_asks_again_for_what_it_heard_gets_it_again(served: Served) -> None:
    wire = subscribed(served, "worker:*")
    for number in range(3):
        served.hub.publish("one", WorkerReady(generation=number))
    assert [wire.receive()["seq"] for _ in range(3)] == [1, 2, 3]
    wire.say({"type": "replay", "afterSeq": 1})
    assert [event["seq"] for event in wire.receive()["events"]] == [2, 3]
