"""The screen's state and what changes it: rows, attributes, cursor, scrollback."""
