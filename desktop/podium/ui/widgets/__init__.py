"""Widgets and gestures used in several places."""
