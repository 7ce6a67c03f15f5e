"""Attributes turned into the colours and flags a painter needs, for one theme and one session's palette."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from PySide6.QtGui import QColor

from podium.core.protocol.cell_colors import CellColors, Rgb, mix, overridden, raised, split_color
from podium.core.protocol.frames import (
    PALETTE_CURSOR,
    PALETTE_SELECTED_TEXT,
    PALETTE_SELECTION,
    Attributes,
    Style,
    Underline,
)
from podium.core.themes import ThemeVariant
from podium.ui.terminal.painting.fonts import BOLD_FACE, ITALIC_FACE

_CACHE_LIMIT: Final = 16_384


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
        self._cells = CellColors(theme, overrides, reverse_screen)
        foreground, background = self._cells.foreground, self._cells.background
        self._run_styles: dict[Attributes, RunStyle] = {}
        self.background = QColor(*background)
        self.foreground = QColor(*foreground)
        self.cursor = QColor(*overridden(overrides, PALETTE_CURSOR, theme.cursor))
        self.cursor_text = QColor(theme.cursor_text)
        self.selection = QColor(*overridden(overrides, PALETTE_SELECTION, theme.selection))
        self._selected_text = overrides.get(PALETTE_SELECTED_TEXT)
        self.failed = QColor(theme.bright[1])
        """Of a failed command's tick on the scroll bar."""
        self.scrollbar = QColor(*mix(foreground, background, 0.24))
        self.scrollbar_hover = QColor(*mix(foreground, background, 0.4))

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
            text = _rgb(run_style.text) if self._selected_text is None else split_color(self._selected_text)
            run_style.selected_text = QColor(*raised(text, _rgb(self.selection)))
        return run_style.selected_text

    def _resolve(self, attributes: Attributes) -> RunStyle:
        style = attributes.style
        colors = self._cells.resolve(attributes)
        run_style = RunStyle()
        run_style.foreground = QColor(*colors.foreground)
        run_style.text = QColor(*colors.text)
        if colors.background != self._cells.background:
            run_style.background = QColor(*colors.background)
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
        run_style.underline_color = QColor(*colors.underline)
        return run_style


def _rgb(color: QColor) -> Rgb:
    return color.red(), color.green(), color.blue()
