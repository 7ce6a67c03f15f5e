"""Searching: the terminal's lines as they were before they were wrapped, newest first."""
