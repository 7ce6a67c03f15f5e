"""Colours of the log, from the terminal's own 16 so that every theme fits; or none at all."""

import os
from collections.abc import Mapping
from typing import Final

BOLD: Final = "1"
RED: Final = "31"
GREEN: Final = "32"
YELLOW: Final = "33"
BLUE: Final = "34"
DIM: Final = "90"
HEADING: Final = "1;94"


class Paint:
    """Colours a text, or leaves it alone when colours are off."""

    def __init__(self, colours: bool) -> None:
        self.colours = colours

    def __call__(self, text: str, *codes: str) -> str:
        if not self.colours or not codes or not text:
            return text
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m"


def wants_colours(is_terminal: bool, environment: Mapping[str, str] = os.environ) -> bool:
    """Colours are for terminals, unless https://no-color.org or a dumb terminal says otherwise."""
    return is_terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
