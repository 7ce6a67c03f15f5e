"""A program that asks for the kitty keyboard protocol, in a real window with a real X keyboard."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.display import RealWindow, virtual_display

pytestmark = [pytest.mark.e2e, pytest.mark.window]

LISTENER = """
import os, sys, tty
tty.setraw(0)
os.write(1, b"\\x1b[>" + sys.argv[1].encode() + b"u\\x1b[?u")
with open(sys.argv[2], "wb", buffering=0) as heard:
    while True:
        data = os.read(0, 1000)
        heard.write(data.replace(b"\\x1b[", b" ^"))
        os.write(1, repr(data).encode() + b"\\r\\n")
"""


class Listener:
    """Podium with a program that writes down the keys it hears of."""

    def __init__(self, display: str, home: Path, flags: int) -> None:
        self._heard = home / "heard"
        script = home / "listener.py"
        script.write_text(LISTENER)
        command = (sys.executable, str(script), str(flags), str(self._heard))
        self.window = RealWindow(display, home, "run", "--name", "keys", "--", *command)
        self.window.wait_title("keys — Running")
        self.window.wait(lambda: f"?{flags}u" in self._text)
        # The program was answered by its worker; the window only knows with the next frame what is asked of it, and
        # would not tell of a release before.
        self.window.wait(self._is_told_of_modifiers)
        self._read = len(self._text)

    def _is_told_of_modifiers(self) -> bool:
        start = len(self._text)
        self.press("key", "Shift_L", "key", "b")
        self.window.wait(lambda: "98u" in self._text[start:])
        told = "57441;2u" in self._text[start:]
        if told:
            self.window.wait(lambda: self._text.endswith("98;1:3u"))
        return told

    @property
    def _text(self) -> str:
        return self._heard.read_text() if self._heard.exists() else ""

    def press(self, *actions: str) -> None:
        self.window.xdotool(*actions)

    def hears(self, *expected: str) -> None:
        wanted = "".join(f" ^{sequence}" for sequence in expected)
        self.window.wait(lambda: len(self._text) >= self._read + len(wanted))
        found, self._read = self._text[self._read :], len(self._text)
        assert found == wanted

    def hears_repeats(self, press: str, repeat: str, release: str) -> None:
        self.window.wait(lambda: self._text.endswith(release))
        found, self._read = self._text[self._read :].split(), len(self._text)
        assert found[0] == f"^{press}"
        assert found[-1] == f"^{release}"
        assert len(found) > 3
        assert set(found[1:-1]) == {f"^{repeat}"}


@pytest.fixture
def display() -> Iterator[str]:
    # A busy machine may take long between a press and its release: that must not be a repeat.
    with virtual_display("1500x950x24", "-ardelay", "2000") as name:
        yield name


def test_a_program_hears_of_every_key(display: str, tmp_path: Path) -> None:
    listener = Listener(display, tmp_path, 15)
    try:
        listener.press("keydown", "a", "keyup", "a")
        listener.hears("97u", "97;1:3u")
        listener.press("keydown", "Shift_L", "keydown", "Shift_R", "keyup", "Shift_L", "keyup", "Shift_R")
        listener.hears("57441;2u", "57447;2u", "57441;2:3u", "57447;1:3u")
        listener.press("keydown", "Control_L", "keydown", "a", "keyup", "a", "keyup", "Control_L")
        listener.hears("57442;5u", "97;5u", "97;5:3u", "57442;1:3u")
        listener.press("keydown", "Shift_L", "keydown", "1", "keyup", "Shift_L", "keyup", "1")
        listener.hears("57441;2u", "49:33;2u", "57441;1:3u", "49;1:3u")
        listener.press("keydown", "Up", "sleep", "2.5", "keyup", "Up")
        listener.hears_repeats("A", "1;1:2A", "1;1:3A")
        listener.press("key", "Caps_Lock", "key", "F5", "key", "Caps_Lock")
        listener.hears(
            "57358;65u", "57358;65:3u", "15;65~", "15;65:3~", "57358;65u", "57358;1:3u",
        )  # fmt: skip
        # A shortcut of the window is nobody else's; that Control was held is told.
        listener.press("keydown", "Control_L", "keydown", "0", "keyup", "0", "keyup", "Control_L")
        listener.hears("57442;5u", "57442;1:3u")
    finally:
        listener.window.close()
    assert listener.window.log == ""


def test_another_layout(display: str, tmp_path: Path) -> None:
    subprocess.run(["setxkbmap", "-display", display, "de"], check=True)
    listener = Listener(display, tmp_path, 31)
    try:
        listener.press("key", "y")
        listener.hears("121::122;;121u", "121::122;1:3u")
        listener.press("keydown", "Control_L", "keydown", "y", "keyup", "y", "keyup", "Control_L")
        listener.hears("57442;5u", "121::122;5u", "121::122;5:3u", "57442;1:3u")
        listener.press("key", "udiaeresis")
        listener.hears("252::91;;252u", "252::91;1:3u")
        # Two keys make one character; neither is heard of by itself.
        listener.press("key", "dead_acute", "key", "e", "key", "F1")
        listener.hears("0;;233u", "P", "1;1:3P")
    finally:
        listener.window.close()
    assert listener.window.log == ""
