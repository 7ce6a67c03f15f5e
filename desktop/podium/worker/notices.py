"""Notices from the terminal's events to the person: bells and notices, each kind once a second at most."""

from collections.abc import Callable, Iterable
from typing import Final

from podium.core.clock import Clock
from podium.core.protocol.reports import BellReport, NoticeReport, Report
from podium.terminal.screen.events import Bell, Event, Notice

_BELL_INTERVAL: Final = 1.0
_NOTICE_INTERVAL: Final = 1.0


class Notices:
    """Reports bells and notices; those that come too fast are dropped."""

    def __init__(self, emit: Callable[[Report], None], clock: Clock) -> None:
        self._emit = emit
        self._clock = clock
        self._next_bell = 0.0
        self._next_notice = 0.0

    def report(self, events: Iterable[Event]) -> None:
        for event in events:
            match event:
                case Bell() if self._clock() >= self._next_bell:
                    self._next_bell = self._clock() + _BELL_INTERVAL
                    self._emit(BellReport())
                case Notice(title=title, body=body) if self._clock() >= self._next_notice:
                    self._next_notice = self._clock() + _NOTICE_INTERVAL
                    self._emit(NoticeReport(title, body))
