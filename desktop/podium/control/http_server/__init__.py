"""The HTTP and WebSocket server: access, reading requests, writing answers. No Qt."""
