"""Ways out of this machine, or to a program of the person's: they get words, and nothing comes back."""
