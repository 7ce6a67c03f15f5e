"""Sessions of agents' tools that a person works with, as the tools keep them: which one a process has, what it used."""
