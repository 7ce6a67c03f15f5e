"""Requests in, runs of the action out. The clock and the event loop are played."""

from collections.abc import Callable

import pytest

from podium.missions.costs import coalescing
from podium.missions.costs.coalescing import Coalesced


class PlayedTimer:
    def __init__(self, at: float, action: Callable[[], None]) -> None:
        self.at = at
        self.action = action
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class PlayedLoop:
    """The clock and the timers of an event loop; time passes in ``go_on`` alone."""

    def __init__(self) -> None:
        self.now = 0.0
        self._timers: list[PlayedTimer] = []

    def monotonic(self) -> float:
        return self.now

    def get_running_loop(self) -> "PlayedLoop":
        return self

    def call_later(self, seconds: float, action: Callable[[], None]) -> PlayedTimer:
        self._timers.append(PlayedTimer(self.now + seconds, action))
        return self._timers[-1]

    def go_on(self, seconds: float) -> None:
        end = self.now + seconds
        while due := [timer for timer in self._timers if timer.at <= end and not timer.cancelled]:
            first = min(due, key=lambda timer: timer.at)
            self._timers.remove(first)
            self.now = first.at
            first.action()
        self.now = end


class Runs:
    """An action that takes ``takes`` seconds and notes when it began; while ``fails`` it raises."""

    def __init__(self, loop: PlayedLoop) -> None:
        self._loop = loop
        self.at: list[float] = []
        self.takes = 0.0
        self.fails = False

    def __call__(self) -> None:
        self.at.append(self._loop.now)
        self._loop.now += self.takes
        if self.fails:
            raise OSError("no room")


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> PlayedLoop:
    played = PlayedLoop()
    monkeypatch.setattr(coalescing, "time", played)
    monkeypatch.setattr(coalescing, "asyncio", played)
    return played


@pytest.fixture
def runs(loop: PlayedLoop) -> Runs:
    return Runs(loop)


@pytest.fixture
def coalesced(runs: Runs) -> Coalesced:
    return Coalesced(runs, 4.0)


def test_the_first_request_runs_at_once_and_more_of_them_once_later(
    loop: PlayedLoop, runs: Runs, coalesced: Coalesced
) -> None:
    coalesced.ask()
    assert runs.at == [0.0]
    loop.go_on(1.0)
    for _ in range(3):
        coalesced.ask()
    assert runs.at == [0.0]
    loop.go_on(20.0)
    assert runs.at == [0.0, 4.0]
    coalesced.ask()
    coalesced.ask()
    loop.go_on(20.0)
    assert runs.at == [0.0, 4.0, 21.0, 25.0], "after a timer has run, another one is set"


def test_a_request_when_the_time_is_over_runs_at_once(
    loop: PlayedLoop, runs: Runs, coalesced: Coalesced
) -> None:
    coalesced.ask()
    loop.go_on(4.0)
    coalesced.ask()
    assert runs.at == [0.0, 4.0]


def test_the_time_counts_from_the_end_of_the_action(
    loop: PlayedLoop, runs: Runs, coalesced: Coalesced
) -> None:
    runs.takes = 3.0
    coalesced.ask()
    coalesced.ask()
    loop.go_on(10.0)
    assert runs.at == [0.0, 7.0]


def test_an_action_that_fails_is_not_run_again_at_once(
    loop: PlayedLoop, runs: Runs, coalesced: Coalesced
) -> None:
    runs.fails = True
    with pytest.raises(OSError, match="no room"):
        coalesced.ask()
    runs.fails = False
    coalesced.ask()
    assert runs.at == [0.0]
    loop.go_on(10.0)
    assert runs.at == [0.0, 4.0]


def test_later_waits_the_whole_time_although_it_never_ran(
    loop: PlayedLoop, runs: Runs, coalesced: Coalesced
) -> None:
    loop.go_on(100.0)
    coalesced.later()
    loop.go_on(3.0)
    assert runs.at == []
    loop.go_on(3.0)
    assert runs.at == [104.0]


def test_a_cancelled_request_does_not_run_and_the_next_one_does(
    loop: PlayedLoop, runs: Runs, coalesced: Coalesced
) -> None:
    coalesced.cancel()
    coalesced.ask()
    coalesced.ask()
    coalesced.cancel()
    loop.go_on(20.0)
    assert runs.at == [0.0]
    coalesced.ask()
    assert runs.at == [0.0, 20.0]
