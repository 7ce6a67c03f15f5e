"""Maintenance of an open window: settings, disk space, sleep, garbage collection."""
