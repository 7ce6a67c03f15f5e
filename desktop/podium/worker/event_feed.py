"""The events of the program on their way to the window: checked, and not more than the window can take."""

from collections.abc import Callable, Iterable
from typing import Final

from podium.core.clock import Clock
from podium.core.protocol.events import decode_line
from podium.core.protocol.program_channels import ACKNOWLEDGED, acknowledged_id
from podium.core.protocol.reports import AcknowledgedReport, ErrorReport, EventReport, Report

_EVENTS_PER_SECOND: Final = 2000
"""More than that waits in the pipe: what a program reports must not keep the window from its other instances."""
_COMPLAINT_INTERVAL: Final = 1.0


class EventFeed:
    """Reports event lines. After some lines it wants no more of them for a while."""

    def __init__(self, emit: Callable[[Report], None], clock: Clock) -> None:
        self._emit = emit
        self._clock = clock
        self._next_read = 0.0
        self._next_complaint = 0.0

    @property
    def ready(self) -> bool:
        """Whether more events are wanted by now."""
        return self._clock() >= self._next_read

    def next_deadline(self) -> float | None:
        """The time at which it is ready again; None while it is."""
        return None if self.ready else self._next_read

    def take(self, lines: list[bytes]) -> None:
        """Report what was read, and pause for as long as the window needs for it."""
        self._next_read = self._clock() + len(lines) / _EVENTS_PER_SECOND
        self._report(lines)

    def take_last(self, lines: list[bytes]) -> None:
        """Report what an ended program has left; the next program need not wait for that."""
        self._report(lines)
        self._next_read = 0.0

    def _report(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            try:
                event = decode_line(line)
            except ValueError as error:
                self._complain(f"The program sent an event that makes no sense: {str(error)[:200]}")
                continue
            if event.event != ACKNOWLEDGED:
                self._emit(EventReport(event.event, event.data))
            elif (request := acknowledged_id(event)) is not None:
                self._emit(AcknowledgedReport(request))

    def _complain(self, message: str) -> None:
        if self._clock() >= self._next_complaint:
            self._next_complaint = self._clock() + _COMPLAINT_INTERVAL
            self._emit(ErrorReport(message))
