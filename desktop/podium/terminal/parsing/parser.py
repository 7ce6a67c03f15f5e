"""The parser: a table in the style of the VT500's, over decoded text, with a short cut for whole sequences.

Every state survives the end of a chunk, so that the same input cut anywhere has the same effect. Invalid UTF-8
becomes U+FFFD before the table sees it and can never make a control.
"""

import codecs
import re
from typing import TYPE_CHECKING, Final

from podium.terminal.build import COMPILED
from podium.terminal.parsing.bulk import SMALLEST, flood
from podium.terminal.parsing.dispatch import (
    MAX_PARAMETER_TEXT,
    control_sequence,
    device_control,
    escape,
    execute,
    known_sequence,
    short_sequence,
)
from podium.terminal.parsing.osc import command
from podium.terminal.screen.cursor import carriage_return, line_feed
from podium.terminal.screen.printing import write_ascii, write_text
from podium.terminal.screen.row import blank_row
from podium.terminal.screen.scrollback import PackedLine, RawLines
from podium.terminal.screen.sgr import select
from podium.terminal.screen.state import Terminal

if TYPE_CHECKING:
    from mypy_extensions import i64

MAX_STRING: Final = 4096
"""Characters kept of a control string; the rest is swallowed up to its end."""
_MAX_INTERMEDIATES: Final = 2
_MAX_HELD: Final = 64 * 1024

_GROUND: Final = 0
_ESCAPE: Final = 1
_ESCAPE_INTERMEDIATE: Final = 2
_CSI_ENTRY: Final = 3
_CSI_PARAM: Final = 4
_CSI_INTERMEDIATE: Final = 5
_CSI_IGNORE: Final = 6
_DCS_ENTRY: Final = 7
_DCS_PARAM: Final = 8
_DCS_INTERMEDIATE: Final = 9
_DCS_IGNORE: Final = 10
_DCS_STRING: Final = 11
_OSC_STRING: Final = 12
_IGNORED_STRING: Final = 13
_STATES: Final = 14

_NOTHING: Final = 0
_EXECUTE: Final = 1
_CLEAR: Final = 2
_COLLECT: Final = 3
_PARAM: Final = 4
_DISPATCH_ESCAPE: Final = 5
_DISPATCH_CSI: Final = 6
_START_DCS: Final = 7
_START_STRING: Final = 8


_CLASSES: Final = 128
"""ASCII characters have a class each; everything above acts like 128, a printable character."""


