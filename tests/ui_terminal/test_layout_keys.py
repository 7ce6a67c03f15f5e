"""Keys of seven layouts as Qt reports them in, what a real xterm sends for them out, at each level of modifyOtherKeys.

``record_keys`` has recorded both.
"""

import csv

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from podium.core.protocol.requests import KeyInput, Modifier
from podium.terminal import Emulator
from podium.ui.terminal.input.keyboard import key_input
from tests.ui_terminal.record_keys import LEVELS, TABLE

X11_ALT_GR = 0x80


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def pressed(row: dict[str, str]) -> KeyInput:
    held, text = Qt.KeyboardModifier(int(row["qt_held"])), bytes.fromhex(row["qt_text"]).decode()
    native = X11_ALT_GR if "AltGr" in row["held"] else 0
    event = QKeyEvent(
        QEvent.Type.KeyPress, int(row["qt_key"]), held, int(row["code"]), 0, native, text, False
    )
    found = key_input(event, "linux")
    assert found is not None
    return found


def expected(row: dict[str, str], level: int, key: KeyInput) -> bytes:
    sent = bytes.fromhex(row[f"level{level}"])
    if level == 1 and sent.startswith(b"\x1b[27;") and key.modifiers & Modifier.ALT:
        # Where Alt sends ESC, xterm leaves it out of such a sequence: nothing would say that it was held.
        first, _, code = sent.split(b";")
        return b"%b;%d;%b" % (first, 1 + key.modifiers, code)
    return sent


def test_the_table_is_whole() -> None:
    assert len(rows()) == 3821


@pytest.mark.parametrize("level", LEVELS)
def test_keys_send_what_xterm_sends(level: int) -> None:
    emulator = Emulator(80, 24)
    emulator.feed(b"\x1b[>4;%dm" % level)
    wrong = []
    for row in rows():
        key = pressed(row)
        sent = expected(row, level, key)
        if not sent and max(key.text, default="") > "ÿ":
            # Beyond Latin-1 xterm sends nothing at all for what it would modify.
            continue
        got = emulator.encode_key(key)
        if got != sent:
            wrong.append((row["layout"], row["code"], row["held"], sent, got))
    assert wrong == []
