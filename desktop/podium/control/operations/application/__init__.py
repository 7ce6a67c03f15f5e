"""Podium itself: its health, and its settings."""
