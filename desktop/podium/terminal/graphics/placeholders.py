"""Placeholder characters (U+10EEEE): cells that show a part of an image, and move and go like any text.

The text's colour is the image's id, the underline's that of the placement; marks on the character are the row, the
column and the id's uppermost byte. What is left out goes on from the cell before.
"""

from typing import Final

from podium.core.protocol.frames import RGB_FLAG, Attributes
from podium.terminal.images.placement import Strip, Strips
from podium.terminal.images.store import ImageStore
from podium.terminal.screen.row import BLANK

PLACEHOLDER: Final = "\U0010eeee"
_MARKS: Final = (
    "0305 030D-030E 0310 0312 033D-033F 0346 034A-034C 0350-0352 0357 035B 0363-036F 0483-0487 0592-0595 0597-0599 "
    "059C-05A1 05A8-05A9 05AB-05AC 05AF 05C4 0610-0617 0657-065B 065D-065E 06D6-06DC 06DF-06E2 06E4 06E7-06E8 "
    "06EB-06EC 0730 0732-0733 0735-0736 073A 073D 073F-0741 0743 0745 0747 0749-074A 07EB-07F1 07F3 0816-0819 "
    "081B-0823 0825-0827 0829-082D 0951 0953-0954 0F82-0F83 0F86-0F87 135D-135F 17DD 193A 1A17 1A75-1A7C 1B6B "
    "1B6D-1B73 1CD0-1CD2 1CDA-1CDB 1CE0 1DC0-1DC1 1DC3-1DC9 1DCB-1DCC 1DD1-1DE6 1DFE 20D0-20D1 20D4-20D7 20DB-20DC "
    "20E1 20E7 20E9 20F0 2CEF-2CF1 2DE0-2DFF A66F A67C-A67D A6F0-A6F1 A8E0-A8F1 AAB0 AAB2-AAB3 AAB7-AAB8 AABE-AABF "
    "AAC1 FE20-FE26 10A0F 10A38 1D185-1D189 1D1AA-1D1AD 1D242-1D244"
)
"""The marks that stand for 0 to 296, in order: marks above a character that Unicode 6.0 composes nowhere."""


def _mark_values() -> dict[str, int]:
    values: dict[str, int] = {}
    for part in _MARKS.split(" "):
        first, _, last = part.partition("-")
        for code in range(int(first, 16), int(last or first, 16) + 1):
            values[chr(code)] = len(values)
    return values


_VALUES: Final = _mark_values()


def has_placeholders(text: str) -> bool:
    """Whether any column of a row may show a part of an image."""
    return not text.isascii() and PLACEHOLDER in text


def without_placeholders(text: str, clusters: dict[int, str] | None) -> tuple[str, dict[int, str]]:
    """A row's text and clusters with blanks in their places."""
    left = {x: cluster for x, cluster in (clusters or {}).items() if not cluster.startswith(PLACEHOLDER)}
    return text.replace(PLACEHOLDER, BLANK), left


class _Cell:
    """What one placeholder shows."""

    def __init__(self, attributes: Attributes, row: int, column: int, high: int) -> None:
        self.attributes = attributes
        self.row = row
        self.column = column
        self.high = high


def placeholder_strips(
    store: ImageStore, text: str, clusters: dict[int, str] | None, styles: list[Attributes]
) -> Strips:
    """What the placeholders of a row show; ``styles`` has the attributes of each column."""
    strips: list[Strip] = []
    before: _Cell | None = None
    x = -1
    while (at := text.find(PLACEHOLDER, x + 1)) >= 0:
        if at != x + 1:
            before = None
        x = at
        marks = clusters.get(x, "")[1:] if clusters is not None else ""
        before = _cell([_VALUES.get(mark, -1) for mark in marks[:3]], styles[x], before)
        high = before.high << 24
        placement = store.virtual_placement(
            high | _number(before.attributes.foreground), _number(before.attributes.underline_color)
        )
        if placement is None or not placement.visible:
            continue
        last = strips[-1] if strips else None
        column = x - before.column
        if (
            last is not None
            and (last.placement is placement and last.row == before.row)
            and last.column == column
            and last.stop == x
        ):
            strips[-1] = last.within(last.start, x + 1)
        else:
            strips.append(Strip(placement, before.row, column, x, x + 1))
    return tuple(strips)


def _cell(values: list[int], attributes: Attributes, before: _Cell | None) -> _Cell:
    row = values[0] if values else -1
    column = values[1] if len(values) > 1 else -1
    high = values[2] if len(values) > 2 else -1
    same = (
        before is not None
        and before.attributes.foreground == attributes.foreground
        and before.attributes.underline_color == attributes.underline_color
    )
    if same and before is not None:
        goes_on = (row < 0 or row == before.row) and (column < 0 or column == before.column + 1)
        if goes_on and (high < 0 or column < 0):
            return _Cell(attributes, before.row, before.column + 1, before.high if high < 0 else high)
    return _Cell(attributes, max(row, 0), max(column, 0), max(high, 0))


def _number(color: int) -> int:
    """The number that a colour stands for; 0 for the default."""
    return color & (RGB_FLAG - 1) if color >= 0 else 0
