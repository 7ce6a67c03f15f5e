"""The window's copy of a session: the screen, lines of the scrollback, and the cells of a line. Qt-free."""
