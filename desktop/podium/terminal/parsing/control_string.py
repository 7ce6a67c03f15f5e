"""What a control string (OSC, DCS, APC) holds, bounded while it comes, and what is done with it at its end."""

from typing import Final

from podium.terminal.graphics.kitty import graphics_command
from podium.terminal.graphics.placing import PRIVATE_COLORS, show_sixel
from podium.terminal.graphics.sixel import SixelDecoder
from podium.terminal.parsing.dispatch import device_control, parse_parameters
from podium.terminal.parsing.osc import CLIPBOARD, command
from podium.terminal.parsing.state_table import APC_STRING, DCS_STRING, IGNORED_STRING, OSC_STRING
from podium.terminal.screen.state import Terminal

MAX_STRING: Final = 4096
"""Characters kept of a control string; the rest is swallowed up to its end."""
MAX_CLIPBOARD: Final = 256 * 1024
"""Characters kept of an OSC 52: 192 KiB of text in base64."""
MAX_GRAPHICS: Final = 1024 * 1024
"""Characters kept of one command of kitty's graphics. Programs cut images into pieces of 4,096."""
_SIXEL: Final = "q"
_KITTY: Final = "G"


class ControlString:
    """Takes the pieces of one string after the other. An image in sixels is decoded as it comes."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._pieces: list[str] = []
        self.size = 0
        """Characters that are kept."""
        self.costly = False
        """A string has ended that may have taken long: a good moment to look at the clock. The parser takes it back."""
        self._whole = True
        self._head = ""
        self._sixel: SixelDecoder | None = None

    def begin(self, head: str = "", parameters: str = "") -> None:
        """A string begins; that of a DCS with its intermediates and final, and with its parameters."""
        t = self._terminal
        t.last_text = ""
        self._clear()
        self._head = head
        if head == _SIXEL and t.images.allowed:
            transparent = parse_parameters(parameters)[1:2] == [1]
            self._sixel = SixelDecoder(transparent, {} if PRIVATE_COLORS in t.modes else t.sixel_colors)

    def _clear(self) -> None:
        self._pieces.clear()
        self.size = 0
        self._whole = True
        self._sixel = None

    def take(self, state: int, text: str, start: int, stop: int) -> None:
        """The next characters, those from ``start`` to ``stop`` (exclusive) of ``text``; the state says of what."""
        if self._sixel is not None:
            self._sixel.feed(text[start:stop])
            return
        if state == IGNORED_STRING or stop <= start:
            return
        room = self._limit(state, text[start : start + len(CLIPBOARD)]) - self.size
        self._whole = self._whole and stop - start <= room
        if room > 0:
            piece = text[start : min(stop, start + room)]
            self._pieces.append(piece)
            self.size += len(piece)

    def _limit(self, state: int, coming: str) -> int:
        """How many characters of the string are kept; ``coming`` is what comes next of it."""
        if state == DCS_STRING:
            return MAX_STRING
        front = "".join(self._pieces[: len(CLIPBOARD)]) + coming
        if state == APC_STRING:
            return MAX_GRAPHICS if front.startswith(_KITTY) and self._terminal.images.allowed else 0
        return MAX_CLIPBOARD if front.startswith(CLIPBOARD) else MAX_STRING

    def finish(self, state: int, end: str) -> None:
        """The string has ended with ``end``: do what it says."""
        t = self._terminal
        payload, whole, sixel = "".join(self._pieces), self._whole, self._sixel
        self._clear()
        t.string_end = end
        if sixel is not None:
            self.costly = True
            show_sixel(t, sixel)
        elif state == OSC_STRING:
            command(t, payload, whole)
        elif state == DCS_STRING:
            device_control(t, self._head, payload, whole)
        elif state == APC_STRING and payload.startswith(_KITTY):
            self.costly = True
            graphics_command(t, payload[1:], whole)
