"""The order in which text is shown, from right to left where its letters are written so (UAX #9)."""
