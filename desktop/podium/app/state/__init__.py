"""State that outlives the window: history, recovery, workspace file, settings file."""
