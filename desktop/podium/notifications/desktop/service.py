"""What a desktop's service shows, and what a person does with it."""

from collections.abc import Callable
from typing import Final, Protocol

import msgspec

MAX_OPEN: Final = 32
"""Notifications that a service shows at a time; the oldest one goes for the next."""


class DesktopNotice(msgspec.Struct, frozen=True):
    """One notification: plain text in one line each, no markup."""

    number: int
    """Of the alert."""
    title: str
    body: str = ""
    answerable: bool = False
    """It has *Allow* and *Deny*."""
    important: bool = False


class Clicked(msgspec.Struct, frozen=True):
    """A person wants to see what the notification is about."""

    number: int
    token: str = ""
    """By which the desktop lets the window come forward; "" where it gave none."""


class Answered(msgspec.Struct, frozen=True):
    """A person pressed *Allow* or *Deny*."""

    number: int
    allow: bool
    token: str = ""


DesktopEvent = Clicked | Answered
TellEvent = Callable[[DesktopEvent], None]
"""Called on any thread."""


class DesktopService(Protocol):
    """Nothing of it waits; all of it may be called where no service runs."""

    def show(self, notice: DesktopNotice) -> None: ...

    def withdraw(self, number: int) -> None: ...

    def close(self) -> None:
        """Withdraw everything; only for the very end."""
