"""Hooks of agents' tools: put into the tools' own settings, taken out again, and what they tell. No Qt in here."""
