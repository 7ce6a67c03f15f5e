"""Raw output for attached readers: as it comes while a reader keeps up, a redraw of the screen when it did not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from podium.core.clock import Clock
from podium.core.protocol.reports import ErrorReport, Report, TappedReport
from podium.core.protocol.requests import Tap
from podium.terminal import Emulator

MAX_TAPS: Final = 16
_REDRAW_INTERVAL: Final = 1 / 30
_SEND_INTERVAL: Final = 0.004
"""A program may print a byte at a time; each of them in a message of its own would be too many."""
_MAX_PIECE: Final = 64 * 1024


@dataclass(slots=True)
class _Tapped:
    number: int
    credit: int
    behind: bool = True
    """Something was left out, or the screen changed without output: it needs a redraw."""
    next_redraw: float = 0.0
    waiting: bytearray = field(default_factory=bytearray)
    next_send: float = 0.0


class Taps:
    """The taps of one session."""

    def __init__(self, emulator: Emulator, emit: Callable[[Report], None], clock: Clock) -> None:
        self._emulator = emulator
        self._emit = emit
        self._clock = clock
        self._tapped: dict[int, _Tapped] = {}

    def add(self, wanted: Tap) -> None:
        if len(self._tapped) >= MAX_TAPS:
            self._emit(ErrorReport(f"{MAX_TAPS} readers of its terminal are the most.", wanted.request))
            return
        self._tapped[wanted.request] = _Tapped(wanted.request, wanted.credit)

    def remove(self, number: int) -> None:
        self._tapped.pop(number, None)

    def grant(self, number: int, credit: int) -> None:
        tapped = self._tapped.get(number)
        if tapped is not None:
            tapped.credit += max(0, credit)

    def on_output(self, data: bytes) -> None:
        """The emulator has just taken in ``data``."""
        for tapped in self._tapped.values():
            if tapped.behind:
                continue
            if len(tapped.waiting) + len(data) > tapped.credit:
                self._fall_behind(tapped)
            else:
                tapped.waiting += data

    def on_redrawn(self) -> None:
        """The screen changed without output."""
        for tapped in self._tapped.values():
            self._fall_behind(tapped)

    def _fall_behind(self, tapped: _Tapped) -> None:
        tapped.behind = True
        tapped.waiting.clear()

    def next_deadline(self) -> float | None:
        if not self._tapped:
            return None
        # Without credit a new grant wakes the session; in the middle of a sequence more output does.
        at_ground = self._emulator.at_ground
        due = [
            tapped.next_redraw if tapped.behind else tapped.next_send
            for tapped in self._tapped.values()
            if tapped.waiting or (tapped.behind and tapped.credit > 0 and at_ground)
        ]
        return min(due, default=None)

    def step(self) -> None:
        """Send what waits; redraw for readers that are behind and have credit."""
        if not self._tapped:
            return
        now = self._clock()
        picture: bytes | None = None
        for tapped in self._tapped.values():
            if tapped.waiting and now >= tapped.next_send:
                tapped.next_send = now + _SEND_INTERVAL
                self._send(tapped, bytes(tapped.waiting), redraw=False)
                tapped.waiting.clear()
            if not tapped.behind or tapped.credit <= 0 or now < tapped.next_redraw:
                continue
            if not self._emulator.at_ground:
                continue
            if picture is None:
                picture = self._emulator.redraw()
            tapped.behind = False
            tapped.next_redraw = now + _REDRAW_INTERVAL
            self._send(tapped, picture, redraw=True)

    def _send(self, tapped: _Tapped, data: bytes, *, redraw: bool) -> None:
        # A redraw may overdraw the credit: half a screen would be no use, and none is sent before it is paid back.
        tapped.credit -= len(data)
        for at in range(0, len(data), _MAX_PIECE):
            self._emit(TappedReport(tapped.number, data[at : at + _MAX_PIECE], redraw))
