"""What a command or an address is told."""

import msgspec


class CallProblem(Exception):
    """Why a call came to nothing: a sentence, and one with what to do."""


class Message(msgspec.Struct, frozen=True, rename="camel"):
    """One alert, or one digest of several."""

    event: str
    """``question``, ``done``, ``failed`` or ``digest``."""
    title: str
    text: str
    """May have several lines."""
    instance: str = ""
    """Its id; "" in a digest."""
    name: str = ""
