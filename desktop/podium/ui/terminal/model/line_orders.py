"""The orders in which lines of the model are shown, each worked out once while it is in view. Qt-free."""

import re
from collections.abc import Sequence
from typing import Final

from podium.core.bidi.levels import base_level
from podium.core.protocol.frames import Bidi
from podium.core.protocol.requests import SetBidi
from podium.ui.terminal.model.cells import cells, whole_row
from podium.ui.terminal.model.line_cache import StyledLine
from podium.ui.terminal.model.screen_model import ScreenModel
from podium.ui.terminal.model.visual_order import VisualOrder, paragraph_orders

MOST_ROWS: Final = 60
"""Rows of a paragraph that are looked at above a row, and below it; a longer one is cut there."""
PARAGRAPHS_KEPT: Final = 512

_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""The blocks with all letters that may run from right to left."""


class LineOrders:
    """A paragraph is a line as it was before it was wrapped: its rows are put in order together."""

    def __init__(self, model: ScreenModel) -> None:
        self._model = model
        self._setting = SetBidi()
        self._paragraphs: dict[tuple[int, ...], tuple[tuple[StyledLine, ...], list[VisualOrder | None]]] = {}
        """By the identities of their lines, the width and the flags."""

    def set_bidi(self, setting: SetBidi) -> None:
        """The direction of lines of which no program says anything, and whether it may say anything."""
        self._setting = setting

    def of_all(self, first: int, lines: Sequence[StyledLine | None]) -> list[VisualOrder | None]:
        """The orders of neighbouring lines, from the absolute number ``first`` on; fast where there are none."""
        setting = self._setting.flags
        return [
            self.of(first + place) if line is not None and (line.line.bidi or setting) else None
            for place, line in enumerate(lines)
        ]

    def of(self, number: int) -> VisualOrder | None:
        """The order of the line with this absolute number; None where it is shown as it is."""
        styled = self._model.line_at(number)
        if styled is None or (not self._setting.allowed and not self._setting.flags):
            return None
        if not (styled.line.bidi or self._setting.flags):
            return None
        lines, place = self._paragraph(number, styled)
        flags = (lines[0].line.bidi if self._setting.allowed else 0) or self._setting.flags
        key = (self._model.columns, flags, *(id(line) for line in lines))
        known = self._paragraphs.get(key)
        if known is None:
            if len(self._paragraphs) >= PARAGRAPHS_KEPT:
                self._paragraphs.clear()
            # The lines are kept, so that no other ones get their identities.
            known = self._paragraphs[key] = (tuple(lines), self._orders(lines, flags))
        return known[1][place]

    def _paragraph(self, number: int, styled: StyledLine) -> tuple[list[StyledLine], int]:
        """The lines of the paragraph that a line is in, and its place among them."""
        line_at = self._model.line_at
        above: list[StyledLine] = []
        while len(above) < MOST_ROWS:
            before = line_at(number - 1 - len(above))
            if before is None or not before.line.wrapped:
                break
            above.append(before)
        lines = [*reversed(above), styled]
        most = len(lines) + MOST_ROWS
        while lines[-1].line.wrapped and len(lines) < most:
            after = line_at(number - len(above) + len(lines))
            if after is None:
                break
            lines.append(after)
        return lines, len(above)

    def _orders(self, lines: list[StyledLine], flags: int) -> list[VisualOrder | None]:
        if not flags & Bidi.RIGHT_TO_LEFT and not (
            flags & Bidi.IMPLICIT and any(_may_run_left(line) for line in lines)
        ):
            return [None] * len(lines)
        columns = self._model.columns
        last = len(lines) - 1
        rows = [
            whole_row(line, columns) if line.line.wrapped and place < last else cells(line)
            for place, line in enumerate(lines)
        ]
        implicit = bool(flags & Bidi.IMPLICIT)
        base = 1 if flags & Bidi.RIGHT_TO_LEFT else 0
        if implicit and flags & Bidi.AUTODETECT:
            found = base_level([cell for row in rows for cell in row if cell])
            base = base if found is None else found
        return paragraph_orders(rows, columns, base, implicit, bool(flags & Bidi.MIRROR_BOXES))


def _may_run_left(styled: StyledLine) -> bool:
    return any(
        not run.text.isascii() and _RIGHT_TO_LEFT.search(run.text) is not None for run in styled.line.runs
    )
