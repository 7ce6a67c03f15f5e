"""From a sequence to what it does: sequences that are understood once, and the short cut for the most common."""

import re
from typing import TYPE_CHECKING, Final

from podium.terminal.parsing import reports
from podium.terminal.parsing.csi import CSI, Handler
from podium.terminal.parsing.escapes import shift
from podium.terminal.parsing.terminfo import request_capabilities
from podium.terminal.screen import cursor, editing
from podium.terminal.screen.events import Bell
from podium.terminal.screen.sgr import number, select
from podium.terminal.screen.state import Terminal

if TYPE_CHECKING:
    from mypy_extensions import i64

MAX_PARAMETERS: Final = 32
MAX_PARAMETER_TEXT: Final = 1024
"""Longer parameter texts are cut; 32 numbers of 65,535 fit well."""
_LONGEST_KNOWN: Final = 32
_MAX_KNOWN: Final = 4096
_PARTS: Final = re.compile("\x1b\\[([<=>?]?)([0-9:;]*)([ -/]*)")
_known: dict[str, "Sequence"] = {}


def parse_parameters(text: str) -> list[int]:
    """``"1;;3"`` → [1, 0, 3]; always at least one; clamped in number and size."""
    return [number(part) for part in text.split(";", MAX_PARAMETERS)[:MAX_PARAMETERS]]


def control_sequence(t: Terminal, text: str, kind: str) -> None:
    """Carry out a CSI. ``kind`` is prefix + intermediates + final, ``text`` the parameters between."""
    _run(t, _understand(text, kind))


class Sequence:
    """A control sequence that is understood: its SGR parameters, or a handler with numbers, or nothing at all."""

    __slots__ = ("handler", "parameters", "repeats", "sgr")

    def __init__(
        self, sgr: str | None, handler: Handler | None, parameters: list[int], repeats: bool
    ) -> None:
        self.sgr = sgr
        self.handler = handler
        self.parameters = parameters
        """Handlers only read it."""
        self.repeats = repeats
        """REP, which alone may follow what it repeats."""


def _understand(text: str, kind: str) -> Sequence:
    if kind == "m":
        return Sequence(text, None, [], False)
    handler = CSI.get(kind)
    if handler is None or ":" in text:
        # Only SGR has subparameters; elsewhere they belong to a sequence we don't know.
        return Sequence(None, None, [], False)
    return Sequence(None, handler, parse_parameters(text), kind == "b")


def _run(t: Terminal, sequence: Sequence) -> None:
    if not sequence.repeats:
        t.last_text = ""
    if sequence.sgr is not None:
        select(t, sequence.sgr)
    elif sequence.handler is not None:
        sequence.handler(t, sequence.parameters)


def known_sequence(t: Terminal, whole: str) -> None:
    """Carry out a complete control sequence, from its ESC to its final; what it means is remembered."""
    sequence = _known.get(whole)
    if sequence is None:
        parts = _PARTS.match(whole)
        assert parts is not None
        prefix, text, middle = parts.group(1, 2, 3)
        sequence = _understand(text[:MAX_PARAMETER_TEXT], prefix + middle + whole[-1])
        if len(whole) <= _LONGEST_KNOWN:
            if len(_known) >= _MAX_KNOWN:
                _known.clear()
            _known[whole] = sequence
    _run(t, sequence)


def short_sequence(t: Terminal, final: "i64", first: "i64", second: "i64", semicolons: "i64") -> bool:
    """Carry out one of the most common sequences by its numbers alone; False when it is another."""
    count: i64 = first if first > 0 else 1
    if final == 0x48:  # H
        cursor.move_to(t, count - 1, second - 1 if second > 0 else 0)
    elif final == 0x4B:  # K
        editing.erase_in_line(t, first)
    elif semicolons:
        return False
    elif final == 0x41:  # A
        cursor.up(t, count)
    elif final == 0x42:  # B
        cursor.down(t, count)
    elif final == 0x43:  # C
        cursor.right(t, count)
    elif final == 0x44:  # D
        cursor.left(t, count)
    elif final == 0x47:  # G
        cursor.move_to_column(t, count - 1)
    elif final == 0x4A:  # J
        editing.erase_in_display(t, first)
    elif final == 0x64:  # d
        cursor.move_to_line(t, count - 1)
    elif final == 0x58:  # X
        editing.erase_characters(t, count)
    else:
        return False
    t.last_text = ""
    return True


def execute(t: Terminal, code: int) -> None:
    """A C0 control."""
    t.last_text = ""
    if code == 0x0A or code == 0x0B or code == 0x0C:
        cursor.line_feed(t)
    elif code == 0x0D:
        cursor.carriage_return(t)
    elif code == 0x08:
        cursor.left(t, 1)
    elif code == 0x09:
        cursor.tab_forward(t, 1)
    elif code == 0x07:
        t.events.append(Bell())
    elif code == 0x0E:
        shift(t, 1)
    elif code == 0x0F:
        shift(t, 0)


def device_control(t: Terminal, kind: str, payload: str, whole: bool) -> None:
    """Carry out a DCS. DECRQSS and XTGETTCAP are answered, the rest is swallowed."""
    if kind == "$q" and whole:
        reports.request_setting(t, payload)
    elif kind == "+q" and whole:
        request_capabilities(t, payload)
