"""The history page: what ran, what it came to, and what it cost."""
