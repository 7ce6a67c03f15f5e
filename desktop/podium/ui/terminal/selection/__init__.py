"""The selected text, by characters, words, lines or as a block. Qt-free."""
