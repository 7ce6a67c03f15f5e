"""Since when a run waits in, how long it was blocked on which day out."""

import os
import time
from collections.abc import Iterator

import pytest

from podium.attention.blocked_time import BlockedTime
from podium.core.blocked import Blocked

HOUR = 3600.0


@pytest.fixture(autouse=True)
def zone() -> Iterator[None]:
    """A time zone that puts clocks forward and back; in which one the tests run must not matter."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def at(text: str) -> float:
    return time.mktime(time.strptime(text, "%Y-%m-%d %H:%M:%S"))


class Life:
    """A run with a clock that stands still while the machine sleeps, and a time of day that may be set."""

    def __init__(self, start: str = "2026-03-02 12:00:00") -> None:
        self.blocked = BlockedTime()
        self.clock = 1000.0
        self.wall = at(start)
        self.since: float | None = None

    def wait(self, seconds: float, *, every: float | None = None) -> None:
        """The question stands for so long, told at both ends and every so many seconds."""
        if self.since is None:
            self.since = self.clock
        self._tell()
        while seconds > 0:
            step = min(seconds, every or seconds)
            self.pass_time(step)
            self._tell()
            seconds -= step

    def answer(self) -> None:
        self.since = None
        self._tell()

    def ask_another(self) -> None:
        """The next question stands where the last one did."""
        self.since = self.clock
        self._tell()

    def pass_time(self, seconds: float) -> None:
        self.clock += seconds
        self.wall += seconds

    def _tell(self) -> None:
        self.blocked.observe(self.since, self.clock, self.wall)

    @property
    def sum(self) -> Blocked:
        total = Blocked()
        for day in self.blocked.days.values():
            total += day
        return total


def rounded(blocked: Blocked) -> tuple[float, int, float]:
    return round(blocked.seconds, 3), blocked.questions, round(blocked.longest, 3)


def days(life: Life) -> dict[str, tuple[float, int, float]]:
    return {day: rounded(blocked) for day, blocked in life.blocked.days.items()}


def test_a_run_that_never_asks_was_never_blocked() -> None:
    life = Life()
    life.answer()
    assert (days(life), life.blocked.waits, life.blocked.changed) == ({}, False, set())


@pytest.mark.parametrize("every", [None, 0.1, 7.0, 20.0])
def test_waits_add_up_however_often_they_are_looked_at(every: float | None) -> None:
    life = Life()
    life.wait(60, every=every)
    life.answer()
    life.pass_time(500)
    life.wait(20, every=every)
    life.answer()
    life.pass_time(500)
    assert days(life) == {"2026-03-02": (80, 2, 60)}


def test_a_wait_counts_from_its_question_on_and_up_to_now() -> None:
    life = Life()
    life.since = life.clock - 0.3  # What stands on a screen counts a moment later.
    life.wait(10)
    assert rounded(life.sum) == (10.3, 1, 10.3)
    life.wait(10)
    assert rounded(life.sum) == (20.3, 1, 20.3)


def test_a_question_in_the_place_of_another_is_one_more_and_no_second_counts_twice() -> None:
    life = Life()
    life.wait(60)
    life.ask_another()
    life.wait(30)
    life.since = life.clock - 10  # It stood already before anybody was told.
    life.wait(5)
    life.answer()
    assert rounded(life.sum) == (95, 3, 60)


def test_the_time_between_two_looks_belongs_to_the_question_that_stood_then() -> None:
    life = Life()
    life.wait(60)
    life.pass_time(30)
    life.since = life.clock - 20
    life.wait(0)
    assert rounded(life.sum) == (90, 2, 70)
    assert life.blocked.stretch is not None
    assert life.blocked.stretch.seconds == 20


def test_a_question_belongs_to_the_day_on_which_it_was_asked() -> None:
    life = Life("2026-03-03 00:00:05")
    life.since = life.clock - 10
    life.wait(0)
    assert days(life) == {"2026-03-02": (5, 1, 5), "2026-03-03": (5, 0, 10)}


def test_a_question_that_is_found_to_be_older_is_the_same() -> None:
    life = Life()
    life.wait(60)
    life.since = life.clock - 61
    life.wait(5)
    assert life.sum.questions == 1


@pytest.mark.parametrize(
    ("start", "seconds", "expected"),
    [
        (
            "2026-03-02 23:50:00",
            1800,
            {"2026-03-02": (600, 1, 600), "2026-03-03": (1200, 0, 1800)},
        ),
        (
            "2026-03-02 23:00:00",
            26 * HOUR,
            {
                "2026-03-02": (HOUR, 1, HOUR),
                "2026-03-03": (24 * HOUR, 0, 25 * HOUR),
                "2026-03-04": (HOUR, 0, 26 * HOUR),
            },
        ),
        (  # That day has 23 hours.
            "2026-03-28 23:00:00",
            25 * HOUR,
            {
                "2026-03-28": (HOUR, 1, HOUR),
                "2026-03-29": (23 * HOUR, 0, 24 * HOUR),
                "2026-03-30": (HOUR, 0, 25 * HOUR),
            },
        ),
        (  # And that one 25.
            "2026-10-24 23:00:00",
            27 * HOUR,
            {
                "2026-10-24": (HOUR, 1, HOUR),
                "2026-10-25": (25 * HOUR, 0, 26 * HOUR),
                "2026-10-26": (HOUR, 0, 27 * HOUR),
            },
        ),
        ("2026-03-02 00:00:00", 60, {"2026-03-02": (60, 1, 60)}),
        ("2026-12-31 23:59:59", 2, {"2026-12-31": (1, 1, 1), "2027-01-01": (1, 0, 2)}),
    ],
)
@pytest.mark.parametrize("every", [None, 977.0])
def test_a_wait_over_midnight_belongs_to_both_days(
    start: str, seconds: float, expected: dict[str, tuple[float, int, float]], every: float | None
) -> None:
    life = Life(start)
    life.wait(seconds, every=every)
    life.answer()
    assert days(life) == expected


def test_no_clock_is_put_forward_at_midnight_without_the_days_going_on() -> None:
    os.environ["TZ"] = "America/Asuncion"  # 2023-10-01 began at one o'clock.
    time.tzset()
    life = Life("2023-09-30 22:00:00")
    life.wait(5 * HOUR)
    life.answer()
    assert sum(seconds for seconds, _, _ in days(life).values()) == 5 * HOUR
    assert set(days(life)) == {"2023-09-30", "2023-10-01"}


def test_a_machine_that_sleeps_waits_for_nobody() -> None:
    life = Life("2026-03-02 22:00:00")
    life.wait(600, every=5)
    life.wall += 9 * HOUR  # The other clock stood still.
    life.wait(300, every=5)
    life.answer()
    assert days(life) == {"2026-03-02": (600, 1, 600), "2026-03-03": (300, 0, 900)}


@pytest.mark.parametrize("jump", [-40 * 24 * HOUR, -HOUR, HOUR, 40 * 24 * HOUR])
def test_setting_the_time_of_day_makes_no_wait_longer_or_shorter(jump: float) -> None:
    life = Life()
    life.wait(600, every=5)
    life.wall += jump
    life.wait(300, every=5)
    life.answer()
    assert rounded(life.sum) == (900, 1, 900)
    assert life.blocked.stretch is not None
    assert life.blocked.stretch.after(life.wall - 60) == 60
    assert life.blocked.stretch.after(life.wall + 60) == 0
    assert life.blocked.stretch.after(0) == pytest.approx(900)


def test_the_days_that_changed_are_named_until_they_are_written() -> None:
    life = Life("2026-03-02 23:59:00")
    life.wait(90)
    assert life.blocked.changed == {"2026-03-02", "2026-03-03"}
    life.blocked.changed.clear()
    life.wait(5)
    assert life.blocked.changed == {"2026-03-03"}
    life.blocked.changed.clear()
    life.answer()
    assert life.blocked.changed == set()


def test_of_a_run_without_end_the_oldest_days_go() -> None:
    life = Life("2026-03-02 23:59:59")
    for _ in range(500):
        life.wait(2)
        life.answer()
        life.wall += 24 * HOUR
    assert len(life.blocked.days) == 400
    assert min(life.blocked.days) > "2026-03-02"
    assert life.blocked.changed == set(life.blocked.days)


def test_many_questions_in_a_second_are_counted_and_keep_nothing() -> None:
    life = Life()
    for _ in range(10_000):
        life.wait(0.01)
        life.answer()
    assert rounded(life.sum) == (100, 10_000, 0.01)
    assert len(life.blocked.days) == 1
