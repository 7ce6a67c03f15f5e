"""Keys, mouse, clipboard and size to requests."""
