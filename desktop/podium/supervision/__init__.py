"""When a worker is started, restarted, given up or ended. Pure: no process, no Qt, time is injected."""
