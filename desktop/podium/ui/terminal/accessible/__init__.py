"""A terminal as assistive technology reads it: its visible text, its cursor, and what is new."""
