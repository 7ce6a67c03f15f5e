"""Podium itself: its health, its settings, the description of its API."""
