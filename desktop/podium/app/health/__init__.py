"""What keeps an open window well: maintenance, disk space, sleep, garbage collection."""
