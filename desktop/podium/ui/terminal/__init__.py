"""The terminal view: paints frames and emits the person's actions as requests."""

from podium.ui.terminal.view import TerminalView

__all__ = ["TerminalView"]
