"""How cells look: interned, immutable looks, so that neighbours are compared by identity."""

from typing import Final

from podium.core.frames import DEFAULT_COLOR, Attributes

MAX_LOOKS: Final = 4096
"""Looks remembered by one table. A program that shows random colours starts it over, never grows it."""


class Look:
    """One way a cell can look, plus DECSCA's protection, which is no look but travels with the pen."""

    __slots__ = ("attributes", "blank", "link_size", "protected")

    def __init__(self, attributes: Attributes, protected: bool = False) -> None:
        self.attributes = attributes
        self.protected = protected
        self.link_size = len(attributes.link)
        # A blank of the default look can be left out of frames and packed lines.
        self.blank = attributes.background == DEFAULT_COLOR and not (
            attributes.style
            or attributes.underline
            or attributes.link
            or attributes.foreground != DEFAULT_COLOR
            or attributes.underline_color != DEFAULT_COLOR
        )


DEFAULT_LOOK: Final = Look(Attributes())


class LookTable:
    """Interns looks and remembers what each pen becomes under each SGR parameter text."""

    def __init__(self) -> None:
        self.looks: dict[tuple[Attributes, bool], Look] = {}
        self.renditions: dict[tuple[Look, str], Look] = {}
        self.erasers: dict[Look, Look] = {}

    def intern(self, attributes: Attributes, protected: bool) -> Look:
        """The one Look with these attributes (until the table starts over)."""
        key = (attributes, protected)
        look = self.looks.get(key)
        if look is None:
            if len(self.looks) >= MAX_LOOKS:
                self.looks.clear()
            look = Look(attributes, protected)
            if look.blank and not protected:
                look = DEFAULT_LOOK
            self.looks[key] = look
        return look

    def eraser(self, pen: Look) -> Look:
        """What erasing with ``pen`` leaves: its background colour and nothing else."""
        if pen is DEFAULT_LOOK:
            return pen
        look = self.erasers.get(pen)
        if look is None:
            if len(self.erasers) >= MAX_LOOKS:
                self.erasers.clear()
            look = self.intern(Attributes(background=pen.attributes.background), False)
            self.erasers[pen] = look
        return look
