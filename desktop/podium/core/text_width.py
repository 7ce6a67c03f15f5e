"""The width of text in a terminal, as far as programs that write logs and tables need it."""

import unicodedata


def character_columns(character: str) -> int:
    """0 for combining marks and joiners, 2 for wide characters, otherwise 1."""
    if character.isascii():
        return 1
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def text_columns(text: str) -> int:
    """The columns of ``text``, which must hold no control characters."""
    return sum(character_columns(character) for character in text)
