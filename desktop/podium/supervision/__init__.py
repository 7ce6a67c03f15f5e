"""Decides when workers and programs start, restart, fail or end. Pure: no process, no Qt, time is injected."""
