"""Copy mode: a cursor of the person's own that moves over screen and scrollback and selects, by keys alone."""
