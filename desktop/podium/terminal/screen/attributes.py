"""The styles of cells: interned, immutable, each with a code that stands for it in the rows."""

import sys
from typing import Final

from podium.core.protocol.frames import DEFAULT_COLOR, Attributes
from podium.terminal.screen.row import DEFAULT

MAX_STYLES: Final = 4096
"""Styles remembered by one table. A program that shows random colours makes the terminal start a new one."""
MAX_RENDITIONS: Final = 8192


class CellStyle:
    """The attributes of a cell, plus DECSCA's protection, which is none of them but travels with the pen."""

    __slots__ = ("attributes", "eraser", "link_size", "protected", "renditions", "style_code")

    def __init__(self, attributes: Attributes, protected: bool = False, style_code: str = "") -> None:
        self.attributes = attributes
        self.protected = protected
        self.style_code = style_code
        """The character that stands for it in the rows of its table's terminal; "" outside of a table."""
        self.link_size = len(attributes.link)
        self.renditions: dict[str, CellStyle] = {}
        """The styles this pen becomes, by SGR parameter text."""
        self.eraser: CellStyle | None = None
        """The style of cells erased with this pen."""


class StyleTable:
    """Interns styles. Number 0 is the default style, in every table."""

    def __init__(self) -> None:
        self.default = CellStyle(Attributes(), False, DEFAULT)
        self.styles: list[CellStyle] = [self.default]
        self.by_value: dict[tuple[Attributes, bool], CellStyle] = {
            (self.default.attributes, False): self.default
        }
        self.limit = MAX_STYLES
        """More than this and the terminal starts a new table with what its screens show."""
        self.renditions = 0

    @property
    def full(self) -> bool:
        return len(self.styles) >= self.limit

    def intern(self, attributes: Attributes, protected: bool) -> CellStyle:
        """The one CellStyle with these attributes."""
        key = (attributes, protected)
        style = self.by_value.get(key)
        if style is None:
            if len(self.styles) > sys.maxunicode:
                # There are no more codes. A screen of a million colours may show the next one plain.
                return self.default
            style = CellStyle(attributes, protected, chr(len(self.styles)))
            self.styles.append(style)
            self.by_value[key] = style
        return style

    def of(self, style_code: str) -> CellStyle:
        return self.styles[ord(style_code)]

    def eraser(self, pen: CellStyle) -> CellStyle:
        """The style of cells erased with ``pen``: its background colour and nothing else."""
        style = pen.eraser
        if style is None:
            background = pen.attributes.background
            if background == DEFAULT_COLOR:
                style = self.default
            else:
                style = self.intern(Attributes(background=background), False)
            pen.eraser = style
        return style

    def remember(self, pen: CellStyle, text: str, rendition: CellStyle) -> None:
        """``pen`` becomes ``rendition`` under the SGR parameters ``text``."""
        if self.renditions >= MAX_RENDITIONS:
            self.renditions = 0
            for style in self.styles:
                style.renditions.clear()
        self.renditions += 1
        pen.renditions[text] = rendition

    def retire(self) -> None:
        """The table is done with: its styles, which scrollback may keep, must not keep each other alive."""
        for style in self.styles:
            style.renditions.clear()
            style.eraser = None
