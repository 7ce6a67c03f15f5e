"""A terminal's lines as a document: text, HTML, terminal output or a recording, a page at a time."""
