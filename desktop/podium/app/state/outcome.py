"""What the window that is open already made of an offer."""

from enum import Enum, auto


class Outcome(Enum):
    """What became of an offer."""

    TAKEN = auto()
    """The other window shows it."""
    NOT_YET = auto()
    """Nobody serves: there is no window, or one that has just started or is about to end."""
    NEVER = auto()
    """No window can be asked: only a server runs, another Podium, or one that does not answer."""


class NotTaken(Exception):
    """The other window refuses it for good; the message is for a person."""
