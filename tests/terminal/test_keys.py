"""The keyboard, the mouse, focus and paste: what each sends in which mode."""

import csv

import pytest

from podium.core.protocol.requests import KeyAction, KeyInput, Modifier, MouseAction, MouseButton, MouseInput
from podium.terminal import Emulator
from tests.terminal.key_table import SETUP, TABLE

MODIFIERS = {"Shift": Modifier.SHIFT, "Alt": Modifier.ALT, "Control": Modifier.CONTROL, "Meta": Modifier.META}
US = {
    "Space": " ", "At": "@", "BracketLeft": "[", "Backslash": "\\", "BracketRight": "]", "AsciiCircum": "^",
    "Underscore": "_", "Question": "?", "Slash": "/", "Minus": "-", "QuoteLeft": "`", "Plus": "+", "Asterisk": "*",
}  # fmt: skip


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def modifier_flags(row: dict[str, str]) -> int:
    flags = 0
    if row["modifiers"] != "None":
        for name in row["modifiers"].split("+"):
            flags |= MODIFIERS[name]
    if "KeypadModifier" in row["qt_key"]:
        flags |= Modifier.KEYPAD
    return int(flags)


def test_the_table_is_whole() -> None:
    assert len(rows()) == 515


@pytest.mark.parametrize("text_as", ["typed", "none", "control"])
def test_every_row_of_the_key_table(text_as: str) -> None:
    wrong = []
    for row in rows():
        emulator = Emulator(80, 24)
        emulator.feed(SETUP[row["mode"]])
        key = row["qt_key"].split()[0].removeprefix("Key_")
        flags = modifier_flags(row)
        expected = bytes.fromhex(row["hex"])
        text = ""
        if text_as == "typed":
            # What a US layout types: the character itself, also where Control turns it into a control.
            base = US.get(key, key.lower() if len(key) == 1 else "")
            last = expected[-1:].decode("latin-1")
            text = last if flags & Modifier.SHIFT and last.isprintable() and base else base
        elif text_as == "control" and flags & Modifier.CONTROL and len(expected) <= 2 and expected[-1] < 0x20:
            # X11 gives the control character itself.
            text = expected[-1:].decode("latin-1")
        got = emulator.encode_key(KeyInput(key, text, flags))
        if got != expected:
            wrong.append((row["qt_key"], row["modifiers"], row["mode"], expected, got))
    assert wrong == []


def press(
    emulator: Emulator, key: str, text: str = "", modifiers: int = 0, action: int = KeyAction.PRESS
) -> bytes:
    return emulator.encode_key(KeyInput(key, text, int(modifiers), int(action)))


def test_text_of_the_layout_is_sent_as_utf8() -> None:
    assert press(Emulator(80, 24), "Adiaeresis", "ä") == "ä".encode()
    assert press(Emulator(80, 24), "Adiaeresis", "ä", Modifier.ALT) == b"\x1b" + "ä".encode()


def test_keys_that_type_nothing_send_nothing() -> None:
    assert press(Emulator(80, 24), "Shift") == b""
    assert press(Emulator(80, 24), "A", "a", 0, KeyAction.RELEASE) == b""


def mouse(emulator: Emulator, action: int, button: int, x: int = 4, y: int = 2, modifiers: int = 0) -> bytes:
    return emulator.encode_mouse(MouseInput(int(action), int(button), x, y, int(modifiers)))


def test_mouse_is_silent_until_asked_for() -> None:
    assert mouse(Emulator(80, 24), MouseAction.PRESS, MouseButton.LEFT) == b""


