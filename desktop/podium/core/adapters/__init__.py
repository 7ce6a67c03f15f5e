"""Adapters: the command line of each agent tool, described as data in TOML files."""
