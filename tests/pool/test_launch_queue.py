"""Workers that want to start in, the order of their starts out."""

from pytestqt.qtbot import QtBot

from podium.core.ids import InstanceId
from podium.pool.launch_queue import LaunchQueue

A, B, C, D = map(InstanceId, "abcd")


class Launched(list[InstanceId]):
    def of(self, instance: InstanceId) -> "Launch":
        return Launch(self, instance)


class Launch:
    def __init__(self, launched: Launched, instance: InstanceId) -> None:
        self._launched = launched
        self._instance = instance

    def __call__(self) -> None:
        self._launched.append(self._instance)


def entered(queue: LaunchQueue, *instances: InstanceId) -> Launched:
    launched = Launched()
    for instance in instances:
        queue.enter(instance, launched.of(instance))
    return launched


def test_no_more_than_its_places_start_at_once_and_the_next_when_one_is_ready(qtbot: QtBot) -> None:
    queue = LaunchQueue(2)
    launched = entered(queue, A, B, C)
    assert launched == [A, B]
    assert [queue.waits(one) for one in (A, B, C)] == [False, False, True]
    assert queue.leave(A) is False
    qtbot.waitUntil(lambda: launched == [A, B, C])


def test_those_in_sight_start_first(qtbot: QtBot) -> None:
    queue = LaunchQueue(1)
    queue.in_sight = lambda: (D, C)
    launched = entered(queue, A, B, C, D)
    for count, instance in enumerate((A, D, C, B), 1):
        qtbot.waitUntil(lambda wanted=count: len(launched) == wanted)
        queue.leave(instance)
    assert launched == [A, D, C, B]


def test_one_that_leaves_before_its_turn_never_starts(qtbot: QtBot) -> None:
    queue = LaunchQueue(1)
    launched = entered(queue, A, B, C)
    assert queue.leave(B) is True
    queue.leave(A)
    qtbot.waitUntil(lambda: launched == [A, C])


def test_one_that_takes_long_does_not_hold_up_the_next(qtbot: QtBot) -> None:
    queue = LaunchQueue(1)
    launched = entered(queue, A, B)
    assert launched == [A]
    qtbot.waitUntil(lambda: launched == [A, B])


def test_the_next_waits_for_its_turn_or_its_time(qtbot: QtBot) -> None:
    queue = LaunchQueue(1)
    timer = queue._timer
    entered(queue, A, B)
    assert timer.isActive()
    assert timer.interval() == 500
    queue.leave(A)
    assert timer.interval() == 0