def _build_table() -> list[int]:
    """``table[state * 129 + class]`` = action << 4 | next state."""
    width = _CLASSES + 1
    table = [0] * (_STATES * width)

    def add(states: tuple[int, ...], first: int, last: int, action: int, target: int) -> None:
        for state in states:
            for code in range(first, last + 1):
                table[state * width + code] = action << 4 | (state if target < 0 else target)

    escapes = (_ESCAPE, _ESCAPE_INTERMEDIATE)
    sequences = (_CSI_ENTRY, _CSI_PARAM, _CSI_INTERMEDIATE, _CSI_IGNORE)
    strings = (_DCS_ENTRY, _DCS_PARAM, _DCS_INTERMEDIATE, _DCS_IGNORE)
    every = (*escapes, *sequences, *strings)

    # Whatever is not said below is swallowed without leaving the state.
    for state in every:
        add((state,), 0, _CLASSES, _NOTHING, -1)
    add((*escapes, *sequences), 0x00, 0x1F, _EXECUTE, -1)
    # A character above ASCII inside a sequence breaks it off; it is not printed, as in xterm.
    add((*escapes, *sequences), _CLASSES, _CLASSES, _NOTHING, _GROUND)
    # In the head of a string it makes the string one that nobody knows, so that no part of it prints.
    add(strings, _CLASSES, _CLASSES, _START_STRING, _IGNORED_STRING)

    add((_ESCAPE,), 0x20, 0x2F, _COLLECT, _ESCAPE_INTERMEDIATE)
    add((_ESCAPE,), 0x30, 0x7E, _DISPATCH_ESCAPE, _GROUND)
    add((_ESCAPE,), 0x5B, 0x5B, _CLEAR, _CSI_ENTRY)
    add((_ESCAPE,), 0x5D, 0x5D, _START_STRING, _OSC_STRING)
    add((_ESCAPE,), 0x50, 0x50, _CLEAR, _DCS_ENTRY)
    for code in (0x58, 0x5E, 0x5F):
        add((_ESCAPE,), code, code, _START_STRING, _IGNORED_STRING)
    add((_ESCAPE_INTERMEDIATE,), 0x20, 0x2F, _COLLECT, -1)
    add((_ESCAPE_INTERMEDIATE,), 0x30, 0x7E, _DISPATCH_ESCAPE, _GROUND)

    add((_CSI_ENTRY,), 0x3C, 0x3F, _COLLECT, _CSI_PARAM)
    add((_CSI_ENTRY, _CSI_PARAM), 0x30, 0x3B, _PARAM, _CSI_PARAM)
    add((_CSI_PARAM,), 0x3C, 0x3F, _NOTHING, _CSI_IGNORE)
    add((_CSI_ENTRY, _CSI_PARAM, _CSI_INTERMEDIATE), 0x20, 0x2F, _COLLECT, _CSI_INTERMEDIATE)
    add((_CSI_INTERMEDIATE,), 0x30, 0x3F, _NOTHING, _CSI_IGNORE)
    add((_CSI_ENTRY, _CSI_PARAM, _CSI_INTERMEDIATE), 0x40, 0x7E, _DISPATCH_CSI, _GROUND)
    add((_CSI_IGNORE,), 0x40, 0x7E, _NOTHING, _GROUND)

    add((_DCS_ENTRY,), 0x3C, 0x3F, _COLLECT, _DCS_PARAM)
    add((_DCS_ENTRY, _DCS_PARAM), 0x30, 0x3B, _PARAM, _DCS_PARAM)
    add((_DCS_PARAM,), 0x3C, 0x3F, _NOTHING, _DCS_IGNORE)
    add((_DCS_ENTRY, _DCS_PARAM, _DCS_INTERMEDIATE), 0x20, 0x2F, _COLLECT, _DCS_INTERMEDIATE)
    add((_DCS_INTERMEDIATE,), 0x30, 0x3F, _NOTHING, _DCS_IGNORE)
    add((_DCS_ENTRY, _DCS_PARAM, _DCS_INTERMEDIATE), 0x40, 0x7E, _START_DCS, _DCS_STRING)
    add((_DCS_IGNORE,), 0x40, 0x7E, _START_STRING, _IGNORED_STRING)

    # From anywhere: CAN and SUB break off, ESC begins anew.
    add(every, 0x18, 0x18, _NOTHING, _GROUND)
    add(every, 0x1A, 0x1A, _NOTHING, _GROUND)
    add(every, 0x1B, 0x1B, _CLEAR, _ESCAPE)
    add(every, 0x7F, 0x7F, _NOTHING, -1)
    add((_GROUND,), 0x00, 0x1F, _EXECUTE, _GROUND)
    add((_GROUND,), 0x1B, 0x1B, _CLEAR, _ESCAPE)
    return table


_TABLE: Final = _build_table()
_SEQUENCE: Final = re.compile("\x1b\\[[<=>?]?[0-9:;]*[ -/]{0,2}[@-~]")
_TOKEN: Final = re.compile(
    # A run of text, a whole control sequence, a new line, or a control that is not ESC.
    f"([^\x00-\x1f\x7f]+)|({_SEQUENCE.pattern})|(\r\n)|([\x00-\x17\x19\x1c-\x1f])"
)
_OSC_END: Final = re.compile("[\x07\x18\x1a\x1b]")
_STRING_END: Final = re.compile("[\x18\x1a\x1b]")
"""BEL ends only an OSC; in other strings it is content."""
_C1: Final = re.compile("[\x80-\x9f]")


def expand(raw: RawLines) -> list[PackedLine]:
    """What raw lines would have become if they had been parsed at once."""
    t = Terminal(raw.columns, 1, raw.count)
    t.graphemes = raw.graphemes
    t.change_pen(raw.look, False)
    t.rows[0] = blank_row(t.columns, t.eraser.sign)
    Parser(t).parse(raw.text)
    t.looks.retire()
    return t.history.lines(0, raw.count)


