"""How cells look: interned, immutable looks, each with a sign that stands for it in the rows."""

import sys
from typing import Final

from podium.core.protocol.frames import DEFAULT_COLOR, Attributes
from podium.terminal.screen.row import DEFAULT

MAX_LOOKS: Final = 4096
"""Looks remembered by one table. A program that shows random colours makes the terminal start a new one."""
MAX_RENDITIONS: Final = 8192


class Look:
    """One way a cell can look, plus DECSCA's protection, which is no look but travels with the pen."""

    __slots__ = ("attributes", "eraser", "link_size", "protected", "renditions", "sign")

    def __init__(self, attributes: Attributes, protected: bool = False, sign: str = "") -> None:
        self.attributes = attributes
        self.protected = protected
        self.sign = sign
        """The character that stands for it in the rows of its table's terminal; "" outside of a table."""
        self.link_size = len(attributes.link)
        self.renditions: dict[str, Look] = {}
        """What this pen becomes under each SGR parameter text."""
        self.eraser: Look | None = None
        """What erasing with this pen leaves."""


class LookTable:
    """Interns looks. Number 0 is the default look, in every table."""

    def __init__(self) -> None:
        self.default = Look(Attributes(), False, DEFAULT)
        self.looks: list[Look] = [self.default]
        self.by_value: dict[tuple[Attributes, bool], Look] = {(self.default.attributes, False): self.default}
        self.limit = MAX_LOOKS
        """More than this and the terminal starts a new table with what its screens show."""
        self.renditions = 0

    @property
    def full(self) -> bool:
        return len(self.looks) >= self.limit

    def intern(self, attributes: Attributes, protected: bool) -> Look:
        """The one Look with these attributes."""
        key = (attributes, protected)
        look = self.by_value.get(key)
        if look is None:
            if len(self.looks) > sys.maxunicode:
                # There are no more signs. A screen of a million colours may show the next one plain.
                return self.default
            look = Look(attributes, protected, chr(len(self.looks)))
            self.looks.append(look)
            self.by_value[key] = look
        return look

    def of(self, sign: str) -> Look:
        return self.looks[ord(sign)]

    def eraser(self, pen: Look) -> Look:
        """What erasing with ``pen`` leaves: its background colour and nothing else."""
        look = pen.eraser
        if look is None:
            background = pen.attributes.background
            if background == DEFAULT_COLOR:
                look = self.default
            else:
                look = self.intern(Attributes(background=background), False)
            pen.eraser = look
        return look

    def remember(self, pen: Look, text: str, rendition: Look) -> None:
        """``pen`` becomes ``rendition`` under the SGR parameters ``text``."""
        if self.renditions >= MAX_RENDITIONS:
            self.renditions = 0
            for look in self.looks:
                look.renditions.clear()
        self.renditions += 1
        pen.renditions[text] = rendition

    def retire(self) -> None:
        """The table is done with: its looks, which scrollback may keep, must not keep each other alive."""
        for look in self.looks:
            look.renditions.clear()
            look.eraser = None
