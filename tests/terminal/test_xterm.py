"""What a real xterm showed for our cases (recorded), we show."""

import json
import re
import unicodedata
from pathlib import Path

import msgspec
import pytest

from podium.terminal import Cell, Emulator
from tests.terminal.helpers import emulator
from tests.terminal.xterm_cases import CASES, COLUMNS, LINES
from tests.terminal.xterm_resizes import RESIZES

RECORDING = json.loads((Path(__file__).parent / "data" / "xterm.json").read_text())

DELIBERATE: dict[str, str] = {
    "overlong": "one U+FFFD for each maximal part, as Unicode recommends; xterm shows one for the whole",
    "c1 in utf8": "U+FFFD shows that something was there; xterm drops it (neither executes it)",
    "decxcpr": "no page, as a VT220: that is what DA1 and DA2 say; it was recorded from a VT420",
    "wider": "what waits to wrap goes on in the new columns (as in xterm.js); xterm overwrites the last character",
    **dict.fromkeys(
        ("bce il", "bce dl", "bce il empty", "bce dl one step"),
        "inserted lines take the pen's background, as terminfo's bce says; xterm's print-out shows none",
    ),
}
"""Case → why we differ."""

ANYWHERE = frozenset(
    {"reverse wrap hard line", "reverse wrap top", "reverse wrap far", "reverse wrap region"}
)
"""Cases in which mode 45 of the recorded xterm, 379, is what mode 1045 of today's is."""


def printed_cells(text: str, columns: int = COLUMNS, lines: int = LINES) -> list[list[Cell]]:
    """xterm's print-out as cells: every line is text with SGR; blanks at the end are left out."""
    rows = []
    for line in [*text.split("\r\n"), *[""] * lines][:lines]:
        # ESC # 5 (single width) opens lines, U+FFFF stands for right halves.
        text = unicodedata.normalize("NFC", line.replace("\x1b#5", "").replace("\uffff", ""))
        paper = emulator(columns, 1, text.encode())
        rows.append([paper.cell(x, 0) for x in range(columns)])
    return rows


def composed(cell: Cell) -> Cell:
    """xterm keeps e and its accent as one character."""
    return msgspec.structs.replace(cell, char=unicodedata.normalize("NFC", cell.char))


def cursor_report(made: Emulator) -> list[int]:
    made.feed(b"\x1b[6n")
    match = re.fullmatch(r"\x1b\[(\d+);(\d+)R", made.take_replies().decode())
    assert match is not None
    return [int(match[2]), int(match[1])]


@pytest.mark.parametrize("name", [name for name in CASES if name not in DELIBERATE])
def test_as_xterm(name: str) -> None:
    recorded = RECORDING[name]
    data = CASES[name].replace(b"\x1b[?45h", b"\x1b[?1045h") if name in ANYWHERE else CASES[name]
    ours = emulator(COLUMNS, LINES, data)
    expected = printed_cells(recorded["printed"])
    shown = [[composed(ours.cell(x, y)) for x in range(COLUMNS)] for y in range(LINES)]
    assert ["".join(cell.char for cell in row) for row in shown] == [
        "".join(cell.char for cell in row) for row in expected
    ]
    assert shown == expected
    assert ours.take_replies().decode("latin-1") == recorded["replies"]
    assert cursor_report(ours) == recorded["cursor"]


@pytest.mark.parametrize("name", [name for name in RESIZES if name not in DELIBERATE])
def test_sizes_as_xterm(name: str) -> None:
    recorded = RECORDING[name]
    ours = emulator(COLUMNS, LINES)
    for step in RESIZES[name]:
        if isinstance(step, bytes):
            ours.feed(step)
        else:
            ours.resize(*step)
    expected = printed_cells(recorded["printed"], ours.columns, ours.lines)
    assert ours.display == ["".join(cell.char for cell in row) for row in expected]
    assert cursor_report(ours) == recorded["cursor"]


def test_every_case_is_recorded() -> None:
    assert set(RECORDING) == {*CASES, *RESIZES}
