"""Garbage in, nothing left; and never collected on a thread that Qt's objects do not belong to."""

import gc
import threading
import weakref

from pytestqt.qtbot import QtBot

from podium.app.collector import Collector


class Circle:
    def __init__(self) -> None:
        self.me = self


def circles(count: int) -> list[weakref.ref[Circle]]:
    return [weakref.ref(Circle()) for _ in range(count)]


def test_circles_go_when_the_window_looks(qtbot: QtBot) -> None:
    collector = Collector()
    made = circles(2000)
    assert all(one() is not None for one in made)
    collector.look()
    assert all(one() is None for one in made)


def test_a_few_are_left_alone(qtbot: QtBot) -> None:
    collector = Collector()
    gc.collect()
    made = circles(3)
    collector.look()
    assert all(one() is not None for one in made)


def test_it_looks_by_itself(qtbot: QtBot) -> None:
    collector = Collector()
    made = circles(2000)
    qtbot.waitUntil(lambda: all(one() is None for one in made), timeout=10_000)
    assert collector is not None


def test_another_thread_never_collects(qtbot: QtBot) -> None:
    collector = Collector()
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
        collector.look()
    finally:
        gc.callbacks.remove(note)
    assert set(threads) == {threading.main_thread()}
    assert made[-1]() is None


def test_even_the_oldest_go_when_nothing_else_happens(qtbot: QtBot) -> None:
    collector = Collector()
    old = circles(1500)
    kept = [one() for one in old]
    for _ in range(30):
        circles(1500)
        collector.look()
    kept.clear()
    for _ in range(6 * 60):
        circles(1100)
        collector.look()
    assert any(one() is not None for one in old)
    qtbot.waitUntil(lambda: all(one() is None for one in old), timeout=10_000)
