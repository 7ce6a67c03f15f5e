"""Who needs a person: from signals of a program to busy, waiting, quiet, done or failed. No Qt; the clock is given."""
