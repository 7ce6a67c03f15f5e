"""Failures in, how long to wait out."""

import pytest

from podium.supervision.policy import Policy
from podium.supervision.restarts import Breaker, Restarts


def make(**policy: object) -> Restarts:
    return Restarts(Policy(**policy), random=lambda: 0.0)


def waits(restarts: Restarts, count: int) -> list[float | None]:
    found = []
    for _ in range(count):
        found.append(restarts.failed(None))
        restarts.tried()
    return found


def test_waits_double_until_the_breaker_opens_and_then_end() -> None:
    assert waits(make(), 6) == [1.0, 2.0, 30.0, 30.0, 30.0, None]


def test_a_wait_may_be_longer_than_the_breakers() -> None:
    assert waits(make(breaker_cooldown=3.0), 5) == [1.0, 2.0, 4.0, 8.0, 16.0]


def test_the_breaker_opens_lets_one_try_and_opens_again() -> None:
    restarts = make()
    states = []
    for _ in range(4):
        restarts.failed(0.0)
        states.append(restarts.breaker)
        restarts.tried()
        states.append(restarts.breaker)
    closed, open_, half = Breaker.CLOSED, Breaker.OPEN, Breaker.HALF_OPEN
    assert states == [closed, closed, closed, closed, open_, half, open_, half]


@pytest.mark.parametrize(("ran", "wait"), [(None, 4.0), (59.9, 4.0), (60.0, 1.0)])
def test_only_a_stable_run_forgets(ran: float | None, wait: float) -> None:
    restarts = make(breaker_failures=9)
    waits(restarts, 2)
    assert restarts.failed(ran) == wait
    assert restarts.used == (2 if wait == 4.0 else 0)


def test_the_number_of_a_try_never_passes_the_most() -> None:
    restarts = make()
    assert restarts.attempt == 1
    waits(restarts, 4)
    assert restarts.attempt == 5
    waits(restarts, 2)
    assert restarts.attempt == 5


def test_jitter_is_added_and_never_taken_away() -> None:
    policy = Policy()
    assert policy.delay(1, lambda: 1.0) == pytest.approx(1.1)
    assert policy.delay(1, lambda: 0.0) == 1.0
    assert policy.delay(7, lambda: 0.0) == policy.delay(99, lambda: 0.0) == 60.0
    assert policy.delay(0, lambda: 0.0) == 1.0
