"""``podium ctl``: drives a running Podium from a terminal, a script or an agent's hook. No Qt, and quick to start."""
