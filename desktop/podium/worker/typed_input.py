"""Input on its way to a program, in order; Return after a text is a key of its own (see SendText)."""

import re
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, Protocol

from msgspec.structs import replace

from podium.core.clock import Clock
from podium.core.protocol.command_requests import RunAtPrompt
from podium.core.protocol.reports import ErrorReport, Report, SubmittedReport
from podium.core.protocol.requests import (
    MAX_INPUT_BYTES,
    InputMark,
    KeyInput,
    Modifier,
    Paste,
    RawInput,
    SendText,
)
from podium.terminal import Emulator

STILL: Final = 0.15
"""Seconds without output after which a screen counts as still."""
NO_ECHO: Final = 0.5
"""Seconds to wait for a first output: what shows nothing of a text is still by then."""
RESTLESS: Final = 2.0
"""Seconds after which Return is pressed although the screen has not been still: something moves all the time."""
UNREAD: Final = 3.0
"""Seconds a program may take to read the text."""
PATIENCE: Final = 20.0
"""Seconds a text may wait behind others. Its sender waits no longer than 30 s, and gets a report in any case."""
_POLL: Final = 0.02
MAX_WAITING: Final = 1024
"""Inputs that may wait behind a Return."""
_LINE_END: Final = re.compile("\r\n|\n")
_NEW_LINE: Final = b"\x1b\r"
"""What tools for agents take for a new line in terminals that can't say which modifiers are held."""
_RETURN: Final = KeyInput("Return", "\r")
_ESCAPE: Final = b"\x1b"
_ERASE_LINE: Final = b"\x15"
"""Ctrl+U."""
_HELD: Final = Modifier.SHIFT | Modifier.ALT | Modifier.CONTROL | Modifier.META

Typed = KeyInput | RawInput | Paste | SendText | RunAtPrompt | InputMark


class Reader(Protocol):
    """The program that is typed for."""

    def write_input(self, data: bytes) -> bool: ...

    @property
    def has_read_input(self) -> bool: ...


class _Phase(Enum):
    FREE = auto()
    """Input is written as it comes."""
    READING = auto()
    """A text was written, and the program has not read it yet."""
    SETTLING = auto()
    """The program has read it; its screen is not still yet."""
    SUBMITTED = auto()
    """Return was pressed; what comes next must not arrive in one burst with it."""


@dataclass(slots=True)
class _Submission:
    request: SendText
    pasted: bool
    written_at: float
    read_at: float = 0.0
    """The time at which the program had read it, as far as is known."""
    last_output: float | None = None


