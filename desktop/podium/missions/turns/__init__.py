"""One agent's turn: what it is given, running it, trying again, and its own reports."""
