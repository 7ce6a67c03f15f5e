"""Frames to pixels."""
