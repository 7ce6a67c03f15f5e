"""Settings and the checked reading of TOML files."""
