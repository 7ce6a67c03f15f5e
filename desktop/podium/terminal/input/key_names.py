"""Qt's key names (without ``Key_``) and what they stand for."""

from typing import Final

from podium.core.protocol.requests import KeyInput

CURSOR_KEYS: Final[dict[str, str]] = {
    "Up": "A", "Down": "B", "Right": "C", "Left": "D", "Clear": "E", "End": "F", "Home": "H",
}  # fmt: skip
SS3_KEYS: Final[dict[str, str]] = {"F1": "P", "F2": "Q", "F3": "R", "F4": "S"}
TILDE_KEYS: Final[dict[str, int]] = {
    "Insert": 2,
    "Delete": 3,
    "PageUp": 5,
    "PageDown": 6,
    "Menu": 29,
    "Help": 28,
}
FUNCTION_KEYS: Final[dict[str, int]] = {
    "F5": 15, "F6": 17, "F7": 18, "F8": 19, "F9": 20, "F10": 21, "F11": 23, "F12": 24, "F13": 25, "F14": 26,
    "F15": 28, "F16": 29, "F17": 31, "F18": 32, "F19": 33, "F20": 34,
}  # fmt: skip
BASE_CHARS: Final[dict[str, str]] = {
    "Space": " ", "Exclam": "!", "QuoteDbl": '"', "NumberSign": "#", "Dollar": "$", "Percent": "%",
    "Ampersand": "&", "Apostrophe": "'", "ParenLeft": "(", "ParenRight": ")", "Asterisk": "*", "Plus": "+",
    "Comma": ",", "Minus": "-", "Period": ".", "Slash": "/", "Colon": ":", "Semicolon": ";", "Less": "<",
    "Equal": "=", "Greater": ">", "Question": "?", "At": "@", "BracketLeft": "[", "Backslash": "\\",
    "BracketRight": "]", "AsciiCircum": "^", "Underscore": "_", "QuoteLeft": "`", "BraceLeft": "{", "Bar": "|",
    "BraceRight": "}", "AsciiTilde": "~",
}  # fmt: skip
_SHIFTED: Final[dict[str, str]] = dict(
    zip("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?', strict=True),
)

_UNSHIFTED: Final[dict[str, str]] = {upper: plain for plain, upper in _SHIFTED.items()}


def shifted(char: str) -> str:
    """The character that Shift gives on a US layout."""
    return _SHIFTED.get(char, char.upper())


def unshifted(char: str) -> str:
    """The character of a US layout's key that Shift makes ``char`` of."""
    return _UNSHIFTED.get(char, char)


def layout_control(event: KeyInput) -> str:
    """The control character that the layout itself makes of the key, also of another alphabet's letter."""
    return event.text if len(event.text) == 1 and "\x01" <= event.text <= "\x1a" else ""
