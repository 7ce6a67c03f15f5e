"""Several windows: each instance is in one of them, and goes from one to another without ending."""

import pytest

from podium.core.ids import InstanceId
from podium.workspace.arrangement import Arrangement
from podium.workspace.arranging.arrangements import Arrangements


def ids(text: str) -> tuple[InstanceId, ...]:
    return tuple(map(InstanceId, text))


A, B, C = ids("abc")


@pytest.fixture
def arrangements(qapp: object) -> Arrangements:
    made = Arrangements()
    for instance in ids("abc"):
        made.add(instance)
    return made


@pytest.fixture
def second(arrangements: Arrangements) -> Arrangement:
    return arrangements.open()


def test_new_instances_go_to_the_active_window(arrangements: Arrangements, second: Arrangement) -> None:
    assert arrangements.active is arrangements.first
    arrangements.activate(second)
    arrangements.add(InstanceId("d"))
    assert (arrangements.first.order, second.order) == (ids("abc"), ids("d"))
    assert arrangements.order == ids("abcd")
    assert (arrangements.number(C), arrangements.number(InstanceId("d"))) == (3, 1)
    assert arrangements.number(InstanceId("gone")) == 0
    assert (arrangements.first.active, second.active) == (False, True)
    assert list(arrangements.first.others()) == [second]
    assert second.situation(None).windows == 2


def test_a_moved_one_is_in_one_window_all_the_time(arrangements: Arrangements, second: Arrangement) -> None:
    seen: list[tuple[InstanceId, ...]] = []
    arrangements.changed.connect(lambda: seen.append(arrangements.order))
    told: list[tuple[str, Arrangement, Arrangement]] = []
    arrangements.moving.connect(lambda *moved: told.append(moved))
    arrangements.move(B, second)
    assert told == [(B, arrangements.first, second)]
    assert (arrangements.first.order, second.order, second.current) == (ids("ac"), ids("b"), B)
    assert seen
    assert all(sorted(order) == list(ids("abc")) for order in seen)
    arrangements.move(B, second)
    arrangements.move(InstanceId("gone"), second)
    assert len(told) == 1


def test_a_closed_window_gives_its_instances_to_the_oldest(
    arrangements: Arrangements, second: Arrangement
) -> None:
    third = arrangements.open()
    arrangements.move(A, second)
    arrangements.move(B, third)
    arrangements.activate(third)
    arrangements.close(third)
    assert arrangements.active is arrangements.first
    assert arrangements.first.order == ids("cb")
    first = arrangements.first
    arrangements.close(first)
    assert arrangements.all == (second,)
    assert (second.order, second.active, first.active) == (ids("acb"), True, False)
    assert arrangements.open(first).order == ()
    arrangements.move(A, first)
    assert arrangements.order == ids("cba")


def test_what_is_asked_for_in_one_window_is_shown_in_the_one_that_has_it(
    arrangements: Arrangements, second: Arrangement
) -> None:
    arrangements.move(A, second)
    arrangements.move(B, second)
    shown: list[Arrangement] = []
    revealed: list[str] = []
    arrangements.shown_elsewhere.connect(shown.append)
    second.revealed.connect(revealed.append)
    arrangements.first.select(B)
    assert (second.current, shown, revealed) == (B, [second], [B])
    arrangements.first.reveal(A)
    assert (second.current, shown) == (A, [second, second])
    arrangements.reveal(B)
    assert (second.current, len(shown)) == (B, 2), "whoever asks this shows the window by itself"
    arrangements.first.select(InstanceId("gone"))
    assert len(shown) == 2


def test_the_current_one_is_that_of_the_active_window(
    arrangements: Arrangements, second: Arrangement
) -> None:
    arrangements.move(C, second)
    told: list[str] = []
    arrangements.current_changed.connect(told.append)
    arrangements.activate(second)
    arrangements.activate(second)
    arrangements.first.select(B)
    second.remove(C)
    assert told == [C, ""]
    assert arrangements.in_sight == (B,)


def test_a_change_is_told_in_the_window_that_it_is_about(
    arrangements: Arrangements, second: Arrangement
) -> None:
    arrangements.move(C, second)
    told: list[str] = []
    arrangements.first.changed.connect(lambda: told.append("first"))
    second.changed.connect(lambda: told.append("second"))
    arrangements.touch(C)
    assert told == ["second"]
