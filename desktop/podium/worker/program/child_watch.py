"""The end of a program, and who tells of it."""

from dataclasses import dataclass
from typing import Final, Protocol

POLL_INTERVAL: Final = 0.05


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a program: with ``code``, or by ``signal``."""

    code: int | None
    signal: int | None


class ChildWatch(Protocol):
    """Watches one program."""

    @property
    def descriptor(self) -> int | None:
        """Readable once the program has ended; None where the platform has no such thing, and ``poll`` is asked every
        ``POLL_INTERVAL`` seconds.
        """

    def poll(self) -> Ended | None:
        """The program's end, or None while it runs."""

    def close(self) -> None: ...
