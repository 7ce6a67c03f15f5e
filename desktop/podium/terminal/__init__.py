"""The terminal engine: bytes in, screen out. Knows neither PTY nor window."""

from podium.terminal.cell import Cell
from podium.terminal.emulator import Emulator

__all__ = ["Cell", "Emulator"]
