"""Workspace files: instances, written down to be added together."""
