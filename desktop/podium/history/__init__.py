"""What happened: every run, and which processes are alive, in one SQLite file that several programs share."""
