"""The history: every run, and the live processes, in one SQLite file that several programs share."""
