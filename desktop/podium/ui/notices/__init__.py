"""Short words in the corner of a window: what is told there, and for how long."""
