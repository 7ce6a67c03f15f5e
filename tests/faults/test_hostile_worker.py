"""A worker that means harm: rows 31 to 36. Its window ends it, says why, and stays awake."""

import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import psutil
import pytest
from PySide6.QtCore import QElapsedTimer, QTimer
from pytestqt.qtbot import QtBot

from podium.core.ids import InstanceId
from podium.core.protocol.backend import SessionConfig, WorkerState, WorkerStatus
from podium.core.protocol.reports import EventReport, Report
from podium.ipc.framing import encode
from podium.pool.message_limits import MAX_MESSAGES
from podium.pool.worker_pool import WorkerPool
from podium.pool.worker_process import WorkerProcess
from podium.supervision.policy import Policy
from tests.conftest import Figure
from tests.faults.timing import best
from tests.pool.conftest import PATIENCE, Listener

MakePool = Callable[..., tuple[WorkerPool, Listener]]
Misbehaving = Callable[[str], tuple[str, ...]]
A = InstanceId("a")
PATIENT = Policy(start_timeout=60.0, grace=0.4, kill_margin=0.4, first_delay=60.0)
AT_ONCE = 100.0
"""Milliseconds."""
EVENT = encode(EventReport("x"))
ENDLESS = "while True: time.sleep(1)"


def framed(payload: bytes) -> bytes:
    return len(payload).to_bytes(4, "big") + payload


def lives(pool: WorkerPool, listener: Listener) -> float:
    """Start a worker, see it break the rules once it is ready; how many milliseconds it lived after that."""
    at: dict[WorkerState, float] = {}

    def note(status: WorkerStatus) -> None:
        at.setdefault(status.state, time.monotonic())

    pool.spawn(A, SessionConfig())
    worker = pool._workers[A]
    worker.changed.connect(note)
    listener.wait(lambda: WorkerState.BACKOFF in at)
    worker.changed.disconnect(note)
    pool.kill(A)
    return (at[WorkerState.BACKOFF] - at[WorkerState.RUNNING]) * 1000


def is_ended(
    body: str, make_pool: MakePool, misbehaving: Misbehaving, figure: Figure, limit: float = AT_ONCE
) -> tuple[str, Listener]:
    """The reason a worker with this ``body`` was ended for; at once, unless ``limit`` says otherwise."""
    pool, listener = make_pool(misbehaving(body), PATIENT)
    figure("ended after", best(lambda: lives(pool, listener), limit), "ms", limit=limit)
    reasons = [status.reason for status in listener.statuses if status.state is WorkerState.BACKOFF]
    assert len(set(reasons)) == 1
    assert not [report for report in listener.of("a", EventReport) if report.name == "late"]
    return reasons[0], listener


@pytest.mark.fault(32)
@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("say((2**31).to_bytes(4, 'big'))", "a message of 2147483648 bytes was announced"),
        ("say((2**32 - 1).to_bytes(4, 'big'))", "a message of 4294967295 bytes was announced"),
        ("say((2**20 + 1).to_bytes(4, 'big'))", "a message of 1048577 bytes was announced"),
        ("say(b'\\0\\0\\0\\0')", "a message of 0 bytes was announced"),
        ("print('something stray', flush=True)", "bytes was announced"),
        ("print('x', flush=True); message(EventReport('late'))", "bytes was announced"),
    ],
)
def test_an_impossible_length_ends_it(
    said: str, reason: str, make_pool: MakePool, misbehaving: Misbehaving, figure: Figure
) -> None:
    found, _ = is_ended(f"ready(); {said}\n{ENDLESS}", make_pool, misbehaving, figure)
    assert "broke the protocol" in found
    assert reason in found


@pytest.mark.fault(33)
@pytest.mark.parametrize("status", [0, 3])
def test_a_message_that_breaks_off_at_the_end_is_a_reason_at_once(
    status: int, make_pool: MakePool, misbehaving: Misbehaving, figure: Figure
) -> None:
    body = f"ready(); say(encode(EventReport('late'))[:-3]); os._exit({status})"
    found, _ = is_ended(body, make_pool, misbehaving, figure, limit=1000)
    assert found == f"It ended in the middle of a message, with status {status}."


@pytest.mark.fault(33)
@pytest.mark.parametrize(
    "body",
    [
        "ready(); say(b'\\0\\0')" + "\n" + ENDLESS,
        "ready(); say((1000).to_bytes(4, 'big') + b'x' * 999)" + "\n" + ENDLESS,
        "ready(); say((1000).to_bytes(4, 'big'))\nfor _ in range(900): say(b'x'); time.sleep(0.1)",
    ],
    ids=["half a length", "all but a byte", "dribble"],
)
def test_a_message_that_never_ends_is_not_waited_for(
    body: str, make_pool: MakePool, misbehaving: Misbehaving, figure: Figure
) -> None:
    found, _ = is_ended(body, make_pool, misbehaving, figure, limit=2100)
    assert found == "It began a message and did not end it within 2 s."


