"""The hub between those who run sessions and those who use them."""
