"""Adapters: what Podium knows about each agent's command line, as data in TOML files."""
