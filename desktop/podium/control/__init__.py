"""The control API: what the window can do, a program can do, over HTTP and WebSocket; and its client, ``ctl``."""
