"""Messages between window, workers and programs: typed messages, frames, events."""
