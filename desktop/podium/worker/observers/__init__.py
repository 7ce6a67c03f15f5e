"""Who looks at a program's output: watches, taps, pattern search."""
