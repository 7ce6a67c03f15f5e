"""XTGETTCAP: the capabilities of Podium's own terminfo entry, for programs that ask the terminal instead of a database.

Terminfo's names are known, and termcap's for what programs ask by them.
"""

import re
from typing import Final

from podium.core.resources import read_text
from podium.terminal.screen.state import Terminal

NAME: Final = "podium"
_MAX_NAMES: Final = 64
"""Names of one question that are answered."""
_MAX_REPLY: Final = 64
_HEX: Final = re.compile("([0-9A-Fa-f]{2}){1,16}")
_FIELD: Final = re.compile(r"(?:[^,\\^]|\\.|\^.)+", re.DOTALL)
_CAPABILITY: Final = re.compile(r"(\w+)([=#]?)(.*)", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\([0-7]{3}|.)|\^(.)", re.DOTALL)
_LETTERS: Final[dict[str, str]] = {
    "E": "\x1b",
    "e": "\x1b",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "b": "\b",
    "s": " ",
}
_TERMCAP: Final[dict[str, str]] = {
    "Co": "colors", "AF": "setaf", "AB": "setab", "ku": "kcuu1", "kd": "kcud1", "kl": "kcub1", "kr": "kcuf1",
    "kh": "khome", "@7": "kend", "kP": "kpp", "kN": "knp", "kI": "kich1", "kD": "kdch1", "kb": "kbs", "kB": "kcbt",
    "k;": "kf10", "#2": "kHOM", "*7": "kEND", "#3": "kIC", "*4": "kDC", "#4": "kLFT", "%i": "kRIT", "%e": "kPRV",
    "%c": "kNXT", "ti": "smcup", "te": "rmcup", "ks": "smkx", "ke": "rmkx", "us": "smul", "ue": "rmul", "md": "bold",
    "mr": "rev", "mh": "dim", "mb": "blink", "me": "sgr0", "so": "smso", "se": "rmso", "ZH": "sitm", "ZR": "ritm",
    "ut": "bce", "vi": "civis", "ve": "cnorm", "vs": "cvvis", "cm": "cup", "ce": "el", "cd": "ed", "cl": "clear",
    **{f"k{number}": f"kf{number}" for number in range(1, 10)},
    **{f"F{letter}": f"kf{number}" for number, letter in enumerate("123456789", 11)},
}  # fmt: skip

# Read when the first program asks.
_entry: dict[str, str | None] = {}


def capabilities() -> dict[str, str | None]:
    """The entry by terminfo's names: a number as its digits, text with its parameters as they are; None for a flag."""
    if not _entry:
        source = re.sub(r"(?m)^#.*\n", "", read_text("terminfo", "podium.ti"))
        for field in _FIELD.findall(source.partition(",")[2]):
            match = _CAPABILITY.fullmatch(field.strip())
            if match is not None:
                name, sign, value = match.groups()
                _entry[name] = None if not sign else str(int(value, 0)) if sign == "#" else _text(value)
        _entry.update({"TN": NAME, "name": NAME, "RGB": "8"})
    return _entry


def _text(source: str) -> str:
    """A capability's text without the escapes of its source."""

    def character(match: re.Match[str]) -> str:
        escaped, control = match.groups()
        if control is not None:
            return "\x7f" if control == "?" else chr(ord(control) & 0x1F)
        return chr(int(escaped, 8)) if len(escaped) == 3 else _LETTERS.get(escaped, escaped)

    return _ESCAPE.sub(character, source)


def request_capabilities(t: Terminal, payload: str) -> None:
    """Answer for each hexadecimal name by itself, with a constant of ours or that it is not known."""
    for encoded in payload.split(";", _MAX_NAMES)[:_MAX_NAMES]:
        t.reply(_answer(encoded) or "\x1bP0+r\x1b\\")


def _answer(encoded: str) -> str:
    """The reply about one name, "" where there is none or it would be too long."""
    if not _HEX.fullmatch(encoded):
        return ""
    name = bytes.fromhex(encoded).decode("latin-1")
    entry = capabilities()
    value = entry.get(_TERMCAP.get(name, name), "")
    if value == "" or (name not in entry and name not in _TERMCAP):
        return ""
    text = f"={_encoded(value)}" if value is not None else ""
    reply = f"\x1bP1+r{_encoded(name)}{text}\x1b\\"
    return reply if len(reply) <= _MAX_REPLY else ""


def _encoded(text: str) -> str:
    return text.encode("latin-1").hex().upper()
