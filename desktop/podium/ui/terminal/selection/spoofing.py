"""Characters that make text look like other text: never copied, and shown by a mark. Qt-free."""

from typing import Final

_BIDI_CONTROLS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE: Final = frozenset("\u00ad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff")
_JOINERS: Final = frozenset("\u200c\u200d")


def without_spoofing(text: str) -> str:
    """Without bidi overrides and invisible characters.

    Joiners stay behind a character that is not ASCII: emoji and several scripts are spelt with them.
    """
    if text.isascii():
        return text
    result: list[str] = []
    for character in text:
        if character in _BIDI_CONTROLS or character in _INVISIBLE:
            continue
        if character in _JOINERS and (not result or result[-1].isascii()):
            continue
        result.append(character)
    return "".join(result)
