"""The parser: a table in the style of the VT500's, over decoded text, with a short cut for whole sequences.

Every state survives the end of a chunk, so that the same input cut anywhere has the same effect. Invalid UTF-8
becomes U+FFFD before the table sees it and can never make a control.
"""

import codecs
import math
import re
import sys
from typing import TYPE_CHECKING, Final

from podium.core.clock import Clock, monotonic
from podium.terminal.build import COMPILED
from podium.terminal.parsing.bulk import SMALLEST, take_bulk
from podium.terminal.parsing.control_string import ControlString
from podium.terminal.parsing.dispatch import (
    MAX_PARAMETER_TEXT,
    control_sequence,
    execute,
    known_sequence,
    short_sequence,
)
from podium.terminal.parsing.escapes import escape
from podium.terminal.parsing.state_table import (
    CLASSES,
    CLEAR,
    COLLECT,
    DCS_STRING,
    DISPATCH_CSI,
    DISPATCH_ESCAPE,
    ESCAPE,
    EXECUTE,
    GROUND,
    OSC_STRING,
    PARAM,
    START_DCS,
    START_STRING,
    build_table,
)
from podium.terminal.screen.cursor import carriage_return, line_feed
from podium.terminal.screen.lines.packed import PackedLine, UnparsedLines
from podium.terminal.screen.printing import write_ascii, write_text
from podium.terminal.screen.row import blank_row
from podium.terminal.screen.sgr import select
from podium.terminal.screen.state import Terminal

if TYPE_CHECKING:
    from mypy_extensions import i64

_MAX_INTERMEDIATES: Final = 2
_MAX_DEFERRED: Final = 64 * 1024

_SLICE_SECONDS: Final = 0.005
"""A slice that takes longer makes the next ones smaller."""
_SMALLEST_SLICE: Final = 64
_FIRST_SLICE: Final = 4096
_LARGEST_SLICE: Final = 16 * 1024

_TABLE: Final = build_table()
_SEQUENCE: Final = re.compile("\x1b\\[[<=>?]?[0-9:;]*[ -/]{0,2}[@-~]")
_TOKEN: Final = re.compile(
    # A run of text, a whole control sequence, a new line, or a control that is not ESC.
    f"([^\x00-\x1f\x7f]+)|({_SEQUENCE.pattern})|(\r\n)|([\x00-\x17\x19\x1c-\x1f])"
)
_OSC_END: Final = re.compile("[\x07\x18\x1a\x1b]")
_STRING_END: Final = re.compile("[\x18\x1a\x1b]")
"""BEL ends only an OSC; in other strings it is content."""
_C1: Final = re.compile("[\x80-\x9f]")


def parse_raw(raw: UnparsedLines) -> list[PackedLine]:
    """Parse unparsed lines into the rows they would have become at once."""
    t = Terminal(raw.columns, 1, raw.count)
    t.scrollback.memory_lines = raw.count
    t.scrollback.memory_bytes = sys.maxsize
    t.graphemes = raw.graphemes
    t.change_pen(raw.style, False)
    t.rows[0] = blank_row(t.columns, t.eraser.style_code)
    Parser(t).parse(raw.text)
    t.styles.retire()
    return t.scrollback.lines(0, raw.count)


