"""One session: a program in a PTY, its screen, its event and control pipes. Runs in a process of its own."""
