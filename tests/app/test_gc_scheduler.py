"""Garbage in, nothing left; and never collected on a thread that Qt's objects do not belong to."""

import gc
import threading
import weakref
from collections import deque

import pytest
from pytestqt.qtbot import QtBot

from podium.app.health.gc_scheduler import GcScheduler


class Circle:
    def __init__(self) -> None:
        self.me = self


def circles(count: int) -> list[weakref.ref[Circle]]:
    return [weakref.ref(Circle()) for _ in range(count)]


def test_circles_go_when_the_window_looks(qtbot: QtBot) -> None:
    scheduler = GcScheduler()
    made = circles(2000)
    assert all(one() is not None for one in made)
    scheduler.collect_some()
    assert all(one() is None for one in made)


def test_a_few_are_left_alone(qtbot: QtBot) -> None:
    scheduler = GcScheduler()
    gc.collect()
    made = circles(3)
    scheduler.collect_some()
    assert all(one() is not None for one in made)


def test_it_looks_by_itself(qtbot: QtBot) -> None:
    scheduler = GcScheduler()
    made = circles(2000)
    qtbot.waitUntil(lambda: all(one() is None for one in made), timeout=60_000)
    assert scheduler is not None


def test_another_thread_never_collects(qtbot: QtBot) -> None:
    scheduler = GcScheduler()
    threads: list[threading.Thread] = []

    def note(phase: str, _info: dict[str, int]) -> None:
        threads.append(threading.current_thread())

    gc.callbacks.append(note)
    try:
        made: list[weakref.ref[Circle]] = []
        thread = threading.Thread(target=lambda: made.extend(circles(50_000)))
        thread.start()
        thread.join()
        assert threads == []
        scheduler.collect_some()
    finally:
        gc.callbacks.remove(note)
    assert set(threads) == {threading.main_thread()}
    assert made[-1]() is None


def test_even_the_oldest_go_when_nothing_else_happens(qtbot: QtBot) -> None:
    scheduler = GcScheduler()
    old = circles(1500)
    kept = [one() for one in old]
    for _ in range(30):
        circles(1500)
        scheduler.collect_some()
    kept.clear()
    for _ in range(6 * 60):
        circles(1100)
        scheduler.collect_some()
    assert any(one() is not None for one in old)
    qtbot.waitUntil(lambda: all(one() is None for one in old), timeout=60_000)


@pytest.mark.fault("H6")
def test_garbage_does_not_grow_in_a_window_that_is_always_busy(qtbot: QtBot) -> None:
    now = 0.0
    scheduler = GcScheduler(clock=lambda: now)
    made: list[weakref.ref[Circle]] = []
    lately: deque[list[Circle]] = deque(maxlen=5)
    most = 0
    for _ in range(1300):
        # They live for five seconds, and so grow old.
        some = [Circle() for _ in range(200)]
        made += map(weakref.ref, some)
        lately.append(some)
        now += 1.0
        scheduler.collect_some()
        if now % 50 == 0:
            made = [one for one in made if one() is not None]
            most = max(most, len(made))
    assert most < 1300 * 200 / 4
    assert scheduler.longest_pause == 0.0  # By this clock.


@pytest.mark.fault("H6")
def test_a_look_goes_over_what_is_new_and_not_over_all_there_is(qtbot: QtBot) -> None:
    now = 0.0
    scheduler = GcScheduler(clock=lambda: now)
    kept = [Circle() for _ in range(50_000)]
    now += 60.0
    scheduler.collect_some()
    assert gc.get_freeze_count() > 50_000
    assert len(gc.get_objects()) < 50_000
    # Old ones that die all the same go when everything is looked at.
    old = weakref.ref(kept[0])
    kept.clear()
    now += 60.0
    scheduler.collect_some()
    assert old() is not None
    now += 600.0
    scheduler.collect_some()
    assert old() is None
