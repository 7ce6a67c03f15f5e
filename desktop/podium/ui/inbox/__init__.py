"""The inbox: what waits for a person and what they have not seen, to be answered from there."""
