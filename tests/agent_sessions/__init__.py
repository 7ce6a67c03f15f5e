"""Stores of real tools in, sessions and their use out."""
