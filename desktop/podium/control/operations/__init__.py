"""Carries calls out on the main thread: the same commands on the same workspace as the window's."""
