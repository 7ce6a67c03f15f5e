"""Times and connections in, allowed or not out."""

import pytest

from podium.control.http_server.admission import Admission
from podium.control.http_server.rate import Bucket, Failures


class Time:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


def taken(bucket: Bucket) -> int:
    """How often it allows one more right now."""
    return next(count for count in range(1000) if not bucket.take())


def test_a_bucket_allows_its_burst_and_then_its_rate_a_second(time: Time) -> None:
    bucket = Bucket(10.0, 20, time)
    assert taken(bucket) == 20
    assert taken(bucket) == 0
    time.now += 0.5
    assert taken(bucket) == 5
    time.now += 1.0
    assert taken(bucket) == 10
    time.now += 3600.0
    assert taken(bucket) == 20, "what was not used is not saved up"


def test_failures_are_counted_within_their_span_and_no_longer(time: Time) -> None:
    failures = Failures(3, 60.0, time)
    for _ in range(3):
        assert failures.add()
        time.now += 10.0
    assert not failures.add()
    time.now = 160.0
    assert not failures.add(), "a minute is not over yet"
    time.now = 160.1
    assert failures.add()
    assert not failures.add()
    time.now = 1000.0
    assert [failures.add() for _ in range(4)] == [True, True, True, False]


class Connection:
    away = False

    def drop(self) -> None:
        self.away = True


def connections(count: int) -> list[Connection]:
    return [Connection() for _ in range(count)]


def test_pending_connections_are_bounded_and_the_oldest_of_the_crowd_goes() -> None:
    admission = Admission(pending=3, of_one_peer=9, authorized=9)
    alone, *crowd = connections(4)
    admission.add(alone, "alone")
    for one in crowd[:2]:
        admission.add(one, "crowd")
    assert not any(one.away for one in (alone, *crowd))
    admission.add(crowd[2], "crowd")
    assert [one.away for one in (alone, *crowd)] == [False, True, False, False]
    assert not admission.is_pending(crowd[0])
    assert not admission.authorize(crowd[0], "crowd"), "it was dropped before"


def test_authorized_connections_are_bounded_by_peer_and_in_all() -> None:
    admission = Admission(pending=9, of_one_peer=2, authorized=3)
    one = connections(3)
    other = connections(2)
    for connection in (*one, *other):
        admission.add(connection, "any")
    assert [admission.authorize(connection, "one") for connection in one] == [True, True, False]
    assert admission.authorize(one[0], "one"), "it is one of them already"
    assert [admission.authorize(connection, "other") for connection in other] == [True, False]
    assert [connection.away for connection in (*one, *other)] == [False, False, True, False, True]


def test_what_has_ended_makes_room() -> None:
    admission = Admission(pending=1, of_one_peer=1, authorized=1)
    first, second, third = connections(3)
    admission.add(first, "one")
    admission.remove(first)
    admission.add(second, "one")
    assert not first.away
    assert admission.authorize(second, "one")
    admission.remove(second)
    admission.add(third, "one")
    assert admission.authorize(third, "one")
