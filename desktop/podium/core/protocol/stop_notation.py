"""Notation of the way a program is stopped, as a person writes it: a signal, keys, or a line to type."""

import signal

from podium.core.instances import StopBy, StopMethod
from podium.core.protocol.key_notation import parse_keys


def parse_stop(text: str) -> StopMethod:
    """``SIGINT`` is a signal, ``Ctrl+C`` and ``q`` are keys, ``/exit`` is typed with Return; "" is the usual way.

    Raises ValueError, with words for a person, for a signal that does not exist here.
    """
    text = " ".join(text.split())
    if not text:
        return StopMethod()
    if text.isupper() and text.startswith("SIG"):
        if text not in signal.Signals.__members__:
            raise ValueError(f"There is no signal {text} here; SIGINT and SIGTERM are two that there are.")
        return StopMethod(StopBy.SIGNAL, text)
    try:
        parse_keys(text)
    except ValueError:
        if "+" in text and " " not in text and not text.startswith("/"):
            raise  # A key that is mistyped; nobody types such a line.
        return StopMethod(StopBy.TEXT, text)
    return StopMethod(StopBy.KEYS, text)
