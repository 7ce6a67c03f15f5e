"""The screen to frames, lines, snapshots and redraw sequences."""
