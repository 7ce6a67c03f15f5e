"""The HTTP and WebSocket server: who may connect, and how requests are read and answered."""
