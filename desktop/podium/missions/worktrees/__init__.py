"""Checkouts of a repository for agents, and merging what they did; the person's own checkout is never touched."""
