"""The desktop's own service for notifications, and who is there to show tray icons."""
