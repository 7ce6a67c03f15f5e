"""Signals by name, for people."""

import signal


def signal_name(number: int) -> str:
    """``SIGKILL``; ``signal 77`` where the platform has no name for it."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
