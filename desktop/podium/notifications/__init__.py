"""What tells a person of alerts outside the window: the desktop, the tray, a command, an address."""
