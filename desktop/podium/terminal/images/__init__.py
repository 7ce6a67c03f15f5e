"""Pictures of a terminal: their data, where they are placed, and which parts of rows show them."""
