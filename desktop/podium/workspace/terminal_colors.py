"""The colours of a theme as a session tells them to programs."""

from functools import cache

from podium.core.instances import ThemeName
from podium.core.protocol.requests import SetColors
from podium.core.themes import ColorScheme, load_theme


@cache
def terminal_colors(theme: ThemeName, scheme: ColorScheme) -> SetColors:
    """What an instance of this theme is shown in while the appearance is ``scheme``."""
    variant = load_theme(theme).variant(scheme)
    return SetColors(
        _rgb(variant.foreground),
        _rgb(variant.background),
        _rgb(variant.cursor),
        _rgb(variant.selection),
        tuple(_rgb(color) for color in (*variant.ansi, *variant.bright)),
        scheme is ColorScheme.DARK,
    )


def _rgb(color: str) -> int:
    return int(color[1:7], 16)
