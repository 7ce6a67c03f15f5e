"""Searching a session's scrollback and screen, a few milliseconds at a time."""
