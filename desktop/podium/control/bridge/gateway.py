"""The one way from the server's thread to the window's: calls go over, snapshots and terminal output come back."""

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from podium.control.api.shapes import Call

Value = TypeVar("Value")


class DeferredBody(Generic[Value]):
    """An answer whose last step takes longer than the window has time for; the server's thread takes it."""

    def __init__(self, finish: Callable[[], Value]) -> None:
        self.finish = finish


class TerminalStream(Protocol):
    """The raw terminal of one instance, both ways. Used on the server's thread."""

    async def receive(self) -> bytes | None:
        """The next output, beginning with a redraw of the screen; None when the instance is gone."""

    def send(self, data: bytes) -> None:
        """Bytes for the program, as they are."""

    def close(self) -> None: ...


class Gateway(Protocol):
    """The server's way to the window. Used on the server's thread."""

    async def call(self, call: Call) -> Any:
        """Carry out ``call`` on the window's thread and return its answer. Raises ApiError. Cancelling it takes back
        what still waits.
        """

    async def open_terminal(self, instance: str) -> TerminalStream:
        """Raises ApiError."""
