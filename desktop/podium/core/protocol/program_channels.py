"""Both ends of the two pipes between a program and its session: events up, control down.

The contract is public (ARCHITECTURE.md). Events are JSON lines of at most 64 KiB, written to the inherited
descriptor in ``PODIUM_EVENTS_FD``. Control is JSON lines ``{"id": 7, "command": "finish-round", "text": ""}``
read from ``PODIUM_CONTROL_FD`` and acknowledged as the event ``{"event": "control:ack", "data": {"id": 7}}``. On
Windows, which lets a program in a console inherit nothing, ``PODIUM_EVENTS_PIPE`` and ``PODIUM_CONTROL_PIPE`` hold the
names of pipes instead.

A line of at most PIPE_BUF bytes (4 KiB on Linux, 512 on macOS) arrives whole, even if others write to the pipe;
longer lines are whole only as long as one process writes.
"""

import atexit
import contextlib
import os
import stat
import sys
import threading
import time
from collections.abc import Callable, MutableMapping
from typing import Any, Final, NamedTuple, Self

import msgspec

from podium.core.protocol.events import MAX_EVENT_BYTES, ProgramEvent, WireEvent, encode_line
from podium.core.protocol.requests import ControlCommand
from podium.core.system.pipes.descriptors import WRITABLE, new_poller
from podium.core.system.pipes.streams import Stream, reading_stream, writing_stream

EVENTS_FD: Final = "PODIUM_EVENTS_FD"
CONTROL_FD: Final = "PODIUM_CONTROL_FD"
EVENTS_PIPE: Final = "PODIUM_EVENTS_PIPE"
CONTROL_PIPE: Final = "PODIUM_CONTROL_PIPE"

MAX_CONTROL_BYTES: Final = 64 * 1024
ACKNOWLEDGED: Final = "control:ack"

_LAST_EVENTS: Final = 0.5
"""Seconds that a thread may take to pass on what an ended program reported last."""
_PATIENCE: Final = 2.0
"""Seconds one event may wait for a reader that has stopped reading."""
_MAX_TEXT: Final = 4096
"""Texts are cut to this many characters when an event would be too long for its line."""
_READ_SIZE: Final = 64 * 1024


class ControlRequest(msgspec.Struct, frozen=True):
    """One line of the control channel."""

    id: int
    command: ControlCommand
    text: str = ""


class Channel(NamedTuple):
    """One pipe as its host sees it. Close ``program`` once the program has been started.

    ``program`` is inheritable, ``host`` is not. ``environment`` tells the program the number of its end.
    """

    host: int
    program: int
    environment: dict[str, str]


class LineBuffer:
    """Cuts a stream of bytes into lines, keeping at most ``max_bytes`` of an unfinished one.

    A longer line is dropped whole and counted in ``dropped``.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._rest = bytearray()
        self._skipping = False
        self.dropped = 0

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that ``data`` completes, without their newlines; empty lines are left out."""
        lines: list[bytes] = []
        *ended, rest = data.split(b"\n")
        for piece in ended:
            self._append(piece)
            if not self._skipping and self._rest:
                lines.append(bytes(self._rest))
            self._rest.clear()
            self._skipping = False
        self._append(rest)
        return lines

    def _append(self, piece: bytes) -> None:
        if self._skipping:
            return
        if len(self._rest) + len(piece) > self._max_bytes:
            self._rest.clear()
            self._skipping = True
            self.dropped += 1
            return
        self._rest += piece


# The program's side


