"""Shared by every room: ids, value types, contracts, schemas. Imports nothing else of Podium."""
