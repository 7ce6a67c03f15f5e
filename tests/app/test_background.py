"""Functions go to threads, and no Qt object comes back as an object of another class."""

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from podium.app.background import MOST_OWN_THREADS, Background
from podium.core.background import LaneFull
from podium.ui.dialogs.lookups import Lookups

ROUNDS = 300
CALLS = 4
ACTIONS = 12

RunSome = Callable[[Callable[[], None]], None]


def by_background(qtbot: QtBot, parent: QWidget) -> RunSome:
    background = Background(parent)
    return lambda then: background.own.run(int, lambda _: then())


def by_lookups(qtbot: QtBot, parent: QWidget) -> RunSome:
    lookups = Lookups(Background(parent).foreign.run, parent)
    return lambda then: lookups.ask(int, lambda _: then())


@pytest.mark.fault("G4")
@pytest.mark.parametrize("make", [by_background, by_lookups])
def test_what_is_made_after_work_in_the_background_has_its_own_class(
    qtbot: QtBot, make: Callable[[QtBot, QWidget], RunSome]
) -> None:
    """Actions of menus as a window opens them, actions and timers by themselves: 300 times after four calls."""
    window = QWidget()
    qtbot.addWidget(window)
    run = make(qtbot, window)
    done: list[int] = []
    wrong: list[str] = []
    made = 0
    for number in range(ROUNDS):
        for _ in range(CALLS):
            run(lambda: done.append(1))
        expected = CALLS * (number + 1)
        qtbot.waitUntil(lambda expected=expected: len(done) == expected)
        menu = QMenu(window)
        objects = [
            *(menu.addAction("Close") for _ in range(ACTIONS)),
            *(QAction("Close") for _ in range(ACTIONS)),
            *(QTimer() for _ in range(CALLS)),
        ]
        made += len(objects)
        wrong += [type(one).__name__ for one in objects if type(one) not in (QAction, QTimer)]
        menu.deleteLater()
    assert made == ROUNDS * (2 * ACTIONS + CALLS)
    assert not wrong, f"{len(wrong)} of {made} are {set(wrong)}"


def test_a_result_and_a_failure_come_back_on_the_windows_thread(qtbot: QtBot) -> None:
    background = Background()
    heard: list[tuple[object, threading.Thread]] = []

    def fail() -> None:
        raise OSError("no such thing")

    background.foreign.run(lambda: 42, lambda value: heard.append((value, threading.current_thread())))
    background.foreign.run(fail, failed=lambda error: heard.append((str(error), threading.current_thread())))
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert {value for value, _ in heard} == {42, "no such thing"}
    assert {thread for _, thread in heard} == {threading.main_thread()}
    background.close()


def test_without_a_thread_to_be_had_the_asker_hears_it_and_the_lane_goes_on_later(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    background = Background()
    heard: list[object] = []

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        for _ in range(MOST_OWN_THREADS + 1):
            background.own.run(lambda: heard.append("done"), failed=lambda error: heard.append(type(error)))
        qtbot.waitUntil(lambda: len(heard) == MOST_OWN_THREADS + 1)
        assert set(heard) == {LaneFull}
    background.own.run(lambda: "done", heard.append)
    qtbot.waitUntil(lambda: heard[-1] == "done")
    assert background.close()
