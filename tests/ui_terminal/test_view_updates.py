"""After any order of events the screen shows what painting everything would: nothing is left over or forgotten."""

import random
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from podium.terminal.emulator import Emulator
from podium.terminal.output.frames import FrameSource
from podium.ui.terminal import TerminalView

COLUMNS, LINES = 40, 12
STEPS = 150
TEXTS = (
    "ls",
    "┌──┐",
    "\033[4:3mcurl\033[m",
    "\033[41m red \033[m",
    "漢字",
    "ẤỖ",
    "╲╱",
    "x" * 30,
    "e\u0301",
    "\033[K",
)


class Session:
    """A program's output, shown in a view, and a person who clicks and scrolls in it."""

    def __init__(self, view: TerminalView, seed: int) -> None:
        self._view = view
        self._emulator = Emulator(COLUMNS, LINES)
        self._frames = FrameSource(self._emulator)
        self._numbers = iter(range(1, 1 << 30))
        self._random = random.Random(seed)
        self._moves: tuple[Callable[[], object], ...] = (
            self._print_lines,
            self._print_lines,
            self._change_a_place,
            self._move_a_region,
            lambda: self._feed(f"\033[{self._random.randint(1, 6)} q"),
            lambda: view.scroll_lines(self._random.choice((-3, -1, 1, 3))),
            view.scroll_to_bottom,
            self._drag,
            lambda: QTest.mouseClick(view, Qt.MouseButton.LeftButton),
            view._cursor.blink._on_timeout,
            lambda: view.clearFocus() if view.hasFocus() else view.setFocus(),
        )

    def step(self) -> str:
        """Something happens; says what."""
        move = self._random.choice(self._moves)
        move()
        return move.__name__

    def _feed(self, output: str) -> None:
        self._emulator.feed(output.encode())
        self._view.apply_frame(self._frames.take(next(self._numbers)))

    def _print_lines(self) -> None:
        count = self._random.choice((1, 2, 5))
        self._feed("".join("\r\n" + " ".join(self._random.choices(TEXTS, k=3)) for _ in range(count)))

    def _change_a_place(self) -> None:
        place = f"{self._random.randint(1, LINES)};{self._random.randint(1, COLUMNS)}"
        self._feed(f"\033[{place}H{self._random.choice(TEXTS)}")

    def _move_a_region(self) -> None:
        top, bottom = self._random.randint(1, 5), self._random.randint(7, LINES)
        move = self._random.choice(("1S", "2S", "1T", "2L", "3M"))
        self._feed(f"\033[{top};{bottom}r\033[{top + 1}H\033[{move}\033[r")

    def _drag(self) -> None:
        view, button = self._view, Qt.MouseButton.LeftButton
        places = [
            QPoint(self._random.randrange(view.width()), self._random.randrange(view.height()))
            for _ in range(3)
        ]
        QTest.mousePress(view, button, pos=places[0])
        QTest.mouseMove(view, places[1])
        QTest.mouseRelease(view, button, pos=places[2])


@pytest.mark.parametrize("seed", range(4))
def test_the_screen_is_as_if_painted_anew(qtbot: QtBot, seed: int) -> None:
    view = TerminalView()
    qtbot.addWidget(view)
    view.resize(20 + COLUMNS * 8 + 3, 16 + LINES * 18 + 5)
    view.show()
    qtbot.waitExposed(view)
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    session, happened = Session(view, seed), []
    for _ in range(STEPS):
        happened.append(session.step())
        QApplication.processEvents()
        shown: QImage = view.backingStore().paintDevice().copy()  # type: ignore[attr-defined]
        kept, view._canvas._image = view._canvas._image, None
        anew = view.grab().toImage().convertToFormat(shown.format())
        view._canvas._image = kept
        if shown != anew:
            pytest.fail(f"the screen is not as painted anew after {happened[-3:]}, step {len(happened)}")
