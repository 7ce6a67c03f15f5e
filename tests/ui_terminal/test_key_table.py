"""Every row of the key table, from Qt's event through the view to the bytes the program gets."""

import csv

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from podium.core.protocol.requests import KeyInput
from podium.terminal import Emulator
from podium.ui.terminal import TerminalView
from tests.terminal.key_table import SETUP, TABLE
from tests.ui_terminal.view_frames import Seen

HELD = {
    "None": Qt.KeyboardModifier.NoModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
    "Control": Qt.KeyboardModifier.ControlModifier,
    "Meta": Qt.KeyboardModifier.MetaModifier,
}


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def key_event(row: dict[str, str]) -> QKeyEvent:
    """The event as X11 makes it: with the character, or the control character, that the layout types."""
    name = row["qt_key"].split()[0]
    held = Qt.KeyboardModifier.NoModifier
    for modifier in row["modifiers"].split("+"):
        held |= HELD[modifier]
    sent = bytes.fromhex(row["hex"])
    last = sent[-1:].decode("latin-1")
    keypad = "KeypadModifier" in row["qt_key"]
    text = ""
    if keypad:
        held |= Qt.KeyboardModifier.KeypadModifier
    if len(sent) == 1 or (len(sent) == 2 and sent[0] == 0x1B and "Alt" in row["modifiers"]):
        text = last
    return QKeyEvent(QEvent.Type.KeyPress, Qt.Key[name].value, held, text)


def test_every_row_of_the_key_table_with_bindings_cleared(view: TerminalView, seen: Seen) -> None:
    assert view.shortcut_filter is None
    wrong = []
    for row in rows():
        seen.clear()
        QApplication.sendEvent(view, key_event(row))
        emulator = Emulator(80, 24)
        emulator.feed(SETUP[row["mode"]])
        sent = b"".join(emulator.encode_key(request) for request in seen.of(KeyInput))  # type: ignore[arg-type]
        if sent != bytes.fromhex(row["hex"]):
            wrong.append((row["qt_key"], row["modifiers"], row["mode"], bytes.fromhex(row["hex"]), sent))
    assert wrong == []
