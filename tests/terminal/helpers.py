"""Short cuts for "bytes in, screen out" tests."""

import time
from collections.abc import Callable
from typing import Any

from podium.terminal import Emulator


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


def state(made: Emulator) -> dict[str, Any]:
    """Everything a person or program could tell two terminals apart by."""
    t = made.terminal
    total = made.scrollback_length + made.lines
    return {
        "size": (made.columns, made.lines),
        "cells": [made.line(n) for n in range(total)],
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
        "margins": (t.top, t.bottom, t.left, t.right),
        "charsets": (t.charset, t.charsets, t.single_shift),
        "tabs": {x for x in t.tabs if x < made.columns},
        "title": (t.title, t.icon, t.titles),
        "palette": t.palette,
        "replies": bytes(t.replies),
        "events": list(t.events),
    }
