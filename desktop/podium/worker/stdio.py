"""The worker's way to its window: messages over descriptors 0 and 1. Control goes first, screens second."""

from collections import deque
from typing import Final

from podium.core.protocol.frames import Frame
from podium.core.protocol.images import ImageReport
from podium.core.protocol.reports import (
    AcknowledgedReport,
    BellReport,
    ClipboardReport,
    CommandEndedReport,
    CommandsReport,
    ErrorReport,
    EventReport,
    FoundLinesReport,
    FoundReport,
    LinesReport,
    NoticeReport,
    OutputReport,
    ProgressReport,
    Report,
    ScreenReport,
    TappedReport,
    TextReport,
)
from podium.core.protocol.requests import Request
from podium.core.system.pipes.streams import Stream
from podium.ipc.framing import ProtocolError, Unreadable, request_decoder
from podium.ipc.parts import encode_parts

_READ_BYTES: Final = 256 * 1024
_LAST_REPORTS: Final = 2.0
"""Seconds that a slow window gets at the end to take what was sent; less than those after which it ends a worker."""
_MAX_QUEUED: Final = 8 << 20
"""More unsent output than this means that the window is stuck; reports it can live without are then dropped."""
_MAX_QUEUED_MESSAGES: Final = 10_000
"""As many more: a window that wakes up gets all that waits at once, and ends a worker that sends 20,000 a second."""
_DROPPABLE: Final = (
    EventReport,
    AcknowledgedReport,
    NoticeReport,
    ClipboardReport,
    ProgressReport,
    BellReport,
    CommandEndedReport,
    ErrorReport,
    OutputReport,
)
"""Reports that a program can cause without end. All else is asked for or acknowledged, so little of it can pile up."""
_SCREENS: Final = (
    Frame,
    LinesReport,
    TextReport,
    ImageReport,
    CommandsReport,
    ScreenReport,
    TappedReport,
    OutputReport,
    FoundReport,
    FoundLinesReport,
)
"""Reports that show output: they go second, and in their order."""


class StdioTransport:
    """Non-blocking messages over two streams, which this object owns from now on."""

    def __init__(self, read: Stream, write: Stream) -> None:
        self._read = read
        self._write = write
        self._decoder = request_decoder()
        self._control: deque[bytes] = deque()
        self._output: deque[bytes] = deque()
        self._current = b""
        self._queued = 0

    @property
    def read_descriptor(self) -> int:
        return self._read.fileno()

    @property
    def write_descriptor(self) -> int | None:
        return self._write.fileno()

    @property
    def unsent(self) -> bool:
        return bool(self._current or self._control or self._output)

    def receive(self) -> list[Request] | None:
        try:
            data = self._read.read(_READ_BYTES)
        except BlockingIOError:
            return []
        except OSError:
            return None
        if not data:
            return None
        self._decoder.feed(data)
        requests: list[Request] = []
        try:
            while (message := self._decoder.next_message()) is not None:
                if not isinstance(message, Unreadable):
                    requests.append(message)
        except ProtocolError:
            return None  # A protocol error ends the worker.
        return requests

    def send(self, report: Report) -> None:
        if self._is_stuck() and isinstance(report, _DROPPABLE):
            return
        queue = self._output if isinstance(report, _SCREENS) else self._control
        for data in encode_parts(report):
            queue.append(data)
            self._queued += len(data)

    def _is_stuck(self) -> bool:
        return self._queued > _MAX_QUEUED or len(self._control) >= _MAX_QUEUED_MESSAGES

    def flush(self) -> bool:
        while self.unsent:
            if not self._current:
                self._current = (self._control or self._output).popleft()
            try:
                written = self._write.write(self._current)
            except BlockingIOError:
                return True
            except OSError:
                return False
            self._current = self._current[written:]
            self._queued -= written
        return True

    def close(self) -> None:
        self._read.close()
        self._write.close(_LAST_REPORTS)