@pytest.mark.parametrize(
    ("modes", "action", "button", "modifiers", "expected"),
    [
        (b"\x1b[?1000h", MouseAction.PRESS, MouseButton.LEFT, 0, b"\x1b[M %#"),
        (b"\x1b[?1000h", MouseAction.RELEASE, MouseButton.LEFT, 0, b"\x1b[M#%#"),
        (b"\x1b[?1000h", MouseAction.MOVE, MouseButton.LEFT, 0, b""),
        (b"\x1b[?9h", MouseAction.PRESS, MouseButton.RIGHT, Modifier.SHIFT, b'\x1b[M"%#'),
        (b"\x1b[?9h", MouseAction.RELEASE, MouseButton.RIGHT, 0, b""),
        (b"\x1b[?1000;1006h", MouseAction.PRESS, MouseButton.LEFT, 0, b"\x1b[<0;5;3M"),
        (b"\x1b[?1000;1006h", MouseAction.RELEASE, MouseButton.RIGHT, 0, b"\x1b[<2;5;3m"),
        (b"\x1b[?1002;1006h", MouseAction.MOVE, MouseButton.LEFT, 0, b"\x1b[<32;5;3M"),
        (b"\x1b[?1002;1006h", MouseAction.MOVE, MouseButton.NONE, 0, b""),
        (b"\x1b[?1003;1006h", MouseAction.MOVE, MouseButton.NONE, 0, b"\x1b[<35;5;3M"),
        (b"\x1b[?1000;1006h", MouseAction.WHEEL, MouseButton.WHEEL_UP, 0, b"\x1b[<64;5;3M"),
        (b"\x1b[?1000;1006h", MouseAction.WHEEL, MouseButton.WHEEL_DOWN, Modifier.CONTROL, b"\x1b[<81;5;3M"),
        (b"\x1b[?1000;1015h", MouseAction.PRESS, MouseButton.MIDDLE, 0, b"\x1b[33;5;3M"),
        (b"\x1b[?1000;1006h\x1b[?1000l", MouseAction.PRESS, MouseButton.LEFT, 0, b""),
        (b"\x1b[?9h", MouseAction.PRESS, MouseButton.BACK, 0, b""),
        (b"\x1b[?1000h", MouseAction.PRESS, MouseButton.BACK, 0, b"\x1b[M\xa0%#"),
        (b"\x1b[?1000h", MouseAction.RELEASE, MouseButton.BACK, 0, b"\x1b[M#%#"),
        (b"\x1b[?1000h", MouseAction.PRESS, MouseButton.FORWARD, Modifier.CONTROL, b"\x1b[M\xb1%#"),
        (b"\x1b[?1000h", MouseAction.RELEASE, MouseButton.FORWARD, Modifier.CONTROL, b"\x1b[M3%#"),
        (b"\x1b[?1000;1005h", MouseAction.PRESS, MouseButton.EXTRA_10, 0, b"\x1b[M\xc2\xa2%#"),
        (b"\x1b[?1002;1005h", MouseAction.MOVE, MouseButton.BACK, 0, b"\x1b[M\xc3\x80%#"),
        (b"\x1b[?1000;1006h", MouseAction.PRESS, MouseButton.FORWARD, 0, b"\x1b[<129;5;3M"),
        (b"\x1b[?1000;1006h", MouseAction.RELEASE, MouseButton.EXTRA_11, 0, b"\x1b[<131;5;3m"),
        (b"\x1b[?1002;1006h", MouseAction.MOVE, MouseButton.BACK, 0, b"\x1b[<160;5;3M"),
        (b"\x1b[?1000;1015h", MouseAction.PRESS, MouseButton.FORWARD, Modifier.CONTROL, b"\x1b[177;5;3M"),
        (b"\x1b[?1000;1015h", MouseAction.RELEASE, MouseButton.FORWARD, Modifier.CONTROL, b"\x1b[51;5;3M"),
    ],
)
def test_mouse_reports(modes: bytes, action: int, button: int, modifiers: int, expected: bytes) -> None:
    emulator = Emulator(80, 24)
    emulator.feed(modes)
    assert mouse(emulator, action, button, modifiers=modifiers) == expected


def test_mouse_positions_are_clamped_and_the_byte_form_has_an_end() -> None:
    emulator = Emulator(300, 24)
    emulator.feed(b"\x1b[?1000h")
    assert mouse(emulator, MouseAction.PRESS, MouseButton.LEFT, x=250) == b""
    emulator.feed(b"\x1b[?1006h")
    assert mouse(emulator, MouseAction.PRESS, MouseButton.LEFT, x=9999, y=-5) == b"\x1b[<0;300;1M"


