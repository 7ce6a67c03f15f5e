"""The one way from the server's thread to the window's: calls go over, snapshots and terminal output come back."""

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from podium.control.api.shapes import Call

Value = TypeVar("Value")


class Unfinished(Generic[Value]):
    """An answer whose last step takes longer than the window has time for; the server's thread takes it."""

    def __init__(self, finish: Callable[[], Value]) -> None:
        self.finish = finish


class Later(Generic[Value]):
    """An answer that comes later. Lives on the window's thread; the first outcome counts."""

    def __init__(self) -> None:
        self._receive: Callable[[Value | Exception], None] | None = None
        self._outcome: Value | Exception | None = None
        self._settled = False
        self._undo: Callable[[], None] | None = None

    def settle(self, outcome: Value | Exception) -> None:
        """The answer is there, or the reason why there is none."""
        if self._settled:
            return
        self._settled = True
        self._undo = None
        self._outcome = outcome
        if self._receive is not None:
            self._receive(outcome)

    def then(self, receive: Callable[[Value | Exception], None]) -> None:
        """Hand the outcome to ``receive``, at once when it is there."""
        self._receive = receive
        if self._settled and self._outcome is not None:
            receive(self._outcome)

    def go_on(self, begin: "Callable[[], Later[Value]]") -> None:
        """Be settled as what ``begin`` makes is, or with what it raises. Begins nothing when cancelled."""
        if self._settled:
            return
        try:
            begun = begin()
        except Exception as error:  # Whoever waits behind this one must not lose its turn.
            self.settle(error)
            return
        self.when_cancelled(begun.cancel)
        begun.then(self.settle)

    def when_cancelled(self, undo: Callable[[], None]) -> None:
        """What to do when nobody waits any more."""
        if not self._settled:
            self._undo = undo

    def cancel(self) -> None:
        if not self._settled:
            self._settled = True
            undo, self._undo = self._undo, None
            if undo is not None:
                undo()


class TerminalStream(Protocol):
    """The raw terminal of one instance, both ways. Used on the server's thread."""

    async def receive(self) -> bytes | None:
        """The next output, beginning with a redraw of the screen; None when the instance is gone."""

    def send(self, data: bytes) -> None:
        """Bytes for the program, as they are."""

    def close(self) -> None: ...


class Gateway(Protocol):
    """How the server reaches the window. Used on the server's thread."""

    async def call(self, call: Call) -> Any:
        """Carry out ``call`` on the window's thread and return its answer. Raises ApiError. Cancelling it takes back
        what still waits.
        """

    async def open_terminal(self, instance: str) -> TerminalStream:
        """Raises ApiError."""