@pytest.mark.fault(33)
def test_messages_that_come_in_pieces_are_no_dribble(make_pool: MakePool, misbehaving: Misbehaving) -> None:
    # Each takes a second; there is always one that has begun.
    body = """ready()
data = encode(EventReport('slow', {'text': 'x' * 100}))
for _ in range(4): say(data[:50]); time.sleep(0.5); say(data[50:] + data[:50]); time.sleep(0.5); say(data[50:])
message(EventReport('end'))
time.sleep(600)"""
    pool, listener = make_pool(misbehaving(body), PATIENT)
    pool.spawn(A, SessionConfig())
    listener.wait(lambda: any(report.name == "end" for report in listener.of("a", EventReport)))
    assert len(listener.of("a", EventReport)) == 9
    assert pool.status(A).state is WorkerState.RUNNING


def event_with(data: bytes) -> bytes:
    """An event whose data has under "a" the MessagePack in ``data``."""
    pairs = msgspec.msgpack.encode({"type": "event", "name": "late"})[1:]
    return b"\x83" + pairs + msgspec.msgpack.encode("data") + b"\x81\xa1a" + data


BAD = {
    "never used byte": b"\xc1",
    "bad UTF-8": event_with(b"\xa2\xff\xfe"),
    "overlong UTF-8": event_with(b"\xa2\xc0\x9b"),
    "surrogate": event_with(b"\xa3\xed\xa0\x80"),
    "bad UTF-8 in a type": b"\x81\xa4type\xa2\xff\xfe",
    "deep arrays": event_with(b"\x91" * 200_000 + b"\x01"),
    "deep maps": event_with(b"\x81\xa1a" * 100_000 + b"\x01"),
    "array bomb": event_with(b"\xdd\xff\xff\xff\xff"),
    "array bomb of nothing": event_with(b"\xdd\x08\x00\x00\x00"),
    "nested array bombs": event_with(b"\xdd\x00\x10\x00\x00" * 20_000),
    "map bomb": event_with(b"\xdf\xff\xff\xff\xff"),
    "text bomb": event_with(b"\xdb\xff\xff\xff\xff"),
    "bytes bomb": event_with(b"\xc6\xff\xff\xff\xff"),
    "trailing bytes": event_with(b"\x01") + b"\x00",
    "trailing message": EVENT[4:] + EVENT,
    "broken off inside": event_with(b""),
}


@pytest.mark.fault(34)
@pytest.mark.parametrize("payload", BAD.values(), ids=BAD.keys())
def test_what_is_no_message_ends_it_and_nothing_is_read_after_it(
    payload: bytes, make_pool: MakePool, misbehaving: Misbehaving, figure: Figure, tmp_path: Path
) -> None:
    bad = tmp_path / "bad"
    bad.write_bytes(framed(payload) + encode(EventReport("late")) * 100)
    body = f"ready(); say(open({str(bad)!r}, 'rb').read())\nwhile True: message(EventReport('late'))"
    before = psutil.Process().memory_info().rss
    found, _ = is_ended(body, make_pool, misbehaving, figure)
    assert "broke the protocol: a message is not MessagePack" in found
    grown = (psutil.Process().memory_info().rss - before) / 2**20
    figure("memory grew by", grown, "MiB", limit=64)


@pytest.mark.fault(34)
def test_a_distrusted_worker_is_drained_and_takes_no_memory(
    misbehaving: Misbehaving, qtbot: QtBot, figure: Figure
) -> None:
    """Nobody ends it here: what it still sends goes nowhere, and it does not stand still either."""
    body = "ready(); say(b'\\0\\0\\0\\0')\nfor _ in range(4096): say(b'x' * 65536)\nsys.exit(5)"
    reports: list[Report] = []
    process = WorkerProcess(reports.append, misbehaving(body))
    reasons: list[str] = []
    ends: list[object] = []
    process.broke_protocol.connect(reasons.append)
    process.ended.connect(ends.append)
    before = psutil.Process().memory_info().rss
    process.start()
    qtbot.waitUntil(lambda: bool(ends), timeout=PATIENCE)
    grown = (psutil.Process().memory_info().rss - before) / 2**20
    assert len(reports) == 1  # That it is ready.
    assert len(reasons) == 1
    assert ends[0].code == 5  # type: ignore[attr-defined]
    figure("256 MiB drained, memory grew by", grown, "MiB", limit=32)


@pytest.mark.fault(35)
def test_a_hundred_messages_that_make_no_sense_are_tolerated(
    make_pool: MakePool, misbehaving: Misbehaving
) -> None:
    body = f"ready(); say({framed(msgspec.msgpack.encode({'type': 'news'}))!r} * 100); message(EventReport('end'))\n"
    pool, listener = make_pool(misbehaving(body + ENDLESS), PATIENT)
    pool.spawn(A, SessionConfig())
    listener.wait(lambda: bool(listener.of("a", EventReport)))
    assert pool.status(A).state is WorkerState.RUNNING


