"""Keys of seven layouts in, the window's shortcuts out. Keys as Qt reports them were recorded (``record_keys``)."""

import csv

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from podium.core.commands import COMMANDS, CommandId
from podium.core.protocol.requests import KeyInput
from podium.ui.terminal.input.shortcut_keys import pressed_names, shortcut_names
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow, terminal_of
from tests.ui_terminal.record_keys import TABLE

X11_ALT_GR = 0x80
BOUND = {
    name: (row.id, number)
    for row in COMMANDS
    for number, key in enumerate(row.keys, start=1)
    if not row.keys_of_terminal
    for name in shortcut_names(key)
}
LAYOUTS = ("us", "de", "fr", "es", "se", "ru", "ch")
CONTROL, SHIFT = "Control", "Shift+Control"
DIGITS = range(10, 19)
"""The keys 1 to 9 of the upper row."""


def events(layout: str) -> dict[tuple[int, str], QKeyEvent]:
    """The presses of a layout, by the key's X11 code and what is held."""
    found = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["layout"] == layout:
                held, text = Qt.KeyboardModifier(int(row["qt_held"])), bytes.fromhex(row["qt_text"]).decode()
                code, key = int(row["code"]), int(row["qt_key"])
                native = X11_ALT_GR if "AltGr" in row["held"] and layout != "us" else 0
                found[code, row["held"]] = QKeyEvent(
                    QEvent.Type.KeyPress, key, held, code, 0, native, text, False
                )
    return found


def command(event: QKeyEvent) -> tuple[CommandId, int] | None:
    return next((BOUND[name] for name in pressed_names(event, "linux") if name in BOUND), None)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_upper_row_switches_instances_on_every_layout(layout: str) -> None:
    pressed = events(layout)
    for number, code in enumerate(DIGITS, start=1):
        if layout == "fr" and number == 6:
            continue
        assert command(pressed[code, CONTROL]) == (CommandId.SWITCH, number)


def test_french_digits_are_there_with_shift_too_and_a_minus_is_a_minus() -> None:
    pressed = events("fr")
    for number, code in enumerate(DIGITS, start=1):
        assert command(pressed[code, SHIFT]) == (CommandId.SWITCH, number)
    assert command(pressed[15, CONTROL]) == (CommandId.FONT_SMALLER, 1), "the key 6 gives a minus"
    assert command(pressed[19, CONTROL]) == (CommandId.FONT_RESET, 1), "the key 0 gives an à"


@pytest.mark.parametrize(
    ("layout", "code", "held"),
    [
        ("us", 61, CONTROL),
        ("de", 16, SHIFT),
        ("de", 61, SHIFT),
        ("es", 16, SHIFT),
        ("se", 16, SHIFT),
        ("ch", 16, SHIFT),
        ("fr", 60, SHIFT),
        ("ru", 51, SHIFT),
    ],
)
def test_a_slash_or_underscore_with_control_is_the_programs(layout: str, code: int, held: str) -> None:
    assert command(events(layout)[code, held]) is None


@pytest.mark.parametrize(
    ("layout", "code"),
    [("us", 61), ("de", 20), ("fr", 58), ("es", 20), ("se", 20), ("ch", 20), ("ru", 16)],
)
def test_a_question_mark_with_control_is_the_overview(layout: str, code: int) -> None:
    assert command(events(layout)[code, SHIFT]) == (CommandId.SHOW_SHORTCUTS, 1)


@pytest.mark.parametrize(
    ("layout", "code", "held"),
    [
        ("us", 21, CONTROL),
        ("us", 21, SHIFT),
        ("de", 35, CONTROL),
        ("de", 19, SHIFT),
        ("es", 35, CONTROL),
        ("se", 20, CONTROL),
        ("fr", 21, SHIFT),
    ],
)
def test_plus_and_equals_make_text_larger_where_they_are(layout: str, code: int, held: str) -> None:
    found = command(events(layout)[code, held])
    assert found is not None
    assert found[0] is CommandId.FONT_LARGER


@pytest.mark.parametrize("layout", LAYOUTS)
def test_letters_are_where_the_layout_has_them(layout: str) -> None:
    """On a Cyrillic layout they are where a US keyboard has them."""
    pressed, us = events(layout), events("us")
    bound = {
        key[-1]: row.id
        for row in COMMANDS
        for key in row.keys
        if key[:-1] == "Ctrl+Shift+" and key[-1].isalpha()
    }
    assert len(bound) > 10
    for letter, expected in bound.items():
        shown = us if layout == "ru" else pressed
        place = next(
            place for place, event in shown.items() if place[1] == SHIFT and event.key() == ord(letter)
        )
        assert command(pressed[place]) == (expected, 1), letter


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_is_bound_with_alt_gr(layout: str) -> None:
    held_with = [(key, event) for key, event in events(layout).items() if "AltGr" in key[1]]
    assert len(held_with) > 50
    assert [key for key, event in held_with if command(event) is not None] == []


def test_alt_gr_on_windows_is_control_and_alt() -> None:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    typed = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Plus, both, 3, 0, 0, "+", False)
    assert pressed_names(typed, "win32") == ()


def test_a_french_2_switches_and_a_french_9_without_instance_reaches_the_program(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    ids = [workspace.add(name, state=InstanceState.RUNNING) for name in "ab"]
    window = make_window()
    pressed = events("fr")
    QApplication.sendEvent(terminal_of(window, ids[0]), pressed[11, CONTROL])
    assert workspace.arrangement.current == ids[1]
    QApplication.sendEvent(terminal_of(window, ids[1]), pressed[18, CONTROL])
    assert [request.text for _, request in workspace.sent if isinstance(request, KeyInput)] == ["ç"]


def test_a_french_2_switches_from_the_sidebar_too(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    ids = [workspace.add(name) for name in "ab"]
    window = make_window()
    window.sidebar.filter.setFocus()
    press = events("fr")[11, CONTROL]
    QApplication.sendEvent(window.sidebar.filter, press)
    assert workspace.arrangement.current == ids[1]
    assert window.sidebar.filter.text() == ""
