"""What instances use: a person's time, and what is told of it."""