class TypedInput:
    """The input of one session. ``step`` does what is due."""

    def __init__(
        self,
        emulator: Emulator,
        mark: Callable[[str, bool], None],
        emit: Callable[[Report], None],
        clock: Clock,
        tool: Callable[[Collection[str]], str] = lambda _tools: "",
    ) -> None:
        """``mark`` is called when what a program typed is all written: with the text, and whether it was pasted.
        ``tool`` says which of some tools has the terminal, "" for none.
        """
        self._emulator = emulator
        self._mark = mark
        self._emit = emit
        self._clock = clock
        self._tool = tool
        self._phase = _Phase.FREE
        self._submission: _Submission | None = None
        self._returned_at = 0.0
        self._waiting: deque[tuple[Typed, float]] = deque()
        """Each with the time from which on a text of it is not typed any more."""
        self._waiting_bytes = 0
        self._typed_at = -NO_ECHO
        self._escape_pressed = False
        """Escape was the last that was typed: a shell may take it for the beginning of a key."""

    def type(self, typed: Typed, program: Reader | None) -> None:
        """Write ``typed`` to ``program``, or keep it until the Return before it was pressed."""
        if self._phase is _Phase.FREE:
            self._write(typed, program)
            return
        size = _size(typed)
        if len(self._waiting) >= MAX_WAITING or self._waiting_bytes + size > MAX_INPUT_BYTES:
            self._refuse(typed)
            return
        self._waiting.append((typed, self._clock() + PATIENCE))
        self._waiting_bytes += size

    def on_output(self) -> None:
        """The program has drawn something."""
        if self._submission is not None:
            self._submission.last_output = self._clock()

    def next_deadline(self) -> float | None:
        """The time at which ``step`` is due; None while nothing waits."""
        if self._submission is not None and self._phase is _Phase.SETTLING:
            return self._still_at(self._submission)
        return None if self._phase is _Phase.FREE else self._clock() + _POLL

    def step(self, program: Reader | None) -> None:
        """Press Return if it is time, then write what waited for that."""
        if program is None or self._phase is _Phase.FREE:
            return
        now = self._clock()
        submission = self._submission
        if submission is None:
            if self._is_through(program, now):
                self._go_on(program)
        elif self._phase is _Phase.READING:
            if program.has_read_input:
                self._phase = _Phase.SETTLING
                submission.read_at = now
            elif now >= submission.written_at + UNREAD:
                self._give_up(
                    submission.request, "The program has not read the text, so Return was not pressed."
                )
                self._submission = None
                self._refuse_texts("The program has not read what was sent before.")
                self._go_on(program)
        elif now >= self._still_at(submission):
            if program.has_read_input:
                self._press_return(submission, program)
            else:
                # A busy kernel hands input on a moment late: what was not there yet looked as if it were read.
                self._phase = _Phase.READING

    def on_program_ended(self) -> None:
        """Drop all input that waits."""
        submission, self._submission = self._submission, None
        self._phase = _Phase.FREE
        self._escape_pressed = False
        if submission is not None:
            self._give_up(submission.request, "The program ended before Return was pressed.")
        self._refuse_texts("The program ended before the text was typed.")
        self._waiting.clear()
        self._waiting_bytes = 0

    def _refuse_texts(self, reason: str) -> None:
        """Of what waits, texts are not typed any more; keys are: one of them may be what helps."""
        waiting, self._waiting = self._waiting, deque()
        for typed, until in waiting:
            if isinstance(typed, SendText | RunAtPrompt):
                self._waiting_bytes -= _size(typed)
                self._give_up(typed, reason)
            else:
                self._waiting.append((typed, until))

    def _is_through(self, program: Reader, now: float) -> bool:
        """Whether the Return has been taken for itself: a program without bracketed paste needs no pause."""
        since = now - self._returned_at
        return since >= STILL and (
            since >= UNREAD or 2004 not in self._emulator.modes or program.has_read_input
        )

    def _still_at(self, submission: _Submission) -> float:
        if submission.last_output is None:
            return submission.read_at + NO_ECHO
        return min(max(submission.last_output, submission.read_at) + STILL, submission.read_at + RESTLESS)

    def _write(self, typed: Typed, program: Reader | None) -> None:
        match typed:
            case InputMark():
                self._mark("", False)
            case SendText():
                self._write_text(typed, program)
            case RunAtPrompt():
                self._run(typed, program)
            case _:
                self._put(self._encoded(typed), program)
                if isinstance(typed, RawInput) and typed.mark:
                    self._mark("", False)

    def _run(self, wanted: RunAtPrompt, program: Reader | None) -> None:
        if program is None or not self._emulator.at_prompt:
            self._give_up(wanted, "It can be run when the shell is at its prompt.")
        elif not self._emulator.input_is_empty:
            self._give_up(wanted, "Something is typed at the prompt already, so nothing was run.")
        else:
            if self._escape_pressed:
                # It takes a key that does nothing on an empty line; else the mark of the paste would be taken.
                self._put(_ERASE_LINE, program)
            self._write_text(SendText(wanted.request, wanted.text, submit=True), program)

    def _write_text(self, wanted: SendText, program: Reader | None) -> None:
        if program is None:
            self._give_up(wanted, "No program runs that could read it.")
            return
        data, pasted = self._text(wanted)
        self._escape_pressed = False
        if data and not program.write_input(data):
            self._refuse(wanted)
        elif not wanted.submit:
            self._mark("", False)
            self._emit(SubmittedReport(wanted.request))
        elif not data and self._clock() >= self._typed_at + NO_ECHO:
            self._press_return(_Submission(wanted, False, self._clock()), program)
        else:
            self._submission = _Submission(wanted, pasted, self._clock())
            self._phase = _Phase.READING

    def _text(self, wanted: SendText) -> tuple[bytes, bool]:
        """The bytes of the text, and whether they are a paste. A single character is a key."""
        text = wanted.text.rstrip("\r\n") if wanted.submit else wanted.text
        if len(text) > 1 and 2004 in self._emulator.modes:
            return self._emulator.encode_paste(text), True
        return _LINE_END.sub("\r", text).encode("utf-8", "replace"), False

    def _press_return(self, submission: _Submission, program: Reader) -> None:
        # The mark goes first: what the program draws from here on is its answer.
        self._mark(submission.request.text.rstrip("\r\n"), submission.pasted)
        self._submission = None
        self._phase = _Phase.SUBMITTED
        self._returned_at = self._clock()
        if program.write_input(self._emulator.encode_key(_RETURN)):
            self._emit(SubmittedReport(submission.request.request))
        else:
            self._refuse(submission.request)

    def _go_on(self, program: Reader | None) -> None:
        self._phase = _Phase.FREE
        while self._waiting and self._phase is _Phase.FREE:
            typed, until = self._waiting.popleft()
            self._waiting_bytes -= _size(typed)
            if isinstance(typed, SendText | RunAtPrompt) and self._clock() >= until:
                self._give_up(typed, "Too much was sent before it, so the text was not typed.")
            else:
                self._write(typed, program)

    def _encoded(self, typed: KeyInput | RawInput | Paste) -> bytes:
        match typed:
            case KeyInput(newline_in=tools):
                if tools and self._tool(tools):
                    return self._new_line(typed)
                return self._emulator.encode_key(typed)
            case Paste(text=text):
                return self._emulator.encode_paste(text)
        return typed.data

    def _new_line(self, key: KeyInput) -> bytes:
        """Return with Shift or Ctrl in a tool for agents. All take Shift+Return for a new line, few Ctrl+Return."""
        if self._emulator.legacy_keys:
            return _NEW_LINE
        if key.modifiers & _HELD == Modifier.CONTROL:
            key = replace(key, modifiers=key.modifiers ^ (Modifier.CONTROL | Modifier.SHIFT))
        return self._emulator.encode_key(key)

    def _put(self, data: bytes, program: Reader | None) -> None:
        if data and program is not None:
            self._typed_at = self._clock()
            self._escape_pressed = data == _ESCAPE
            if not program.write_input(data):
                self._complain(None)

    def _refuse(self, typed: Typed) -> None:
        self._complain(typed.request if isinstance(typed, SendText | RunAtPrompt) else None)

    def _complain(self, request: int | None) -> None:
        limit = MAX_INPUT_BYTES >> 20
        reason = f"The program is not reading its input; more than {limit} MiB can't wait. Nothing was sent."
        self._emit(ErrorReport(reason, request))

    def _give_up(self, wanted: SendText | RunAtPrompt, reason: str) -> None:
        self._emit(ErrorReport(reason, wanted.request))


def _size(typed: Typed) -> int:
    """Bytes, or about as many."""
    match typed:
        case RawInput(data=data):
            return len(data)
        case Paste(text=text) | SendText(text=text) | RunAtPrompt(text=text):
            return 4 * len(text)
    return 16
