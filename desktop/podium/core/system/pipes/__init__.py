"""Pipes and local sockets: waiting for several at once, and what stands for them on Windows."""
