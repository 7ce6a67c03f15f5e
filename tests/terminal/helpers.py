"""Short cuts for "bytes in, screen out" tests."""

import itertools
import time
from collections.abc import Callable
from typing import Any

from podium.core.protocol.frames import Attributes
from podium.terminal import Emulator
from podium.terminal.screen.lines.packed import unpack
from podium.terminal.screen.row import BLANK, DEFAULT, Row

Content = tuple[str, list[tuple[int, str]], list[tuple[int, Attributes]]]


def emulator(columns: int = 10, lines: int = 4, data: bytes = b"", scrollback: int = 100) -> Emulator:
    made = Emulator(columns, lines, scrollback)
    made.feed(data)
    return made


def processor_seconds(work: Callable[[], object]) -> float:
    """What ``work`` costs this process: other work of the machine only makes it wait, which does not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def shown(made: Emulator) -> list[str]:
    """The screen without the blanks at line ends."""
    return [line.rstrip() for line in made.display]


def position(made: Emulator) -> tuple[int, int]:
    return made.cursor.x, made.cursor.y


def content(made: Emulator, row: Row) -> Content:
    """What ``Emulator.line`` makes the cells of a row of: its text, its clusters and its runs of attributes.

    Rows of equal contents have equal cells. To make those costs hundreds of times what parsing their output does.
    """
    columns = made.columns
    codes = row.styles.ljust(columns, DEFAULT)
    runs = [
        (len(list(same)), made.terminal.styles.of(code).attributes) for code, same in itertools.groupby(codes)
    ]
    return row.text.ljust(columns, BLANK), sorted((row.clusters or {}).items()), runs


def kept_row(made: Emulator, number: int) -> Row:
    """A row of the scrollback, by its absolute number."""
    t = made.terminal
    return unpack(t.scrollback.lines(number, number + 1)[0], t.columns, t.styles)


def state(made: Emulator) -> dict[str, Any]:
    """Everything a person or program could tell two terminals apart by."""
    t = made.terminal
    total = made.scrollback_length + made.lines
    kept = [kept_row(made, number) for number in range(made.oldest_line, made.first_line)]
    return {
        "size": (made.columns, made.lines),
        "cells": [content(made, row) for row in (*kept, *t.rows)],
        "wrapped": [line.wrapped for line in made.lines_between(made.oldest_line, total)[1]],
        "numbers": (made.oldest_line, made.first_line, made.line_epoch),
        "cursor": (t.x, t.y, t.pending, t.cursor_shape, t.cursor_blinking),
        "pen": (t.pen.attributes, t.pen.protected),
        "modes": made.modes,
        "other modes": (
            t.insert,
            t.newline,
            t.origin,
            t.autowrap,
            t.alternate,
            t.mouse,
            t.mouse_encoding,
            t.kitty(),
        ),
        "marks": made.marks_between(made.oldest_line, made.first_line + made.lines),
        "told modes": (t.ansi_modes, t.folder, t.titles, t.unfinished_notices),
        "margins": (t.top, t.bottom, t.left, t.right),
        "charsets": (t.charset, t.charsets, t.single_shift),
        "tabs": {x for x in t.tabs if x < made.columns},
        "title": (t.title, t.icon, t.titles),
        "palette": t.palette,
        "replies": bytes(t.replies),
        "events": list(t.events),
    }
