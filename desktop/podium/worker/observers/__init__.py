"""Observers of a program's output: watches, taps, pattern search."""
