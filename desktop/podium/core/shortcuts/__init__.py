"""Which keys carry out which command: how keys are written, presets, the person's own file and what is in conflict."""
