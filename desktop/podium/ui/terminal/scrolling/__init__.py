"""Scrollback: position, bar and fetched lines."""
