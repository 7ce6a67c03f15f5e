"""Releases, repeats and modifier keys by themselves: what a program hears of them that asked, and one that did not."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from podium.core.protocol.frames import ScreenMode
from podium.core.protocol.requests import FocusInput, KeyAction, KeyInput, Modifier, RawInput
from podium.ui.terminal import TerminalView
from podium.ui.terminal.input.keyboard import key_input
from podium.ui.terminal.input.native_keys import physical_key
from tests.ui_terminal.view_frames import FrameMaker, Seen

Key, Held = Qt.Key, Qt.KeyboardModifier
SHIFT, CONTROL, ALT = Held.ShiftModifier, Held.ControlModifier, Held.AltModifier
RELEASES, ALL = int(ScreenMode.KEY_RELEASES), int(ScreenMode.KEY_RELEASES | ScreenMode.KEY_ALL)
X11_CAPS, X11_NUM = 0x02, 0x10


@dataclass(frozen=True)
class Physical:
    """A key of an X11 keyboard, as Qt reports it."""

    key: int
    code: int
    text: str = ""
    symbol: int = 0

    def event(
        self,
        down: bool,
        held: Qt.KeyboardModifier = Held.NoModifier,
        locks: int = 0,
        time: int = 0,
        repeat: bool = False,
    ) -> QKeyEvent:
        kind = QEvent.Type.KeyPress if down else QEvent.Type.KeyRelease
        event = QKeyEvent(kind, self.key, held, self.code, self.symbol, locks, self.text, repeat)
        event.setTimestamp(time)
        return event


A = Physical(Key.Key_A, 38, "a", 0x61)
UP = Physical(Key.Key_Up, 111, "", 0xFF52)
LEFT_SHIFT = Physical(Key.Key_Shift, 50, "", 0xFFE1)
RIGHT_SHIFT = Physical(Key.Key_Shift, 62, "", 0xFFE2)
LEFT_CONTROL = Physical(Key.Key_Control, 37, "", 0xFFE3)
CAPS_LOCK = Physical(Key.Key_CapsLock, 66, "", 0xFFE5)


class Keyboard:
    """Sends a view events with the time going on."""

    def __init__(self, view: TerminalView) -> None:
        self._view = view
        self._time = 1000

    def down(self, key: Physical, held: Qt.KeyboardModifier = Held.NoModifier, locks: int = 0) -> None:
        self._send(key.event(True, held, locks, self._next()))

    def up(self, key: Physical, held: Qt.KeyboardModifier = Held.NoModifier, locks: int = 0) -> None:
        self._send(key.event(False, held, locks, self._next()))

    def repeat(self, key: Physical, known: bool) -> None:
        """As X11 says it: a release and a press at the same time. Qt does not always know."""
        time = self._next()
        self._send(key.event(False, time=time, repeat=known))
        self._send(key.event(True, time=time, repeat=known))

    def _next(self) -> int:
        self._time += 40
        return self._time

    def _send(self, event: QKeyEvent) -> None:
        QApplication.sendEvent(self._view, event)


@pytest.fixture
def keyboard(view: TerminalView) -> Keyboard:
    return Keyboard(view)


class Heard:
    """What a program that asked for ``modes`` hears."""

    def __init__(self, qtbot: QtBot, view: TerminalView, seen: Seen, maker: FrameMaker, modes: int) -> None:
        view.apply_frame(maker.frame(["x"], modes=modes))
        seen.clear()
        self._qtbot, self._seen = qtbot, seen

    def keys(self, count: int) -> list[tuple[str, int, int]]:
        self._qtbot.waitUntil(lambda: len(self._seen.of(KeyInput)) >= count)
        requests: list[KeyInput] = self._seen.of(KeyInput)  # type: ignore[assignment]
        assert len(requests) == count
        return [(request.key, request.modifiers, request.action) for request in requests]


@pytest.fixture
def program(
    qtbot: QtBot, view: TerminalView, seen: Seen, maker: FrameMaker, request: pytest.FixtureRequest
) -> Heard:
    return Heard(qtbot, view, seen, maker, request.param)


PRESS, REPEAT, RELEASE = KeyAction.PRESS, KeyAction.REPEAT, KeyAction.RELEASE


@pytest.mark.parametrize("program", [0], indirect=True)
def test_a_program_that_did_not_ask_hears_of_presses_only(program: Heard, keyboard: Keyboard) -> None:
    keyboard.down(LEFT_SHIFT)
    keyboard.down(A, SHIFT)
    keyboard.up(A, SHIFT)
    keyboard.up(LEFT_SHIFT, SHIFT)
    keyboard.down(UP)
    keyboard.repeat(UP, known=True)
    keyboard.up(UP)
    keyboard.down(A)
    assert program.keys(4) == [("A", 1, PRESS), ("Up", 0, PRESS), ("Up", 0, REPEAT), ("A", 0, PRESS)]


@pytest.mark.parametrize("program", [RELEASES], indirect=True)
def test_releases_without_modifier_keys(program: Heard, keyboard: Keyboard) -> None:
    keyboard.down(LEFT_SHIFT)
    keyboard.down(A, SHIFT)
    keyboard.up(A, SHIFT)
    keyboard.up(LEFT_SHIFT, SHIFT)
    assert program.keys(2) == [("A", 1, PRESS), ("A", 1, RELEASE)]


@pytest.mark.parametrize("program", [ALL], indirect=True)
def test_modifier_keys_carry_the_state_after_them(program: Heard, keyboard: Keyboard) -> None:
    keyboard.down(LEFT_SHIFT)
    keyboard.down(RIGHT_SHIFT, SHIFT)
    keyboard.up(LEFT_SHIFT, SHIFT)
    keyboard.up(RIGHT_SHIFT, SHIFT)
    keyboard.down(LEFT_CONTROL)
    keyboard.down(LEFT_SHIFT, CONTROL)
    keyboard.up(LEFT_CONTROL, SHIFT | CONTROL)
    assert program.keys(7) == [
        ("Shift", 1, PRESS),
        ("Shift_R", 1, PRESS),
        ("Shift", 1, RELEASE),
        ("Shift_R", 0, RELEASE),
        ("Control", 4, PRESS),
        ("Shift", 5, PRESS),
        ("Control", 1, RELEASE),
    ]


@pytest.mark.parametrize("program", [ALL], indirect=True)
def test_alt_is_alt_while_shift_is_held(program: Heard, keyboard: Keyboard) -> None:
    keyboard.down(LEFT_SHIFT)
    keyboard.down(Physical(Key.Key_Meta, 64, "", 0xFFE7), SHIFT)
    keyboard.up(LEFT_SHIFT, SHIFT | ALT)
    keyboard.up(Physical(Key.Key_Alt, 64, "", 0xFFE9), ALT)
    assert program.keys(4) == [
        ("Shift", 1, PRESS),
        ("Alt", 3, PRESS),
        ("Shift", 2, RELEASE),
        ("Alt", 0, RELEASE),
    ]


@pytest.mark.parametrize("program", [ALL], indirect=True)
def test_locks_are_modifiers_of_all_keys(program: Heard, keyboard: Keyboard) -> None:
    caps, number = int(Modifier.CAPS_LOCK), int(Modifier.NUM_LOCK)
    keyboard.down(CAPS_LOCK)
    keyboard.up(CAPS_LOCK, locks=X11_CAPS)
    keyboard.down(A, locks=X11_CAPS | X11_NUM)
    keyboard.up(A, locks=X11_CAPS | X11_NUM)
    keyboard.down(CAPS_LOCK, locks=X11_CAPS)
    keyboard.up(CAPS_LOCK, locks=X11_CAPS)
    assert program.keys(6) == [
        ("CapsLock", caps, PRESS),
        ("CapsLock", caps, RELEASE),
        ("A", caps | number, PRESS),
        ("A", caps | number, RELEASE),
        ("CapsLock", caps, PRESS),
        ("CapsLock", 0, RELEASE),
    ]


@pytest.mark.parametrize("known", [True, False], ids=["marked", "not marked"])
@pytest.mark.parametrize("program", [RELEASES], indirect=True)
def test_repeats_are_no_releases(program: Heard, keyboard: Keyboard, known: bool) -> None:
    keyboard.down(UP)
    keyboard.repeat(UP, known)
    keyboard.repeat(UP, known)
    keyboard.up(UP)
    assert program.keys(4) == [("Up", 0, PRESS), ("Up", 0, REPEAT), ("Up", 0, REPEAT), ("Up", 0, RELEASE)]


@pytest.mark.parametrize("program", [RELEASES], indirect=True)
def test_quick_typing_is_no_repeat_and_stays_in_order(program: Heard, keyboard: Keyboard) -> None:
    keyboard.down(A)
    keyboard.up(A)
    keyboard.down(A)
    keyboard.down(UP)
    keyboard.up(A)
    keyboard.up(UP)
    assert program.keys(6) == [
        ("A", 0, PRESS),
        ("A", 0, RELEASE),
        ("A", 0, PRESS),
        ("Up", 0, PRESS),
        ("A", 0, RELEASE),
        ("Up", 0, RELEASE),
    ]


@pytest.mark.parametrize("program", [RELEASES], indirect=True)
def test_the_key_let_go_is_the_one_pressed(program: Heard, keyboard: Keyboard, seen: Seen) -> None:
    keyboard.down(Physical(Key.Key_Exclam, 10, "!", 0x21), SHIFT)
    keyboard.up(Physical(Key.Key_1, 10, "1", 0x31))
    assert program.keys(2) == [("Exclam", 1, PRESS), ("1", 0, RELEASE)]
    assert {request.base for request in seen.of(KeyInput)} == {"1"}  # type: ignore[attr-defined]
    seen.clear()
    keyboard.down(Physical(Key.Key_5, 84, "5", 0xFFB5), Held.KeypadModifier)
    keyboard.up(Physical(Key.Key_Clear, 84, "", 0xFF9D), Held.KeypadModifier)
    assert program.keys(2) == [("5", 16, PRESS), ("5", 16, RELEASE)]


@pytest.mark.parametrize("program", [ALL], indirect=True)
def test_no_release_of_what_the_window_took(program: Heard, keyboard: Keyboard, view: TerminalView) -> None:
    view.shortcut_filter = lambda event: event.key() == Key.Key_A and bool(event.modifiers() & CONTROL)
    view.scroll_filter = lambda event: event.key() == Key.Key_PageUp
    keyboard.down(LEFT_CONTROL)
    keyboard.down(A, CONTROL)
    keyboard.up(A, CONTROL)
    keyboard.up(LEFT_CONTROL, CONTROL)
    page_up = Physical(Key.Key_PageUp, 112, "", 0xFF55)
    keyboard.down(page_up, SHIFT)
    keyboard.up(page_up, SHIFT)
    keyboard.up(UP)
    assert program.keys(2) == [("Control", 4, PRESS), ("Control", 0, RELEASE)]


@pytest.mark.parametrize("program", [ALL], indirect=True)
def test_what_is_held_is_let_go_with_the_focus(
    program: Heard, keyboard: Keyboard, view: TerminalView, seen: Seen
) -> None:
    keyboard.down(LEFT_SHIFT)
    keyboard.down(A, SHIFT)
    view.clearFocus()
    assert program.keys(4)[2:] == [("A", 0, RELEASE), ("Shift", 0, RELEASE)]
    assert seen[-1] == FocusInput(False)
    view.setFocus()
    keyboard.up(A, SHIFT)
    keyboard.up(LEFT_SHIFT, SHIFT)
    keyboard.down(UP)
    assert program.keys(5)[4] == ("Up", 0, PRESS)


@pytest.mark.parametrize("program", [0], indirect=True)
def test_no_release_of_a_modifier_pressed_before_it_was_asked_for(
    program: Heard, keyboard: Keyboard, view: TerminalView, maker: FrameMaker
) -> None:
    keyboard.down(LEFT_SHIFT)
    keyboard.down(A, SHIFT)
    view.apply_frame(maker.frame(["x"], modes=ALL))
    keyboard.up(A, SHIFT)
    keyboard.up(LEFT_SHIFT, SHIFT)
    keyboard.down(LEFT_SHIFT)
    keyboard.up(LEFT_SHIFT, SHIFT)
    assert program.keys(4) == [
        ("A", 1, PRESS),
        ("A", 1, RELEASE),
        ("Shift", 1, PRESS),
        ("Shift", 0, RELEASE),
    ]


@pytest.mark.parametrize("program", [ALL], indirect=True)
def test_a_new_program_does_not_hear_of_the_old_ones_keys(
    program: Heard, keyboard: Keyboard, view: TerminalView
) -> None:
    keyboard.down(A)
    view.set_live(False)
    view.set_live(True)
    keyboard.up(A)
    keyboard.down(UP)
    assert program.keys(2) == [("A", 0, PRESS), ("Up", 0, PRESS)]


@pytest.mark.parametrize(("modes", "expected"), [(0, RawInput("你".encode())), (ALL, KeyInput("", "你"))])
def test_committed_text_is_a_key_where_all_keys_are_escape_codes(
    view: TerminalView, seen: Seen, maker: FrameMaker, modes: int, expected: object
) -> None:
    view.apply_frame(maker.frame(["x"], modes=modes))
    seen.clear()
    event = QInputMethodEvent("", [])
    event.setCommitString("你")
    QApplication.sendEvent(view, event)
    assert seen == [expected]


@pytest.mark.parametrize(
    ("platform", "code", "symbol", "expected"),
    [
        ("linux", 38, 0x61, "a"),
        ("linux", 52, 0x79, "z"),
        ("linux", 11, 0x22, "2"),
        ("linux", 49, 0x60, "`"),
        ("linux", 51, 0x23, "\\"),
        ("linux", 65, 0x20, " "),
        ("linux", 94, 0x3C, ""),
        ("linux", 0, 0, ""),
        ("win32", 0x2C, 0x59, "z"),
        ("darwin", 1, 6, "z"),
        ("darwin", 1, 50, "`"),
        ("darwin", 1, 0, "a"),
        ("darwin", 0, 0, ""),
    ],
)
def test_where_a_us_keyboard_has_the_key(platform: str, code: int, symbol: int, expected: str) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Y, Held.NoModifier, code, symbol, 0, "y")
    found = key_input(event, platform)
    assert found is not None
    assert found.base == expected


@pytest.mark.parametrize(
    ("platform", "event", "expected"),
    [
        ("linux", LEFT_SHIFT.event(True), "Shift"),
        ("linux", RIGHT_SHIFT.event(True), "Shift_R"),
        ("linux", Physical(Key.Key_Meta, 134, "", 0xFFEC).event(True), "Meta_R"),
        ("linux", Physical(Key.Key_AltGr, 108, "", 0xFE03).event(True), "AltGr"),
        ("win32", Physical(Key.Key_Control, 0x11D, "", 0x11).event(True), "Control_R"),
        ("darwin", Physical(Key.Key_Meta, 0).event(True), "Control"),
        ("darwin", Physical(Key.Key_Control, 0).event(True), "Meta"),
    ],
)
def test_modifier_keys_by_their_labels_and_sides(platform: str, event: QKeyEvent, expected: str) -> None:
    found = key_input(event, platform)
    assert found is not None
    assert found.key == expected


def test_a_key_is_known_by_its_place_or_else_by_its_name() -> None:
    assert physical_key(A.event(True), "linux") == physical_key(A.event(False, SHIFT), "linux") == 38
    made = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Y, Held.NoModifier, "y")
    assert physical_key(made, "linux") == physical_key(made, "darwin") < 0