class EventWriter:
    """Reports events to the parent of this program; does nothing without a reader. Threads may share it."""

    def __init__(self, stream: Stream | None) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._rest = b""
        self._patience = _PATIENCE
        self.dropped = 0
        """Events the reader was too slow for, or that were too long."""

    @classmethod
    def from_environment(cls, environment: MutableMapping[str, str] = os.environ) -> Self:
        """Take the event channel over: what this program starts inherits neither the pipe nor its number or name."""
        writer = cls(_claim(EVENTS_FD, EVENTS_PIPE, environment, writes=True))
        if sys.platform == "win32":
            atexit.register(writer.close)  # What a thread has not passed on yet would be lost.
        return writer

    @property
    def connected(self) -> bool:
        return self._stream is not None

    def write(self, event: ProgramEvent) -> None:
        line = encode_line(event)
        if len(line) > MAX_EVENT_BYTES:
            line = encode_line(_shortened(event))
        self._write_line(line)

    def acknowledge(self, request: ControlRequest) -> None:
        """Tell that ``request`` was understood and is being carried out."""
        self._write_line(msgspec.json.encode(WireEvent(ACKNOWLEDGED, {"id": request.id})) + b"\n")

    def hand_back(self) -> None:
        """Let this process take the channel over once more: an inherited pipe can be, a named one is open only once."""
        if sys.platform == "win32":
            self.close()

    def close(self) -> None:
        with self._lock:
            self._close(_PATIENCE)

    def _close(self, patience: float = 0.0) -> None:
        if self._stream is not None:
            self._stream.close(patience)
            self._stream = None

    def _write_line(self, line: bytes) -> None:
        with self._lock:
            if self._stream is None:
                return
            if len(line) > MAX_EVENT_BYTES:
                self.dropped += 1
                return
            try:
                self._drain(line)
            except OSError:
                self._close()  # The reader has gone (EPIPE): that is its business, not the program's.

    def _drain(self, line: bytes) -> None:
        """Write what is left of the line before, then ``line``. Waits once for a stuck reader."""
        stream = self._stream
        assert stream is not None
        deadline = time.monotonic() + self._patience
        unsent = self._rest + line
        while unsent:
            try:
                written = stream.write(unsent)
            except BlockingIOError:
                remaining = deadline - time.monotonic()
                if remaining > 0:
                    _wait_writable(stream.fileno(), remaining)
                    continue
                self._patience = 0.0
                if len(unsent) >= len(line):  # Nothing of this line is on the wire yet, so it can go.
                    self.dropped += 1
                    unsent = unsent[: len(unsent) - len(line)]
                break
            unsent = unsent[written:]
        else:
            self._patience = _PATIENCE
        self._rest = unsent


class ControlReader:
    """Reads what the session asks of this program. ``read`` never blocks; wait on ``fileno`` for more."""

    def __init__(self, stream: Stream | None) -> None:
        self._stream = stream
        self._lines = LineBuffer(MAX_CONTROL_BYTES)

    @classmethod
    def from_environment(cls, environment: MutableMapping[str, str] = os.environ) -> Self:
        """Take the control channel over, as EventWriter does with its own."""
        return cls(_claim(CONTROL_FD, CONTROL_PIPE, environment, writes=False))

    def fileno(self) -> int | None:
        """The descriptor to wait on, or None when there is no channel (any more)."""
        return self._stream.fileno() if self._stream is not None else None

    def read(self) -> list[ControlRequest]:
        """The requests that have arrived. Lines that make no sense are passed over."""
        if self._stream is None:
            return []
        try:
            data = self._stream.read(_READ_SIZE)
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        if not data:
            self.close()
            return []
        return [request for line in self._lines.feed(data) if (request := _parse_control(line)) is not None]

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def _claim(
    number_name: str, pipe_name: str, environment: MutableMapping[str, str], *, writes: bool
) -> Stream | None:
    """The host's pipe, taken out of the environment and closed to children, or None."""
    number, pipe = environment.pop(number_name, ""), environment.pop(pipe_name, "")
    try:
        if sys.platform == "win32":
            from podium.core.system.pipes.named_pipes import open_pipe

            return open_pipe(pipe, writes=writes) if pipe else None
        descriptor = _inherited(number)
        if descriptor is None:
            return None
        return writing_stream(descriptor) if writes else reading_stream(descriptor)
    except OSError:
        return None