class Parser:
    """Feeds one terminal. ``feed`` takes any bytes and never raises."""

    def __init__(self, terminal: Terminal, clock: Clock = monotonic) -> None:
        self.terminal = terminal
        terminal.scrollback.parse_with(parse_raw)
        self.clock = clock
        self.slice = _FIRST_SLICE
        """Bytes parsed between two readings of the clock. It follows their cost: some sequences do a thousand times the
        work of a letter."""
        self.frame_due = math.inf
        """The clock's time from which on parsing stops after a synchronized update."""
        self.until = math.inf
        """The clock's time from which on it stops after an image."""
        self.stopped = False
        """Whether it stopped there, be it at the very end of what it was given."""
        self.deferred = b""
        """Output that is taken but not parsed yet: text, tabs, colours and new lines alone."""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.state = GROUND
        self.collected = ""
        self.parameters: list[str] = []
        self.parameter_size = 0
        self.string = ControlString(terminal)
        self.unfinished = GROUND
        """The string state that an ESC interrupted; ST ends it, anything else drops it."""

    def feed(self, data: bytes, until: float = math.inf, frame_due: float = math.inf) -> int:
        """Take a chunk of a program's output from its front; returns how many bytes were consumed.

        All of it, unless the clock reaches ``until`` first, or a synchronized update ends at ``frame_due`` or later.
        Something is always consumed. The newest lines of a log may be deferred.
        """
        self.frame_due = frame_due
        self.until = until
        self.stopped = False
        consumed = self._feed(data, until)
        self.frame_due = self.until = math.inf
        return consumed

    def _feed(self, data: bytes, until: float) -> int:
        consumed = 0
        if len(data) >= SMALLEST:
            if not self.deferred and not self.at_ground():
                # The rest of the line that the last chunk's end cut.
                rest = data.find(b"\n", 0, SMALLEST) + 1
                consumed = self.parse(data[:rest])
                if self.stopped:
                    return consumed
            if self.at_ground():
                consumed += self._take_bulk(data[consumed:] if consumed else data)
        before = self.clock()
        while consumed < len(data):
            piece = data[consumed : consumed + self.slice]
            consumed += self.parse(piece)
            if self.stopped:
                break
            now = self.clock()
            self._fit_slice(now - before)
            if now >= until:
                break
            before = now
        return consumed

    def _fit_slice(self, cost: float) -> None:
        """Choose the size of the next slice by the seconds that the last one took."""
        if cost > _SLICE_SECONDS:
            self.slice = max(_SMALLEST_SLICE, self.slice // 2)
        elif cost < _SLICE_SECONDS / 4:
            self.slice = min(_LARGEST_SLICE, self.slice * 2)

    def _take_bulk(self, data: bytes) -> int:
        """Take whole lines of a log from the front of ``data`` at once; returns how many bytes, often 0.

        They are stored, deferred or, where a line or the screen had to be filled first, parsed.
        """
        deferred = self.deferred
        if deferred:
            self.deferred = b""
            data = deferred + data
        result = take_bulk(self.terminal, data, self.parse)
        self.deferred = result.deferred
        if result.size < len(deferred):
            # It is no log any more. What was deferred comes first.
            self.parse(deferred[result.size :])
            return 0
        if (self.deferred and result.size < len(data)) or len(self.deferred) > _MAX_DEFERRED:
            self.flush()
        return result.size - len(deferred)

    def flush(self) -> None:
        """Parse what is deferred: the screen is read, or something follows that is no log."""
        if self.deferred:
            deferred = self.deferred
            self.deferred = b""
            self.parse(deferred)

    def at_ground(self) -> bool:
        """Whether no character or sequence is half read."""
        return self.state == GROUND and not self.decoder.getstate()[0]

    def parse(self, data: bytes) -> int:
        """Parse ``data`` after what is deferred; returns how many bytes were consumed.

        All of it, unless a synchronized update ends when a frame is due, or an image when the time is up.
        """
        self.flush()
        text = self.decoder.decode(data)
        # C1 controls only ever arrive as ESC and a letter; as characters they are hostile or an accident.
        end = self._parse_text(text if text.isascii() else _C1.sub("\ufffd", text))
        if end == len(text):
            return len(data)
        self.decoder.reset()
        # The final of a sequence, an ASCII character: however broken the text before it is, none of those got lost.
        final = text[end - 1]
        rest = data.split(final.encode(), text.count(final, 0, end))[-1]
        return len(data) - len(rest)

    def _stops(self) -> bool:
        """Whether to stop after the update, or the image, that has just ended."""
        due = self.until if self.string.costly else self.frame_due
        self.string.costly = False
        self.stopped = due < math.inf and self.clock() >= due
        return self.stopped

    def _parse_text(self, text: str) -> int:
        """Parse decoded text; returns how many characters; fewer than all where it stops."""
        return self._parse_by_character(text) if COMPILED else self._parse_by_token(text)

    def _parse_by_token(self, text: str) -> int:
        """As an interpreter does it best: a regular expression finds whole sequences."""
        t = self.terminal
        updates = t.updates
        match = _TOKEN.match
        i = 0
        size = len(text)
        while i < size:
            if self.state == GROUND:
                token = match(text, i)
                if token is not None:
                    i = token.end()
                    kind = token.lastindex
                    if kind == 1:
                        write_text(t, token.group())
                    elif kind == 2:
                        known_sequence(t, token.group())
                        if t.updates != updates:
                            updates = t.updates
                            if self._stops():
                                break
                    elif kind == 3:
                        carriage_return(t)
                        line_feed(t)
                        t.last_text = ""
                    else:
                        execute(t, ord(token.group()))
                    continue
            elif self.state >= DCS_STRING:
                i = self._take_string(text, i)
                continue
            self._step(text[i])
            i += 1
            if t.updates != updates or self.string.costly:
                updates = t.updates
                if self._stops():
                    break
        return i

    def _parse_by_character(self, text: str) -> int:
        """As a compiled loop does it best: characters are numbers, and common sequences never become strings."""
        t = self.terminal
        updates = t.updates
        i: i64 = 0
        size: i64 = len(text)
        while i < size:
            if self.state == GROUND:
                code: i64 = ord(text[i])
                if code == 0x1B:
                    after = self._sequence_at(text, i, size)
                    if after > 0:
                        i = after
                        if t.updates != updates:
                            updates = t.updates
                            if self._stops():
                                break
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
            elif self.state >= DCS_STRING:
                i = self._take_string(text, i)
                continue
            self._step(text[i])
            i += 1
            if t.updates != updates or self.string.costly:
                updates = t.updates
                if self._stops():
                    break
        return i

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
        entry = _TABLE[self.state * (CLASSES + 1) + (code if code < CLASSES else CLASSES)]
        unfinished = self.unfinished
        self.unfinished = GROUND
        action = entry >> 4
        self.state = entry & 15
        if action == PARAM:
            if self.parameter_size < MAX_PARAMETER_TEXT:
                self.parameters.append(char)
                self.parameter_size += 1
        elif action == COLLECT:
            # Too many intermediates mean nothing; the mark keeps the sequence from matching anything.
            self.collected = (
                self.collected + char if len(self.collected) <= _MAX_INTERMEDIATES else "\x00\x00\x00"
            )
        elif action == CLEAR:
            self._clear()
        elif action == EXECUTE:
            self.unfinished = unfinished
            execute(t, code)
        elif action == DISPATCH_CSI:
            control_sequence(t, "".join(self.parameters), self.collected + char)
        elif action == DISPATCH_ESCAPE:
            if code == 0x5C and not self.collected:
                if unfinished != GROUND:
                    self.string.finish(unfinished, "\x1b\\")
            else:
                escape(t, self.collected + char)
        elif action == START_DCS:
            self.string.begin(self.collected + char, "".join(self.parameters))
        elif action == START_STRING:
            self.string.begin()

    def _clear(self) -> None:
        self.collected = ""
        self.parameters.clear()
        self.parameter_size = 0

    def _take_string(self, text: str, i: int) -> int:
        """Take string content from ``i`` on; returns where the parser goes on."""
        end = (_OSC_END if self.state == OSC_STRING else _STRING_END).search(text, i)
        stop = end.start() if end is not None else len(text)
        self.string.take(self.state, text, i, stop)
        if end is None:
            return stop
        char = end.group()
        if char == "\x1b":
            self.unfinished = self.state
            self._clear()
            self.state = ESCAPE
            return stop + 1
        state = self.state
        self.state = GROUND
        if char == "\x07":
            self.string.finish(state, char)
        return stop + 1

    def reset(self) -> None:
        """Back to the ground state; half a character or sequence is forgotten."""
        self.flush()
        self.decoder.reset()
        self.state = GROUND
        self.unfinished = GROUND
        self._clear()
        self.string.begin()
