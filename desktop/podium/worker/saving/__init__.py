"""The session's last screen, kept on disk."""
