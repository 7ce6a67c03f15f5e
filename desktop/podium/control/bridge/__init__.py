"""From the server's thread to the window's and back."""
