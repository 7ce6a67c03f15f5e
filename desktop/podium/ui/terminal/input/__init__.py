"""Qt's key, mouse and clipboard events to requests."""
