"""Themes of instances and tokens of the window's chrome, read from the resource files."""

import tomllib
from enum import StrEnum
from functools import cache

import msgspec

from podium.core.instances import ThemeName
from podium.core.resources import read_text

_CUBE = (0, 95, 135, 175, 215, 255)
CUBE_AND_GREYS: tuple[int, ...] = (
    *(red << 16 | green << 8 | blue for red in _CUBE for green in _CUBE for blue in _CUBE),
    *(level * 0x010101 for level in range(8, 248, 10)),
)
"""The colours 16–255 of every terminal's palette, as 0xRRGGBB."""


class ColorScheme(StrEnum):
    DARK = "dark"
    LIGHT = "light"


class ThemeVariant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One theme in dark or light. Colours are ``#rrggbb``; ``ansi`` and ``bright`` are palette 0–7 and 8–15."""

    accent: str
    accent_ui: str
    accent_text: str
    background: str
    foreground: str
    cursor: str
    cursor_text: str
    selection: str
    outline: str
    outline_focus: str
    bar: str
    badge: str
    progress_track: str
    tab_active: str
    tab_active_border: str
    bar_border: str
    link: str
    ansi: tuple[str, ...]
    bright: tuple[str, ...]


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    dark: ThemeVariant
    light: ThemeVariant

    def variant(self, scheme: ColorScheme) -> ThemeVariant:
        return self.dark if scheme is ColorScheme.DARK else self.light


class Waiting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Colours of the only filled bar in the product."""

    fill: str
    fill_hover: str
    on_fill: str
    on_fill_2: str
    rule: str
    button_fill: str
    button_text: str
    outline_dark: str
    outline_light: str


class StateAppearance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Word, shape and colours of one state of an instance."""

    word: str
    shape: str
    dark: str
    light: str


class Tokens(msgspec.Struct, frozen=True):
    """The chrome's tokens: spacing, sizes and motion in logical px and ms, colours as ``#rrggbb[aa]``."""

    space: dict[str, int]
    radius: dict[str, int]
    size: dict[str, int]
    motion: dict[str, int]
    type: dict[str, str | float | tuple[int, int]]
    chrome: dict[ColorScheme, dict[str, str]]
    waiting: Waiting
    state: dict[str, StateAppearance]


@cache
def load_theme(name: ThemeName) -> Theme:
    """A shipped theme. A fault in the file is a fault of the build, so it raises."""
    return msgspec.convert(tomllib.loads(read_text("themes", f"{name}.toml")), Theme)


@cache
def load_tokens() -> Tokens:
    """The chrome's tokens."""
    return msgspec.convert(tomllib.loads(read_text("tokens.toml")), Tokens)
