"""Links in a terminal's text: what can be opened, found line by line. Text in, links out; nothing touches the disk."""
