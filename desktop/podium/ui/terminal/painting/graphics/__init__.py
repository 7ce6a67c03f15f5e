"""Characters drawn as geometry of one cell instead of with a font, so that neighbours join."""
