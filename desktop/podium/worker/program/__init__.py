"""The program of a session: its terminal, its processes, its limits and its end."""
