"""Attributes turned into the colours and flags a painter needs, for one theme and one session's palette."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from PySide6.QtGui import QColor

from podium.core.protocol.frames import (
    DEFAULT_COLOR,
    PALETTE_BACKGROUND,
    PALETTE_CURSOR,
    PALETTE_FOREGROUND,
    PALETTE_SELECTED_TEXT,
    PALETTE_SELECTION,
    RGB_FLAG,
    Attributes,
    Style,
    Underline,
)
from podium.core.themes import CUBE_AND_GREYS, ThemeVariant
from podium.ui.terminal.painting.fonts import BOLD_FACE, ITALIC_FACE

MINIMUM_CONTRAST: Final = 3.0
"""The contrast that faint colours are raised to in light themes."""

DIM_SHARE: Final = 0.6
"""The share of the foreground that is left in dim text; the rest is background."""

_CACHE_LIMIT: Final = 16_384

Rgb = tuple[int, int, int]


class RunStyle:
    """Colours and font of a run. ``background`` is None where the screen's own background shows.

    ``text`` is the foreground raised to be readable; graphics characters keep ``foreground`` as it was sent,
    since programs build pictures of them.
    """

    __slots__ = (
        "background",
        "face",
        "foreground",
        "has_lines",
        "hidden",
        "overline",
        "selected_text",
        "strike",
        "text",
        "underline",
        "underline_color",
    )

    def __init__(self) -> None:
        self.foreground = QColor()
        self.text = QColor()
        self.background: QColor | None = None
        self.selected_text: QColor | None = None
        self.face = 0
        self.hidden = False
        self.strike = False
        self.overline = False
        self.underline = int(Underline.NONE)
        self.underline_color = QColor()
        self.has_lines = False


class MatchColors(NamedTuple):
    """Backgrounds of a search's matches, the text of the current one, and its ticks on the scroll bar."""

    current: QColor
    current_text: QColor
    other: QColor
    tick: QColor


NO_MATCHES: Final = MatchColors(QColor("#ffd35c"), QColor("#1c1600"), QColor("#5c4a12"), QColor("#b08a2e"))
"""Until a window sets its own."""


class Palette:
    """Colours of one theme variant with a program's own changes on top."""

    def __init__(
        self,
        theme: ThemeVariant,
        overrides: Mapping[int, int] | None = None,
        reverse_screen: bool = False,
        matches: MatchColors = NO_MATCHES,
    ) -> None:
        self.matches = matches
        overrides = overrides or {}
        self._colors = [_parse(color) for color in (*theme.ansi, *theme.bright)]
        self._colors += [_split(color) for color in CUBE_AND_GREYS]
        for key, value in overrides.items():
            if 0 <= key < 256:
                self._colors[key] = _split(value)
        foreground = _override(overrides, PALETTE_FOREGROUND, theme.foreground)
        background = _override(overrides, PALETTE_BACKGROUND, theme.background)
        # In light themes pale colours that were meant for black would disappear.
        self._raise_faint = _luminance(background) > 0.4
        if reverse_screen:
            foreground, background = background, foreground
        self._foreground = foreground
        self._background = background
        self._link = _parse(theme.link)
        self._run_styles: dict[Attributes, RunStyle] = {}
        self.background = QColor(*background)
        self.foreground = QColor(*foreground)
        self.cursor = QColor(*_override(overrides, PALETTE_CURSOR, theme.cursor))
        self.cursor_text = QColor(theme.cursor_text)
        self.selection = QColor(*_override(overrides, PALETTE_SELECTION, theme.selection))
        self._selected_text = overrides.get(PALETTE_SELECTED_TEXT)
        self.scrollbar = QColor(*_mix(foreground, background, 0.24))
        self.scrollbar_hover = QColor(*_mix(foreground, background, 0.4))

    def run_style(self, attributes: Attributes) -> RunStyle:
        run_style = self._run_styles.get(attributes)
        if run_style is None:
            if len(self._run_styles) >= _CACHE_LIMIT:
                self._run_styles.clear()
            run_style = self._run_styles[attributes] = self._resolve(attributes)
        return run_style

    def selected_text(self, run_style: RunStyle) -> QColor:
        """The text's colour on the selection, which takes the place of a background it was chosen for."""
        if run_style.selected_text is None:
            text = _rgb(run_style.text) if self._selected_text is None else _split(self._selected_text)
            run_style.selected_text = QColor(*_raised(text, _rgb(self.selection)))
        return run_style.selected_text

    def _resolve(self, attributes: Attributes) -> RunStyle:
        style = attributes.style
        foreground = self._color(attributes.foreground, self._foreground)
        background = self._color(attributes.background, self._background)
        if attributes.link and attributes.foreground == DEFAULT_COLOR:
            foreground = self._link
        if style & Style.REVERSE:
            foreground, background = background, foreground
        if style & Style.DIM:
            foreground = _mix(foreground, background, DIM_SHARE)
        text = foreground
        chosen = _sent_as_is(attributes.foreground) or _sent_as_is(attributes.background)
        if self._raise_faint and chosen:
            text = _raised(foreground, background)

        run_style = RunStyle()
        run_style.foreground = QColor(*foreground)
        run_style.text = QColor(*text)
        if background != self._background:
            run_style.background = QColor(*background)
        run_style.face = (BOLD_FACE if style & Style.BOLD else 0) | (
            ITALIC_FACE if style & Style.ITALIC else 0
        )
        run_style.hidden = bool(style & Style.HIDDEN)
        run_style.strike = bool(style & Style.STRIKE) and not run_style.hidden
        run_style.overline = bool(style & Style.OVERLINE) and not run_style.hidden
        if not run_style.hidden:
            run_style.underline = attributes.underline
            if attributes.link and not run_style.underline:
                run_style.underline = Underline.SINGLE
        run_style.has_lines = bool(run_style.underline) or run_style.strike or run_style.overline
        run_style.underline_color = QColor(*self._color(attributes.underline_color, text))
        return run_style

    def _color(self, value: int, default: Rgb) -> Rgb:
        if value == DEFAULT_COLOR:
            return default
        if value & RGB_FLAG:
            return _split(value)
        return self._colors[value & 0xFF]


def _sent_as_is(color: int) -> bool:
    """True for colours the theme has no say in; its own sixteen are chosen to be readable."""
    return color != DEFAULT_COLOR and (bool(color & RGB_FLAG) or color >= 16)


def _override(overrides: Mapping[int, int], key: int, default: str) -> Rgb:
    return _split(overrides[key]) if key in overrides else _parse(default)


def _parse(color: str) -> Rgb:
    return _split(int(color[1:7], 16))


def _split(value: int) -> Rgb:
    return value >> 16 & 0xFF, value >> 8 & 0xFF, value & 0xFF


def _rgb(color: QColor) -> Rgb:
    return color.red(), color.green(), color.blue()


def _mix(color: Rgb, other: Rgb, share: float) -> Rgb:
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


def _raised(color: Rgb, background: Rgb) -> Rgb:
    """``color``, moved towards black or white just until it can be read on ``background``."""
    end: Rgb = (0, 0, 0) if _luminance(background) > 0.18 else (255, 255, 255)
    for step in range(10, -1, -1):
        candidate = _mix(color, end, step / 10)
        if contrast(candidate, background) >= MINIMUM_CONTRAST:
            return candidate
    return end