def _inherited(text: str) -> int | None:
    """The inherited pipe whose number is ``text``."""
    if not text.isascii() or not text.isdigit() or int(text) <= 2:
        return None
    descriptor = int(text)
    try:
        mode = os.fstat(descriptor).st_mode
        if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
            return None  # The number outlived the pipe and names something else now.
        os.set_inheritable(descriptor, False)
    except (OSError, OverflowError):
        return None
    return descriptor


def _wait_writable(descriptor: int, seconds: float) -> None:
    poller = new_poller()
    poller.register(descriptor, WRITABLE)
    # A pipe counts as writable with a page free, which can still be too little for a longer line.
    if poller.poll(seconds * 1000):
        time.sleep(0.005)


def _shortened(event: ProgramEvent) -> ProgramEvent:
    cuts: dict[str, Any] = {
        name: value[:_MAX_TEXT] + "…"
        for name in event.__struct_fields__
        if isinstance(value := getattr(event, name), str) and len(value) > _MAX_TEXT
    }
    return msgspec.structs.replace(event, **cuts)


def _parse_control(line: bytes) -> ControlRequest | None:
    try:
        return msgspec.json.decode(line, type=ControlRequest)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


# The host's side


class HostChannels:
    """Both channels of one program. The host owns ``events`` and ``control``, and closes them."""

    def __init__(self) -> None:
        """Raises OSError."""
        self.environment: dict[str, str] = {}
        """Tells the program its ends."""
        self.inherited: tuple[int, ...] = ()
        """Descriptors that the program has to inherit."""
        self._finish_events: Callable[[float], None] = lambda _: None
        with contextlib.ExitStack() as if_it_fails:
            self.events = self._open(if_it_fails, open_event_channel, EVENTS_PIPE)
            self.control = self._open(if_it_fails, open_control_channel, CONTROL_PIPE)
            if_it_fails.pop_all()

    def _open(
        self, if_it_fails: contextlib.ExitStack, open_channel: Callable[[], Channel], pipe_name: str
    ) -> Stream:
        reads = pipe_name == EVENTS_PIPE
        if sys.platform == "win32":
            from podium.core.system.pipes.named_pipes import NamedPipe, PipeStream

            pipe = NamedPipe(reads=reads)
            self.environment[pipe_name] = pipe.name
            stream: Stream = (by_thread := PipeStream(pipe, reads=reads))
            if reads:
                self._finish_events = by_thread.finish
        else:
            channel = open_channel()
            if_it_fails.callback(os.close, channel.program)
            self.environment |= channel.environment
            self.inherited += (channel.program,)
            stream = reading_stream(channel.host) if reads else writing_stream(channel.host)
        if_it_fails.callback(stream.close)
        return stream

    def close_inherited(self) -> None:
        """The program has its ends, or will never be started."""
        for descriptor in self.inherited:
            os.close(descriptor)
        self.inherited = ()

    def finish_events(self) -> None:
        """The program has ended: what it reported last can be read at once from here on."""
        self._finish_events(_LAST_EVENTS)


def open_event_channel() -> Channel:
    """A pipe on which the host reads the program's events."""
    host, program = os.pipe()
    return _channel(host, program, EVENTS_FD)


def open_control_channel() -> Channel:
    """A pipe on which the host writes control lines to the program."""
    program, host = os.pipe()
    return _channel(host, program, CONTROL_FD)


def encode_control(request: ControlRequest) -> bytes:
    """One line, newline included, for the control channel."""
    return msgspec.json.encode(request) + b"\n"


def acknowledged_id(event: WireEvent) -> int | None:
    """The id of the control request that ``event`` acknowledges; None when it is no (valid) acknowledgement."""
    if event.event != ACKNOWLEDGED:
        return None
    number = event.data.get("id")
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _channel(host: int, program: int, name: str) -> Channel:
    os.set_inheritable(program, True)
    return Channel(host, program, {name: str(program)})
