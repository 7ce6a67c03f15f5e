"""The matches of a search in one terminal: which there are, which is the current one, where they show."""
