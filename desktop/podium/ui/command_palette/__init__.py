"""The command palette: everything that can be done, gone to or opened, in one list that is searched as one types."""
