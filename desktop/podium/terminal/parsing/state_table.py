"""The parser's states, its actions, and the table between them, in the style of the VT500's."""

from typing import Final

GROUND: Final = 0
ESCAPE: Final = 1
ESCAPE_INTERMEDIATE: Final = 2
CSI_ENTRY: Final = 3
CSI_PARAM: Final = 4
CSI_INTERMEDIATE: Final = 5
CSI_IGNORE: Final = 6
DCS_ENTRY: Final = 7
DCS_PARAM: Final = 8
DCS_INTERMEDIATE: Final = 9
DCS_IGNORE: Final = 10
DCS_STRING: Final = 11
OSC_STRING: Final = 12
IGNORED_STRING: Final = 13
APC_STRING: Final = 14
STATES: Final = 15

NOTHING: Final = 0
EXECUTE: Final = 1
CLEAR: Final = 2
COLLECT: Final = 3
PARAM: Final = 4
DISPATCH_ESCAPE: Final = 5
DISPATCH_CSI: Final = 6
START_DCS: Final = 7
START_STRING: Final = 8

CLASSES: Final = 128
"""ASCII characters have a class each; everything above acts like 128, a printable character."""


def build_table() -> list[int]:
    """``table[state * 129 + class]`` = action << 4 | next state."""
    width = CLASSES + 1
    table = [0] * (STATES * width)

    def add(states: tuple[int, ...], first: int, last: int, action: int, target: int) -> None:
        for state in states:
            for code in range(first, last + 1):
                table[state * width + code] = action << 4 | (state if target < 0 else target)

    escapes = (ESCAPE, ESCAPE_INTERMEDIATE)
    sequences = (CSI_ENTRY, CSI_PARAM, CSI_INTERMEDIATE, CSI_IGNORE)
    strings = (DCS_ENTRY, DCS_PARAM, DCS_INTERMEDIATE, DCS_IGNORE)
    every = (*escapes, *sequences, *strings)

    # Codes without an entry below are swallowed without leaving the state.
    for state in every:
        add((state,), 0, CLASSES, NOTHING, -1)
    add((*escapes, *sequences), 0x00, 0x1F, EXECUTE, -1)
    # A character above ASCII inside a sequence breaks it off; it is not printed, as in xterm.
    add((*escapes, *sequences), CLASSES, CLASSES, NOTHING, GROUND)
    # In the head of a string it makes the string an unknown one, so that no part of it prints.
    add(strings, CLASSES, CLASSES, START_STRING, IGNORED_STRING)

    add((ESCAPE,), 0x20, 0x2F, COLLECT, ESCAPE_INTERMEDIATE)
    add((ESCAPE,), 0x30, 0x7E, DISPATCH_ESCAPE, GROUND)
    add((ESCAPE,), 0x5B, 0x5B, CLEAR, CSI_ENTRY)
    add((ESCAPE,), 0x5D, 0x5D, START_STRING, OSC_STRING)
    add((ESCAPE,), 0x50, 0x50, CLEAR, DCS_ENTRY)
    add((ESCAPE,), 0x5F, 0x5F, START_STRING, APC_STRING)
    for code in (0x58, 0x5E):
        add((ESCAPE,), code, code, START_STRING, IGNORED_STRING)
    add((ESCAPE_INTERMEDIATE,), 0x20, 0x2F, COLLECT, -1)
    add((ESCAPE_INTERMEDIATE,), 0x30, 0x7E, DISPATCH_ESCAPE, GROUND)

    add((CSI_ENTRY,), 0x3C, 0x3F, COLLECT, CSI_PARAM)
    add((CSI_ENTRY, CSI_PARAM), 0x30, 0x3B, PARAM, CSI_PARAM)
    add((CSI_PARAM,), 0x3C, 0x3F, NOTHING, CSI_IGNORE)
    add((CSI_ENTRY, CSI_PARAM, CSI_INTERMEDIATE), 0x20, 0x2F, COLLECT, CSI_INTERMEDIATE)
    add((CSI_INTERMEDIATE,), 0x30, 0x3F, NOTHING, CSI_IGNORE)
    add((CSI_ENTRY, CSI_PARAM, CSI_INTERMEDIATE), 0x40, 0x7E, DISPATCH_CSI, GROUND)
    add((CSI_IGNORE,), 0x40, 0x7E, NOTHING, GROUND)

    add((DCS_ENTRY,), 0x3C, 0x3F, COLLECT, DCS_PARAM)
    add((DCS_ENTRY, DCS_PARAM), 0x30, 0x3B, PARAM, DCS_PARAM)
    add((DCS_PARAM,), 0x3C, 0x3F, NOTHING, DCS_IGNORE)
    add((DCS_ENTRY, DCS_PARAM, DCS_INTERMEDIATE), 0x20, 0x2F, COLLECT, DCS_INTERMEDIATE)
    add((DCS_INTERMEDIATE,), 0x30, 0x3F, NOTHING, DCS_IGNORE)
    add((DCS_ENTRY, DCS_PARAM, DCS_INTERMEDIATE), 0x40, 0x7E, START_DCS, DCS_STRING)
    add((DCS_IGNORE,), 0x40, 0x7E, START_STRING, IGNORED_STRING)

    # From anywhere: CAN and SUB break off, ESC begins a new sequence.
    add(every, 0x18, 0x18, NOTHING, GROUND)
    add(every, 0x1A, 0x1A, NOTHING, GROUND)
    add(every, 0x1B, 0x1B, CLEAR, ESCAPE)
    add(every, 0x7F, 0x7F, NOTHING, -1)
    add((GROUND,), 0x00, 0x1F, EXECUTE, GROUND)
    add((GROUND,), 0x1B, 0x1B, CLEAR, ESCAPE)
    return table
