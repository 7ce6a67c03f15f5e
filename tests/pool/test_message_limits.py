"""What a worker sends in, a refusal in words or none out; time is a number."""

import pytest

from podium.core.protocol.reports import EventReport, LinesReport, Pong, TextReport
from podium.pool.message_limits import (
    MAX_MESSAGES,
    MAX_PLAIN_BYTES,
    MAX_UNFINISHED_BYTES,
    MAX_UNREADABLE,
    MAX_WAITING_BYTES,
    PARTIAL_SECONDS,
    MessageLimits,
    OverLimit,
)

ALL_OF_IT = pytest.approx(PARTIAL_SECONDS)


@pytest.fixture
def limits() -> MessageLimits:
    return MessageLimits()


def test_twenty_thousand_messages_a_second_are_the_most(limits: MessageLimits) -> None:
    for second in range(3):
        for _ in range(MAX_MESSAGES):
            limits.on_message(Pong(1), 10, 5.0 + second)
    with pytest.raises(OverLimit, match="20,000 messages within a second"):
        limits.on_message(Pong(1), 10, 7.5)


def test_a_second_is_a_second(limits: MessageLimits) -> None:
    for start in (5.0, 6.0, 7.5):
        for number in range(MAX_MESSAGES):
            limits.on_message(Pong(1), 10, start + number / MAX_MESSAGES * 0.9)
        with pytest.raises(OverLimit):
            limits.on_message(Pong(1), 10, start + 0.99)


def test_what_is_late_by_half_a_second_is_to_blame(limits: MessageLimits) -> None:
    limits.on_drained(partial=True, progress=False, now=10.0)
    assert limits.on_late(10.0 + PARTIAL_SECONDS + 0.4) == 0.0
    with pytest.raises(OverLimit):
        limits.on_late(10.0 + PARTIAL_SECONDS + 0.4)


def test_messages_that_make_no_sense_count_as_messages_too(limits: MessageLimits) -> None:
    for _ in range(MAX_UNREADABLE):
        limits.on_unreadable("what", 1.0)
    with pytest.raises(OverLimit, match="101 messages that make no sense: what"):
        limits.on_unreadable("what", 99.0)
    for _ in range(MAX_MESSAGES):
        limits.on_message(Pong(1), 10, 200.0)
    with pytest.raises(OverLimit, match="messages within a second"):
        limits.on_unreadable("what", 200.0)


def test_what_waits_is_bounded(limits: MessageLimits) -> None:
    limits.on_received(MAX_WAITING_BYTES)
    with pytest.raises(OverLimit, match="8 MiB"):
        limits.on_received(MAX_WAITING_BYTES + 1)


def test_only_what_comes_in_parts_may_be_big(limits: MessageLimits) -> None:
    limits.on_message(TextReport(1, ""), MAX_PLAIN_BYTES + 1, 1.0)
    limits.on_message(EventReport("x"), MAX_PLAIN_BYTES, 1.0)
    with pytest.raises(OverLimit, match="256 KiB"):
        limits.on_message(EventReport("x"), MAX_PLAIN_BYTES + 1, 1.0)


def test_an_answer_has_an_end(limits: MessageLimits) -> None:
    part = MAX_UNFINISHED_BYTES // 4
    for _ in range(2):
        for _ in range(4):
            limits.on_message(LinesReport(1, 0, 0, (), (), more=True), part, 1.0)
        limits.on_message(LinesReport(1, 0, 0, (), ()), part, 1.0)
    for _ in range(4):
        limits.on_message(TextReport(1, "", more=True), part, 1.0)
    with pytest.raises(OverLimit, match="without an end"):
        limits.on_message(TextReport(1, "", more=True), part, 1.0)


def test_a_message_that_has_begun_has_to_end_in_time(limits: MessageLimits) -> None:
    assert limits.on_drained(partial=True, progress=False, now=10.0) == ALL_OF_IT
    # Another byte of the same message gives it no more time.
    assert limits.on_drained(partial=True, progress=False, now=11.0) == pytest.approx(PARTIAL_SECONDS - 1)
    due = 10.0 + PARTIAL_SECONDS
    assert limits.on_late(due) == 0.0  # What came meanwhile is read first.
    with pytest.raises(OverLimit, match="within 2 s"):
        limits.on_late(due)


def test_one_that_ended_makes_time_for_the_next(limits: MessageLimits) -> None:
    limits.on_drained(partial=True, progress=False, now=10.0)
    assert limits.on_drained(partial=True, progress=True, now=11.5) == ALL_OF_IT
    assert limits.on_late(10.0 + PARTIAL_SECONDS) == 0.0
    assert limits.on_drained(partial=False, progress=True, now=12.0) is None
    assert limits.on_late(99.0) is None
    # The next one gets its second look, too.
    limits.on_drained(partial=True, progress=False, now=100.0)
    assert limits.on_late(100.0 + PARTIAL_SECONDS) == 0.0
    with pytest.raises(OverLimit):
        limits.on_late(100.0 + PARTIAL_SECONDS)


def test_who_stood_still_itself_blames_nobody(limits: MessageLimits) -> None:
    limits.on_drained(partial=True, progress=False, now=10.0)
    assert limits.on_late(3600.0) == ALL_OF_IT
