"""Searching text: what is searched for, plain words, and the messages of the process that searches for patterns."""
