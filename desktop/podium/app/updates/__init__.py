"""Whether there is a newer Podium: asked of the release feed, only when a person or the settings say so."""
