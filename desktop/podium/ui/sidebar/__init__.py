"""The left edge: the rail and the list of instances."""
