"""From arguments to a running window or server, and its orderly end."""
