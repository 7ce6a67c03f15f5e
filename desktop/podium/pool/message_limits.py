"""Limits of what one worker may send before the window ends it. Pure: times come in from outside.

A healthy worker is far from every limit here. A flood from one would keep the window from all the others.
"""

from typing import Final

from podium.core.protocol.frames import Frame
from podium.core.protocol.reports import LinesReport, Report, TextReport

MAX_MESSAGES: Final = 20_000
"""A second."""
MAX_WAITING_BYTES: Final = 8 << 20
"""Received and not decoded yet. Decoding shares the window's thread, so a flood arrives faster than it is read."""
MAX_UNREADABLE: Final = 100
MAX_PLAIN_BYTES: Final = 256 << 10
"""Of one message that is no frame, lines or text; those alone are big, and are cut into parts of this size."""
MAX_UNFINISHED_BYTES: Final = 256 << 20
"""Of the parts of a frame or an answer whose last part is still to come."""
PARTIAL_SECONDS: Final = 1.9
"""Seconds that a message may take from its first byte to its last: with the time it takes to act, 2 s."""
_LATE_SECONDS: Final = 0.5
"""A check that comes this late was held up itself: that is no fault of the worker's."""

_PARTED: Final = (Frame, LinesReport, TextReport)


class OverLimit(Exception):
    """The worker went over a limit; the message is for a person."""


class MessageLimits:
    """Counts what one worker sends. Every method raises OverLimit when that was too much."""

    def __init__(self) -> None:
        self._second = 0.0
        self._messages = 0
        self._unreadable = 0
        self._unfinished = 0
        self._partial_until: float | None = None
        self._warned = False

    def on_received(self, waiting: int) -> None:
        """``waiting`` bytes are to be decoded by now."""
        if waiting > MAX_WAITING_BYTES:
            raise OverLimit(f"It sent faster than it can be read: {waiting >> 20} MiB were waiting.")

    def on_message(self, message: Report, size: int, now: float) -> None:
        """One message of ``size`` bytes was decoded."""
        self._count(now)
        if not isinstance(message, _PARTED):
            if size > MAX_PLAIN_BYTES:
                raise OverLimit(f"It sent one message of {size >> 10} KiB.")
            return
        self._unfinished = self._unfinished + size if message.more else 0
        if self._unfinished > MAX_UNFINISHED_BYTES:
            raise OverLimit(f"It sent {self._unfinished >> 20} MiB of an answer without an end.")

    def on_unreadable(self, reason: str, now: float) -> None:
        """A well-framed message made no sense; some are tolerated."""
        self._count(now)
        self._unreadable += 1
        if self._unreadable > MAX_UNREADABLE:
            raise OverLimit(f"It sent {self._unreadable} messages that make no sense: {reason}.")

    def on_drained(self, partial: bool, progress: bool, now: float) -> float | None:
        """All whole messages are decoded. ``partial``: another one has begun; ``progress``: one ended just now.

        Returns in how many seconds ``on_late`` is to be called, or None.
        """
        if not partial:
            self._partial_until = None
        elif progress or self._partial_until is None:
            self._partial_until = now + PARTIAL_SECONDS
            self._warned = False
        return None if self._partial_until is None else max(0.0, self._partial_until - now)

    def on_late(self, now: float) -> float | None:
        """The time ``on_drained`` asked for is over. Returns as that does."""
        if self._partial_until is None:
            return None
        if now - self._partial_until > _LATE_SECONDS:
            return self.on_drained(partial=True, progress=True, now=now)
        if not self._warned:
            # Once more round the event loop: the rest may be here and not read yet.
            self._warned = True
            return 0.0
        raise OverLimit(f"It began a message and did not end it within {PARTIAL_SECONDS:.0f} s.")

    def _count(self, now: float) -> None:
        if now - self._second >= 1.0:
            self._second, self._messages = now, 0
        self._messages += 1
        if self._messages > MAX_MESSAGES:
            raise OverLimit(f"It sent more than {MAX_MESSAGES:,} messages within a second.")
