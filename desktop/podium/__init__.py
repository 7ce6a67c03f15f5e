"""Podium: several long-lived programs side by side, each in its own worker process and terminal."""

__version__ = "0.1.0"
