"""Attributes as the SGR parameters that make them, for who writes terminal output."""

from typing import Final

from podium.core.protocol.frames import DEFAULT_COLOR, RGB_FLAG, Attributes, Style

# In xterm's order, so that programs that compare texts find what they know; underlines stand between.
_BOLD: Final = int(Style.BOLD)
_AFTER_LINES: Final = (
    (int(Style.BLINK), "5"),
    (int(Style.REVERSE), "7"),
    (int(Style.HIDDEN), "8"),
    (int(Style.DIM), "2"),
    (int(Style.ITALIC), "3"),
    (int(Style.STRIKE), "9"),
)
_OVERLINE: Final = int(Style.OVERLINE)


def sgr_parameters(attributes: Attributes) -> str:
    """The parameters that make ``attributes`` out of any pen, without CSI and ``m``; a link is none of them."""
    style, underline = attributes.style, attributes.underline
    parts = ["0"]
    if style & _BOLD:
        parts.append("1")
    if underline == 1 or underline > 2:
        parts.append("4" if underline == 1 else f"4:{underline}")
    parts.extend([code for flag, code in _AFTER_LINES if style & flag])
    if underline == 2:
        parts.append("21")
    if style & _OVERLINE:
        parts.append("53")
    parts.extend(_color(attributes.foreground, 30, 90, 38))
    parts.extend(_color(attributes.background, 40, 100, 48))
    parts.extend(_color(attributes.underline_color, -1, -1, 58))
    return ";".join(parts)


def _color(color: int, base: int, bright: int, extended: int) -> list[str]:
    if color == DEFAULT_COLOR:
        return []
    if color & RGB_FLAG:
        return [f"{extended}:2::{color >> 16 & 255}:{color >> 8 & 255}:{color & 255}"]
    if base > 0 and color < 8:
        return [str(base + color)]
    if base > 0 and color < 16:
        return [str(bright + color - 8)]
    return [f"{extended}:5:{color}"]
