"""The operating system: processes, signals, folders, private files, environment."""
