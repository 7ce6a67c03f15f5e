"""Records what Qt and a real xterm make of the keys of several layouts: ``python -m tests.ui_terminal.record_keys``.

Needs Xvfb, xterm, setxkbmap and libXtst. A row is a physical key with modifiers on a layout: Qt's key, text and
modifiers, and xterm's bytes at each level of modifyOtherKeys. Inside the xterm this same file runs as the program
(``--inside``), and inside a window of Qt (``--qt``).
"""

import csv
import ctypes
import json
import os
import subprocess
import sys
import tempfile
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tests.e2e.display import virtual_display

TABLE: Final = Path(__file__).parent.parent / "terminal" / "data" / "layout_keys.tsv"
COLUMNS: Final = ("layout", "code", "held", "qt_key", "qt_text", "qt_held", "level0", "level1", "level2")
LAYOUTS: Final = ("us", "de", "fr", "es", "se", "ru", "ch")
LEVELS: Final = (0, 1, 2)
HELD: Final = {"Shift": 50, "Control": 37, "Alt": 64, "AltGr": 108}
COMBINATIONS: Final = (
    (), ("Shift",), ("Alt",), ("Control",), ("Shift", "Alt"), ("Shift", "Control"), ("Control", "Alt"),
    ("Shift", "Control", "Alt"), ("AltGr",), ("Shift", "AltGr"), ("Control", "AltGr"),
)  # fmt: skip
TYPING: Final = (*range(10, 22), *range(24, 36), *range(38, 50), *range(51, 62), 65, 94)
OTHERS: Final = {
    9: "Escape", 22: "Backspace", 23: "Tab", 36: "Return", 104: "keypad Enter", 118: "Insert", 119: "Delete",
    110: "Home", 115: "End", 112: "Page Up", 111: "Up", 67: "F1", 71: "F5", 63: "keypad *", 82: "keypad -",
    86: "keypad +", 106: "keypad /", 87: "keypad 1", 91: "keypad .",
}  # fmt: skip
"""The same on every layout."""
TITLE: Final = "Keys"
_MARK: Final = 96
"""F12, after each key: what came before it is the key's."""
_MARK_BYTES: Final = b"\x1b[24~"
_DEAD: Final = range(0x01001250, 0x010012A0)
"""Qt's keys that type nothing by themselves."""
_RESOURCES: Final = (
    "-xrm", "*metaSendsEscape: true", "-xrm", "*omitTranslation: fullscreen,paging,select,shift-fonts,scroll-lock",
)  # fmt: skip
"""The keys are the program's."""


Press = tuple[int, tuple[str, ...]]
"""A key's code with the modifiers that are held."""


class Keyboard:
    """The keys of an X display, by their codes."""

    def __init__(self, display: str) -> None:
        self._x11 = ctypes.CDLL("libX11.so.6")
        self._test = ctypes.CDLL("libXtst.so.6")
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._display = ctypes.c_void_p(self._x11.XOpenDisplay(display.encode()))

    def press(self, code: int, held: tuple[str, ...]) -> None:
        codes = [*(HELD[name] for name in held), code]
        for one in codes:
            self._test.XTestFakeKeyEvent(self._display, one, 1, ctypes.c_ulong(0))
        for one in reversed(codes):
            self._test.XTestFakeKeyEvent(self._display, one, 0, ctypes.c_ulong(0))
        self._x11.XFlush(self._display)


def keys(layout: str) -> Iterator[Press]:
    for code in (*TYPING, *(OTHERS if layout == LAYOUTS[0] else ())):
        for held in COMBINATIONS:
            yield code, held


def inside(level: int, written: Path) -> None:
    """Write down what the keyboard sends at a level of modifyOtherKeys."""
    tty.setraw(0)
    os.write(1, b"\x1b[>4;%dm" % level)
    with written.open("wb", buffering=0) as file:
        while data := os.read(0, 4096):
            file.write(data)


def inside_qt(written: Path) -> None:
    """Write down the presses that a widget gets."""
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication, QWidget

    from podium.ui.terminal.input.keyboard import MODIFIER_KEYS, key_input

    app = QApplication([])
    file = written.open("w")

    class Listener(QWidget):
        def keyPressEvent(self, event: QKeyEvent) -> None:
            request = key_input(event)
            if request is not None and request.key not in MODIFIER_KEYS:
                row = [event.nativeScanCode(), int(event.key()), event.text(), event.modifiers().value]
                file.write(json.dumps(row) + "\n")
                file.flush()

    listener = Listener()
    listener.setWindowTitle(TITLE)
    listener.resize(300, 200)
    listener.show()
    listener.setFocus()
    app.exec()


def pressed(
    display: str, presses: list[Press], argv: list[str], written: Path, done: Callable[[bytes, int], bool]
) -> bytes:
    """Press keys into the window that ``argv`` opens; what it wrote down."""
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(argv, env=environment)
    try:
        found: list[str] = []
        while not found or not written.exists():
            time.sleep(0.1)
            search = ["xdotool", "search", "--onlyvisible", "--name", TITLE]
            found = subprocess.run(search, env=environment, capture_output=True, text=True).stdout.split()
        subprocess.run(["xdotool", "windowfocus", "--sync", found[0]], env=environment, check=True)
        time.sleep(0.5)
        keyboard = Keyboard(display)
        for count, (code, held) in enumerate(presses, start=1):
            keyboard.press(code, held)
            keyboard.press(_MARK, ())
            end = time.monotonic() + 1
            while not done(written.read_bytes(), count):
                if time.monotonic() > end:
                    # A dead key took the mark with it.
                    keyboard.press(_MARK, ())
                    end += 1
                time.sleep(0.001)
        return written.read_bytes()
    finally:
        process.terminate()
        process.wait()


def record_layout(display: str, layout: str, folder: Path) -> Iterator[tuple[str, ...]]:
    subprocess.run(["setxkbmap", "-display", display, layout], check=True)
    module = [sys.executable, "-m", "tests.ui_terminal.record_keys"]
    file = folder / f"{layout}.qt"
    mark = f"[{_MARK}, ".encode()
    text = pressed(
        display, [*keys(layout)], [*module, "--qt", str(file)], file, lambda data, n: data.count(mark) == n
    )
    heard: dict[Press, list[str]] = {}
    for press, part in zip(keys(layout), text.split(mark)[:-1], strict=True):
        lines = [line for line in part.decode().splitlines() if line.startswith(f"[{press[0]}, ")]
        if lines:
            _, key, typed, held = json.loads(lines[-1])
            if key not in _DEAD:
                heard[press] = [str(key), typed.encode().hex(), str(held)]
    levels = []
    for level in LEVELS:
        file = folder / f"{layout}.{level}"
        argv = ["xterm", "-T", TITLE, "-u8", *_RESOURCES, "-e", *module, "--inside", str(level), str(file)]
        data = pressed(display, [*heard], argv, file, lambda data, n: data.count(_MARK_BYTES) == n)
        levels.append(data.split(_MARK_BYTES)[:-1])
    for (press, qt), *sent in zip(heard.items(), *levels, strict=True):
        yield layout, str(press[0]), "+".join(press[1]), *qt, *(one.hex() for one in sent)


def main() -> None:
    with tempfile.TemporaryDirectory() as name, virtual_display("800x600x24") as display:
        rows = [row for layout in LAYOUTS for row in record_layout(display, layout, Path(name))]
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--inside", level, path]:
            inside(int(level), Path(path))
        case ["--qt", path]:
            inside_qt(Path(path))
        case _:
            main()