def test_mouse_reports_in_pixels() -> None:
    emulator = Emulator(80, 24)
    emulator.feed(b"\x1b[?1003;1016h")
    here = MouseInput(MouseAction.PRESS, MouseButton.LEFT, 4, 2, 0, 35, 40)
    assert emulator.encode_mouse(here) == b"\x1b[<0;36;41M"
    assert (
        emulator.encode_mouse(MouseInput(MouseAction.RELEASE, MouseButton.LEFT, 0, 0, 0, 0, 0))
        == b"\x1b[<0;1;1m"
    )
    assert emulator.encode_mouse(MouseInput(MouseAction.MOVE, MouseButton.NONE, 4, 2, 4, 36, 40)) == (
        b"\x1b[<51;37;41M"
    )
    emulator.set_cell_size(8, 18)
    emulator.feed(b"\x1bc\x1b[?1000;1016h")
    assert mouse(emulator, MouseAction.PRESS, MouseButton.LEFT) == b"\x1b[<0;37;46M", "the middle of its cell"
    beyond = MouseInput(MouseAction.PRESS, MouseButton.LEFT, 79, 23, 0, 9999, 9999)
    assert emulator.encode_mouse(beyond) == b"\x1b[<0;640;432M"


def test_the_last_mouse_encoding_set_is_the_one_in_force() -> None:
    emulator = Emulator(80, 24)
    here = MouseInput(MouseAction.PRESS, MouseButton.LEFT, 4, 2, 0, 35, 40)
    for sequence, sent, answers in [
        (b"\x1b[?1000;1006;1016h", b"\x1b[<0;36;41M", (2, 1)),
        (b"\x1b[?1006h", b"\x1b[<0;5;3M", (1, 2)),
        (b"\x1b[?1016h\x1b[?1016l", b"\x1b[M %#", (2, 2)),
        (b"\x1b[?1016h\x1b[?1015h", b"\x1b[32;5;3M", (2, 2)),
    ]:
        emulator.feed(sequence + b"\x1b[?1006$p\x1b[?1016$p")
        assert emulator.encode_mouse(here) == sent
        assert emulator.take_replies() == b"\x1b[?1006;%d$y\x1b[?1016;%d$y" % answers


def test_the_wheel_is_arrow_keys_on_the_alternate_screen() -> None:
    emulator = Emulator(80, 24)
    assert mouse(emulator, MouseAction.WHEEL, MouseButton.WHEEL_UP) == b""
    emulator.feed(b"\x1b[?1049h")
    assert mouse(emulator, MouseAction.WHEEL, MouseButton.WHEEL_UP) == b"\x1b[A" * 3
    emulator.feed(b"\x1b[?1h")
    assert mouse(emulator, MouseAction.WHEEL, MouseButton.WHEEL_DOWN) == b"\x1bOB" * 3
    emulator.feed(b"\x1b[?1007l")
    assert mouse(emulator, MouseAction.WHEEL, MouseButton.WHEEL_UP) == b""


def test_focus_events_only_when_asked_for() -> None:
    emulator = Emulator(80, 24)
    assert emulator.encode_focus(True) == b""
    emulator.feed(b"\x1b[?1004h")
    assert emulator.encode_focus(True) + emulator.encode_focus(False) == b"\x1b[I\x1b[O"


@pytest.mark.fault(39)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\tb", b"a\tb"),
        ("one\ntwo\r\nthree", b"one\rtwo\rthree"),
        ("x\x1b[201~rm -rf", b"xrm -rf"),
        ("x\x1b[2\x1b[201~01~y", b"xy"),
        ("a\x03\x00\x7f\x9b\u202eb", b"ab"),
        ("é日", "é日".encode()),
    ],
)
def test_paste_holds_no_controls(text: str, expected: bytes) -> None:
    emulator = Emulator(80, 24)
    assert emulator.encode_paste(text) == expected
    emulator.feed(b"\x1b[?2004h")
    assert emulator.encode_paste(text) == b"\x1b[200~" + expected + b"\x1b[201~"
