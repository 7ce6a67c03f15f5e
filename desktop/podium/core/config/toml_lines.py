"""Where in a TOML text a key stands, for faults that a person is to find."""

import re
from typing import Final

_HEADER: Final = re.compile(r"""\s*\[\s*(?P<name>[\w-]+|"[^"\n]*"|'[^'\n]*')\s*\]\s*(?:#.*)?$""")
_KEY: Final = re.compile(r"""\s*(?P<name>[\w-]+|"[^"\n]*"|'[^'\n]*')\s*[=.]""")
_QUOTES: Final = ('"""', "'''")


def line_of(text: str, section: str, key: str = "") -> int:
    """The line, from 1, of ``key`` in the table ``[section]``, or of the table itself; 0 where it is written in
    another way than people do.
    """
    current, quote = "", ""
    for number, line in enumerate(text.splitlines(), start=1):
        if quote:  # Inside a text of several lines nothing is a key.
            quote = "" if line.count(quote) % 2 else quote
            continue
        header = _HEADER.match(line)
        if header is not None:
            current = header["name"].strip("\"'")
            if current == section and not key:
                return number
        else:
            named = _KEY.match(line)
            name = named["name"].strip("\"'") if named is not None else ""
            if name and (
                (current == section and name == key) or (not current and not key and name == section)
            ):
                return number
        quote = next((one for one in _QUOTES if line.count(one) % 2), "")
    return 0
