"""The fault matrix: real faults into a real Podium, what must come of them out. ``make test-faults`` prints it."""
