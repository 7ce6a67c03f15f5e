"""An alert in words, and what shows it."""

from typing import Protocol

import msgspec

from podium.attention.alerts import Alert


class Notice(msgspec.Struct, frozen=True):
    """An alert in words for a person, in one line each, without control characters."""

    alert: Alert
    name: str
    """The instance's."""
    title: str
    """The name and what is the matter: "flaky-tests waits for you"."""
    body: str
    """The question, or how it ended; "" when nothing is known."""
    facts: str = ""
    """``body`` without anything that a program wrote: rounds, cost, time."""
    answerable: bool = False
    """The question is a yes or no that Podium can answer."""
    important: bool = False
    """Its instance may call for a person at any time."""


class NoticeSink(Protocol):
    """A way to tell a person."""

    def show(self, notice: Notice) -> None:
        """Tell it. Returns at once."""

    def withdraw(self, number: int) -> None:
        """What was told of the alert with this number no longer counts."""


class NoSink:
    """Where there is no desktop."""

    def show(self, notice: Notice) -> None:
        pass

    def withdraw(self, number: int) -> None:
        pass
