"""Free splits: which panes lie beside and below which, and how large each is."""