@pytest.mark.fault(35)
@pytest.mark.parametrize(
    "value",
    [
        {"type": "news"},
        {"type": "pong", "number": "x"},
        {"type": "frame", "number": 1, "columns": 10**9, "lines": 24},
        {"type": "frame", "number": 1, "columns": 80, "lines": -1},
        {"type": "event"},
        [1, 2],
        5,
    ],
    ids=str,
)
def test_a_thousand_messages_that_make_no_sense_are_not(
    value: object, make_pool: MakePool, misbehaving: Misbehaving, figure: Figure
) -> None:
    body = f"ready(); say({framed(msgspec.msgpack.encode(value))!r} * 1000)\nwhile True: message(EventReport('late'))"
    found, _ = is_ended(body, make_pool, misbehaving, figure)
    assert "101 messages that make no sense" in found


@pytest.mark.fault(35)
def test_a_big_message_that_makes_no_sense_ends_it(
    make_pool: MakePool, misbehaving: Misbehaving, figure: Figure
) -> None:
    body = "ready(); message(EventReport('x', {'text': 'y' * 300_000}))\n" + ENDLESS
    found, _ = is_ended(body, make_pool, misbehaving, figure)
    assert found == "It sent one message of 293 KiB."


class StallMeter:
    """The longest time in which the event loop did not come round, in milliseconds."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._elapsed = QElapsedTimer()
        self._timer = QTimer()
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._on_timeout)
        self._elapsed.start()
        self._timer.start()

    def _on_timeout(self) -> None:
        self.longest = max(self.longest, self._elapsed.nsecsElapsed() / 1e6 - 1)
        self._elapsed.start()


FLOODS = {
    "small messages": "data = encode(BellReport()) * 20_000",
    "events": "data = encode(EventReport('late', {'text': 'x' * 200})) * 200",
    "answers": "data = encode(TextReport(1, 'x' * 1_000_000))",
    "answers without an end": "data = encode(TextReport(1, 'x' * 60_000, more=True))",
}


@pytest.mark.fault(36)
@pytest.mark.parametrize("flood", FLOODS)
def test_the_window_stays_awake_in_a_flood_of_messages(
    flood: str, make_pool: MakePool, misbehaving: Misbehaving, figure: Figure
) -> None:
    pool, listener = make_pool(misbehaving(f"ready()\n{FLOODS[flood]}\nwhile True: say(data)"), PATIENT)
    listener.deaf = True
    before = psutil.Process().memory_info().rss
    reasons: list[str] = []

    def stall() -> float:
        pool.spawn(A, SessionConfig())
        listener.wait_state("a", WorkerState.RUNNING)
        meter = StallMeter()
        until = time.monotonic() + (3.0 if flood == "answers" else 60.0)
        listener.wait(lambda: pool.status(A).state is WorkerState.BACKOFF or time.monotonic() > until)
        reasons.append(pool.status(A).reason)
        pool.kill(A)
        listener.wait_state("a", WorkerState.STOPPED)
        return meter.longest

    figure("longest stall", best(stall, 50), "ms", limit=50)
    grown = (psutil.Process().memory_info().rss - before) / 2**20
    figure("memory grew by", grown, "MiB", limit=64)
    for reason in reasons:
        match flood:
            case "answers":  # Five hundred a second are no flood of messages; they take their turn.
                assert reason == ""
            case "answers without an end":
                assert "of an answer without an end" in reason
            case _:
                assert "faster than it can be read" in reason or f"{MAX_MESSAGES:,} messages" in reason


@pytest.mark.fault(31)
@pytest.mark.parametrize("end", ["\\n", ""], ids=["lines", "one endless line"])
def test_a_flood_on_stderr_is_a_ring_that_says_what_it_dropped(
    end: str, make_pool: MakePool, misbehaving: Misbehaving, figure: Figure
) -> None:
    body = f"ready()\nwhile True: os.write(2, b'noise and more noise{end}' * 3000)"
    pool, listener = make_pool(misbehaving(body))
    pool.spawn(A, SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    before = psutil.Process().memory_info().rss
    until = time.monotonic() + 1.5
    meter = StallMeter()
    listener.wait(lambda: time.monotonic() > until)
    status = pool.status(A)
    grown = (psutil.Process().memory_info().rss - before) / 2**20
    figure("memory grew by", grown, "MiB", limit=32)
    figure("longest stall", meter.longest, "ms")
    if end:
        figure("lines dropped", status.diagnostics_dropped)
        assert len(status.last_output) == 200
        assert status.diagnostics_dropped > 3000
        first, second, *_ = status.diagnostics.split("\n")
        assert first == f"… {status.diagnostics_dropped:,} lines before these were dropped …"
        assert second == "noise and more noise"
    else:
        assert status.last_output == ()
    pool.kill(A)
    listener.wait_state("a", WorkerState.STOPPED)
    assert sum(map(len, pool.status(A).last_output)) <= 200 * 1000
