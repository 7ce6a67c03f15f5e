"""A window and screens in, the place where a person can reach and see it out."""

import pytest
from PySide6.QtCore import QObject, QRect, QSize
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from podium.app.state.window_place import (
    MOST_PLACES,
    WindowPlace,
    aside,
    first_place,
    remembered,
    within_reach,
)

FULL_HD = QRect(0, 0, 1920, 1053)
LAPTOP = QRect(0, 25, 1280, 775)
RIGHT = QRect(1920, 0, 1280, 800)


@pytest.mark.parametrize(
    ("available", "place"),
    [
        (FULL_HD, (240, 77, 1440, 900)),
        (LAPTOP, (24, 69, 1232, 687)),
        (QRect(0, 0, 1440, 900), (24, 44, 1392, 812)),
        (RIGHT, (1944, 44, 1232, 712)),
    ],
)
def test_the_first_window_fits_its_screen(available: QRect, place: tuple[int, ...]) -> None:
    rect = first_place(available)
    assert rect.getRect() == place
    assert available.contains(rect)


@pytest.mark.parametrize(
    ("window", "screens", "place"),
    [
        ((100, 100, 900, 600), [FULL_HD], (100, 100, 900, 600)),
        ((2000, 100, 900, 600), [FULL_HD, RIGHT], (2000, 100, 900, 600)),
        ((2000, 100, 900, 600), [FULL_HD], (1020, 100, 900, 600)),
        ((100, -300, 900, 600), [FULL_HD], (100, 40, 900, 600)),
        ((100, 3000, 900, 600), [FULL_HD], (100, 453, 900, 600)),
        ((-850, 100, 900, 600), [FULL_HD], (0, 100, 900, 600)),
        ((-700, 100, 900, 600), [FULL_HD], (-700, 100, 900, 600)),
        ((0, 40, 1440, 900), [LAPTOP], (0, 65, 1280, 735)),
        ((1900, 100, 900, 600), [FULL_HD, RIGHT], (1900, 100, 900, 600)),
    ],
    ids=["there", "second", "gone", "above", "below", "far left", "half", "too large", "across"],
)
def test_a_window_comes_back_within_reach(
    window: tuple[int, ...], screens: list[QRect], place: tuple[int, ...]
) -> None:
    found = within_reach(QRect(*window), screens)
    assert found.getRect() == place
    assert within_reach(found, screens) == found


@pytest.mark.parametrize(
    ("window", "available", "place"),
    [
        ((100, 100, 900, 600), FULL_HD, (140, 140, 900, 600)),
        ((24, 64, 1232, 687), QRect(0, 0, 1280, 800), (48, 104, 1232, 687)),
        ((0, 40, 1280, 760), QRect(0, 0, 1280, 800), (40, 80, 1240, 720)),
        ((1020, 453, 900, 600), FULL_HD, (0, 40, 900, 600)),
        ((0, 40, 800, 600), QRect(0, 0, 800, 600), (0, 40, 800, 600)),
    ],
    ids=["room", "edge", "smaller", "corner", "least"],
)
def test_another_window_on_the_same_screen_leaves_the_first_in_sight(
    window: tuple[int, ...], available: QRect, place: tuple[int, ...]
) -> None:
    assert aside(QRect(*window), available, QSize(800, 600)).getRect() == place


def test_sets_of_screens_are_remembered_and_the_oldest_forgotten() -> None:
    places: dict[str, bytes] = {}
    for number in range(MOST_PLACES + 2):
        places = remembered(places, str(number), b"x")
    assert list(places) == [str(number) for number in range(2, MOST_PLACES + 2)]
    places = remembered(places, "2", b"y")
    assert list(places)[-1] == "2"
    assert places["2"] == b"y"


def test_a_window_goes_back_to_where_it_was(qtbot: QtBot) -> None:
    parent = QObject()
    first, second = QMainWindow(), QMainWindow()
    for window in (first, second):
        qtbot.addWidget(window)
        window.show()
    place, other = WindowPlace(first, parent), WindowPlace(second, parent)
    with qtbot.waitSignal(place.moved):
        first.resize(640, 480)  # the offscreen screen is 800 px wide, and no window may be wider
    geometry = place.save()
    assert dict(place.remembered) == {place.key: geometry}
    other.restore(place.remembered, b"")
    assert (second.width(), second.height()) == (640, 480)
    other.restore({}, b"")
    assert (second.width(), second.height()) == (640, 480)
    other.put_beside(first)
    assert dict(other.remembered) == {}
