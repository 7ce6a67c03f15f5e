"""The session backends: workers through QProcess, and sessions on threads of the window's own process."""