class Parser:
    """Feeds one terminal. ``feed`` takes any bytes and never raises."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        terminal.history.expand = expand
        self.held = b""
        """Output that is taken but not parsed yet: text, tabs, colours and new lines alone."""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.state = _GROUND
        self.collected = ""
        self.parameters: list[str] = []
        self.parameter_size = 0
        self.string: list[str] = []
        self.string_size = 0
        self.string_whole = True
        self.string_kind = ""
        self.unfinished = _GROUND
        """The string state that an ESC interrupted; ST ends it, anything else drops it."""

    def feed(self, data: bytes) -> None:
        """Take a chunk of a program's output. What of a flood nobody has seen yet may be held back."""
        taken = self.flood(data)
        if taken < len(data):
            self.parse(data[taken:] if taken else data)

    def flood(self, data: bytes) -> int:
        """Take whole lines of a log from the front of ``data`` all at once; returns how many bytes need no more.

        Those are stored, held back or, where a line or the screen had to be filled first, parsed.
        """
        if len(data) < SMALLEST:
            return 0
        held = self.held
        start = 0
        if held:
            self.held = b""
            data = held + data
        elif not self.is_between():
            start = data.find(b"\n") + 1
            self.parse(data[:start])
            if not self.is_between():
                return start
            data = data[start:]
        taken = flood(self.terminal, data, self.parse)
        self.held = taken.held
        if taken.size < len(held):
            # It is no flood any more. What was held back comes first.
            self.parse(held[taken.size :])
            return 0
        if (self.held and taken.size < len(data)) or len(self.held) > _MAX_HELD:
            self.settle()
        return start + taken.size - len(held)

    def settle(self) -> None:
        """Parse what is held back: somebody looks, or something follows that is no log."""
        if self.held:
            held = self.held
            self.held = b""
            self.parse(held)

    def is_between(self) -> bool:
        """Is no character or sequence half read?"""
        return self.state == _GROUND and not self.decoder.getstate()[0]

    def parse(self, data: bytes) -> None:
        """Parse all of ``data`` at once, after what is held back."""
        self.settle()
        text = self.decoder.decode(data)
        # C1 controls only ever arrive as ESC and a letter; as characters they are hostile or an accident.
        self.feed_text(text if text.isascii() else _C1.sub("\ufffd", text))

    def feed_text(self, text: str) -> None:
        """Parse decoded text."""
        if COMPILED:
            self._parse_by_character(text)
        else:
            self._parse_by_token(text)

    def _parse_by_token(self, text: str) -> None:
        """As an interpreter does it best: a regular expression finds whole sequences."""
        t = self.terminal
        match = _TOKEN.match
        i = 0
        size = len(text)
        while i < size:
            if self.state == _GROUND:
                token = match(text, i)
                if token is not None:
                    i = token.end()
                    kind = token.lastindex
                    if kind == 1:
                        write_text(t, token.group())
                    elif kind == 2:
                        known_sequence(t, token.group())
                    elif kind == 3:
                        carriage_return(t)
                        line_feed(t)
                        t.last_text = ""
                    else:
                        execute(t, ord(token.group()))
                    continue
            elif self.state >= _DCS_STRING:
                i = self._take_string(text, i)
                continue
            self._step(text[i])
            i += 1

    def _parse_by_character(self, text: str) -> None:
        """As a compiled loop does it best: characters are numbers, and common sequences never become strings."""
        t = self.terminal
        i: i64 = 0
        size: i64 = len(text)
        while i < size:
            if self.state == _GROUND:
                code: i64 = ord(text[i])
                if code == 0x1B:
                    after = self._sequence_at(text, i, size)
                    if after > 0:
                        i = after
                        continue
                elif code >= 0x20 and code != 0x7F:
                    start = i
                    highest = code
                    i += 1
                    while i < size:
                        code = ord(text[i])
                        if code < 0x20 or code == 0x7F:
                            break
                        highest |= code
                        i += 1
                    if highest < 0x80 and t.character_map is None and not t.single_shift:
                        write_ascii(t, text[start:i])
                    else:
                        write_text(t, text[start:i])
                    continue
                elif code != 0x18 and code != 0x1A and code != 0x7F:
                    execute(t, code)
                    i += 1
                    continue
            elif self.state >= _DCS_STRING:
                i = self._take_string(text, i)
                continue
            self._step(text[i])
            i += 1

    def _sequence_at(self, text: str, i: "i64", size: "i64") -> "i64":
        """Carry out the whole control sequence at ``i``; returns where it ends, or 0 when none is there."""
        j: i64 = i + 2
        if j >= size or text[i + 1] != "[":
            return 0
        first: i64 = 0
        second: i64 = 0
        semicolons: i64 = 0
        code: i64 = 0
        while j < size:
            code = ord(text[j])
            if 0x30 <= code <= 0x39:
                if semicolons == 0:
                    first = first * 10 + code - 0x30
                    if first > 65535:
                        first = 65535
                else:
                    second = second * 10 + code - 0x30
                    if second > 65535:
                        second = 65535
            elif code == 0x3B:
                semicolons += 1
            else:
                break
            j += 1
        if j >= size:
            return 0
        if code == 0x6D and j - i < MAX_PARAMETER_TEXT:
            self.terminal.last_text = ""
            select(self.terminal, text[i + 2 : j])
            return j + 1
        if semicolons <= 1 and short_sequence(self.terminal, code, first, second, semicolons):
            return j + 1
        token = _SEQUENCE.match(text, i)
        if token is None:
            return 0
        known_sequence(self.terminal, token.group())
        return token.end()

    def _step(self, char: str) -> None:
        """One character through the table."""
        t = self.terminal
        code = ord(char)
        entry = _TABLE[self.state * (_CLASSES + 1) + (code if code < _CLASSES else _CLASSES)]
        unfinished = self.unfinished
        self.unfinished = _GROUND
        action = entry >> 4
        self.state = entry & 15
        if action == _PARAM:
            if self.parameter_size < MAX_PARAMETER_TEXT:
                self.parameters.append(char)
                self.parameter_size += 1
        elif action == _COLLECT:
            # Too many intermediates mean nothing; the mark keeps the sequence from matching anything.
            self.collected = (
                self.collected + char if len(self.collected) <= _MAX_INTERMEDIATES else "\x00\x00\x00"
            )
        elif action == _CLEAR:
            self._clear()
        elif action == _EXECUTE:
            self.unfinished = unfinished
            execute(t, code)
        elif action == _DISPATCH_CSI:
            control_sequence(t, "".join(self.parameters), self.collected + char)
        elif action == _DISPATCH_ESCAPE:
            if code == 0x5C and not self.collected:
                if unfinished != _GROUND:
                    self._finish_string(unfinished)
            else:
                escape(t, self.collected + char)
        elif action == _START_DCS:
            self.string_kind = self.collected + char
            self._start_string()
        elif action == _START_STRING:
            self._start_string()

    def _clear(self) -> None:
        self.collected = ""
        self.parameters.clear()
        self.parameter_size = 0

    def _start_string(self) -> None:
        self.terminal.last_text = ""
        self.string.clear()
        self.string_size = 0
        self.string_whole = True

    def _take_string(self, text: str, i: int) -> int:
        """Swallow string content from ``i`` on; returns where the parser goes on."""
        end = (_OSC_END if self.state == _OSC_STRING else _STRING_END).search(text, i)
        stop = end.start() if end is not None else len(text)
        if self.state != _IGNORED_STRING and stop > i:
            room = MAX_STRING - self.string_size
            if stop - i > room:
                self.string_whole = False
            if room > 0:
                piece = text[i : min(stop, i + room)]
                self.string.append(piece)
                self.string_size += len(piece)
        if end is None:
            return stop
        char = end.group()
        if char == "\x1b":
            self.unfinished = self.state
            self._clear()
            self.state = _ESCAPE
            return stop + 1
        state = self.state
        self.state = _GROUND
        if char == "\x07":
            self._finish_string(state)
        return stop + 1

    def _finish_string(self, state: int) -> None:
        payload = "".join(self.string)
        self.string.clear()
        self.string_size = 0
        if state == _OSC_STRING:
            command(self.terminal, payload, self.string_whole)
        elif state == _DCS_STRING:
            device_control(self.terminal, self.string_kind, payload, self.string_whole)

    def reset(self) -> None:
        """Back to the ground state; half a character or sequence is forgotten."""
        self.settle()
        self.decoder.reset()
        self.state = _GROUND
        self.unfinished = _GROUND
        self._clear()
        self._start_string()
