"""The tab bar."""
