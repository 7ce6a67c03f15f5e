"""The colours of cells as RGB: a theme, with what a program changed of it on top."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from podium.core.protocol.frames import (
    DEFAULT_COLOR,
    PALETTE_BACKGROUND,
    PALETTE_FOREGROUND,
    RGB_FLAG,
    Attributes,
    Style,
)
from podium.core.themes import CUBE_AND_GREYS, ThemeVariant

MINIMUM_CONTRAST: Final = 3.0
"""The contrast that faint colours are raised to in light themes."""
DIM_SHARE: Final = 0.6
"""The share of the foreground that is left in dim text; the rest is background."""

Rgb = tuple[int, int, int]


class ResolvedColors(NamedTuple):
    """The colours of one cell. ``text`` is the foreground raised to be readable; graphics characters keep
    ``foreground`` as it was sent, since programs build pictures of them.
    """

    foreground: Rgb
    text: Rgb
    background: Rgb
    underline: Rgb


class CellColors:
    """Colours of one theme variant with a program's own changes on top."""

    def __init__(
        self, theme: ThemeVariant, overrides: Mapping[int, int] | None = None, reverse_screen: bool = False
    ) -> None:
        """``overrides`` is palette key → 0xRRGGBB, as in ``Frame.palette``."""
        overrides = overrides or {}
        self._colors = [parse_color(color) for color in (*theme.ansi, *theme.bright)]
        self._colors += [split_color(color) for color in CUBE_AND_GREYS]
        for key, value in overrides.items():
            if 0 <= key < 256:
                self._colors[key] = split_color(value)
        foreground = overridden(overrides, PALETTE_FOREGROUND, theme.foreground)
        background = overridden(overrides, PALETTE_BACKGROUND, theme.background)
        # In light themes pale colours that were meant for black would disappear.
        self._raise_faint = _luminance(background) > 0.4
        if reverse_screen:
            foreground, background = background, foreground
        self.foreground = foreground
        self.background = background
        self._link = parse_color(theme.link)

    def resolve(self, attributes: Attributes) -> ResolvedColors:
        style = attributes.style
        foreground = self._color(attributes.foreground, self.foreground)
        background = self._color(attributes.background, self.background)
        if attributes.link and attributes.foreground == DEFAULT_COLOR:
            foreground = self._link
        if style & Style.REVERSE:
            foreground, background = background, foreground
        if style & Style.DIM:
            foreground = mix(foreground, background, DIM_SHARE)
        text = foreground
        chosen = _sent_as_is(attributes.foreground) or _sent_as_is(attributes.background)
        if self._raise_faint and chosen:
            text = raised(foreground, background)
        return ResolvedColors(foreground, text, background, self._color(attributes.underline_color, text))

    def _color(self, value: int, default: Rgb) -> Rgb:
        if value == DEFAULT_COLOR:
            return default
        if value & RGB_FLAG:
            return split_color(value)
        return self._colors[value & 0xFF]


def _sent_as_is(color: int) -> bool:
    """True for colours the theme has no say in; its own sixteen are chosen to be readable."""
    return color != DEFAULT_COLOR and (bool(color & RGB_FLAG) or color >= 16)


def overridden(overrides: Mapping[int, int], key: int, default: str) -> Rgb:
    return split_color(overrides[key]) if key in overrides else parse_color(default)


def parse_color(color: str) -> Rgb:
    """From ``#rrggbb``."""
    return split_color(int(color[1:7], 16))


def color_notation(color: Rgb) -> str:
    """As ``#rrggbb``."""
    return f"#{color[0]:02x}{color[1]:02x}{color[2]:02x}"


def split_color(value: int) -> Rgb:
    """From 0xRRGGBB."""
    return value >> 16 & 0xFF, value >> 8 & 0xFF, value & 0xFF


def mix(color: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(color, other, strict=True))
    return red, green, blue


def _luminance(color: Rgb) -> float:
    """Relative luminance after WCAG 2."""
    red, green, blue = (
        value / 3294.6 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(color: Rgb, other: Rgb) -> float:
    """Contrast ratio after WCAG 2, from 1 to 21."""
    lighter, darker = sorted((_luminance(color), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def raised(color: Rgb, background: Rgb) -> Rgb:
    """``color``, moved towards black or white just until it can be read on ``background``."""
    end: Rgb = (0, 0, 0) if _luminance(background) > 0.18 else (255, 255, 255)
    for step in range(10, -1, -1):
        candidate = mix(color, end, step / 10)
        if contrast(candidate, background) >= MINIMUM_CONTRAST:
            return candidate
    return end
