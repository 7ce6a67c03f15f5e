"""The session as this window knows it: the screen, lines of the scrollback, and the cells of a line. Qt-free."""
