"""Podium: several long-lived orchestrators side by side, each in its own worker and terminal."""

__version__ = "0.1.0"
