"""The terminal view: paints frames and emits what the person at it wants as requests."""

from podium.ui.terminal.view import TerminalView

__all__ = ["TerminalView"]
