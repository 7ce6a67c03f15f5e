"""The instances as the window and the control API see them: their states, their arrangement, their commands."""
