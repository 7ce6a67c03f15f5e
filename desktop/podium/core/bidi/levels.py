"""The Unicode bidirectional algorithm (UAX #9) for a line of cells.

Explicit embeddings, overrides, isolates and marks are taken for neutral characters: they are invisible, and text would
read differently from what it is (see ``spoofing``). So only implicit levels are left, and no stack of embeddings.
"""

import unicodedata
from collections.abc import Sequence
from typing import Final

from podium.core.bidi.mirroring import as_closing, closed_by, is_box_drawing
from podium.core.spoofing import has_spoofing

_STRONG: Final = {"L": 0, "R": 1, "AL": 1}
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_NEUTRAL: Final = frozenset({"WS", "ON"})
_AS_STRONG: Final = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
_MOST_OPEN: Final = 63
"""Opening brackets that wait for their closing ones; with more, no bracket after them has a partner (BD16)."""


def bidi_class(cell: str) -> str:
    """The Bidi_Class of a cell, that of its first character; "S" for box drawings. ``cell`` is not empty."""
    base = cell[0]
    if is_box_drawing(base):
        return "S"
    if has_spoofing(base):
        return "ON"
    found = unicodedata.bidirectional(base)
    # What is not assigned to any character yet has none.
    return found if found and found not in ("BN", "B") else ("ON" if found else "L")


def base_level(cells: Sequence[str]) -> int | None:
    """The level of a paragraph by its first strong letter: 0 or 1; None without one (P2)."""
    for cell in cells:
        level = _STRONG.get(bidi_class(cell))
        if level is not None:
            return level
    return None


def resolved_levels(cells: Sequence[str], base: int) -> list[int]:
    """The embedding levels of a paragraph's cells. ``base`` is the paragraph's: 0 or 1.

    What rule L1 says of blanks at the end of a line is left to ``line_levels``. Box drawings part the paragraph in
    segments (HL4), so that the columns of a table stay where a program put them.
    """
    original = [bidi_class(cell) for cell in cells]
    if not base and not any(found in _RIGHT_TO_LEFT for found in original):
        return [0] * len(cells)
    levels: list[int] = []
    start = 0
    for place, found in enumerate([*original, "S"]):
        if found == "S":
            levels += _segment_levels(cells[start:place], original[start:place], base)
            levels.append(base)
            start = place + 1
    return levels[:-1]


def _segment_levels(cells: Sequence[str], original: Sequence[str], base: int) -> list[int]:
    classes = list(original)
    outside = "R" if base else "L"
    _resolve_weak(classes, outside)
    _resolve_brackets(cells, classes, original, outside)
    _resolve_neutral(classes, outside)
    return [_implicit_level(found, base) for found in classes]


def line_levels(cells: Sequence[str], levels: Sequence[int], base: int) -> list[int]:
    """The levels of one line of a paragraph: blanks at its end have ``base`` (L1)."""
    end = len(cells)
    while end and bidi_class(cells[end - 1]) == "WS":
        end -= 1
    return [*levels[:end], *[base] * (len(cells) - end)]


def visual_order(levels: Sequence[int]) -> list[int]:
    """The places of a line's cells from left to right (L2)."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            if levels[start] < level:
                start += 1
                continue
            end = start
            while end < len(order) and levels[end] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = end
    return order


def _resolve_weak(classes: list[str], outside: str) -> None:
    """W1 to W7."""
    before = strong = outside
    for place, found in enumerate(classes):
        if found == "NSM":
            classes[place] = found = before
        before = found
        if found in _STRONG:
            strong = found
        elif found == "EN" and strong == "AL":
            classes[place] = "AN"
    last = len(classes) - 1
    for place, found in enumerate(classes):
        if found == "AL":
            classes[place] = "R"
        elif found in ("ES", "CS") and 0 < place < last:
            left, right = classes[place - 1], classes[place + 1]
            if left == right and (left == "EN" or (left == "AN" and found == "CS")):
                classes[place] = left
    _resolve_terminators(classes)
    strong = outside
    for place, found in enumerate(classes):
        if found in ("ES", "CS", "ET"):
            classes[place] = "ON"
        elif found in ("L", "R"):
            strong = found
        elif found == "EN" and strong == "L":
            classes[place] = "L"


def _resolve_terminators(classes: list[str]) -> None:
    """W5: terminators beside European numbers belong to them."""
    for places in (range(len(classes)), reversed(range(len(classes)))):
        before = ""
        for place in places:
            if classes[place] == "ET" and before == "EN":
                classes[place] = "EN"
            before = classes[place]


def _resolve_brackets(
    cells: Sequence[str], classes: list[str], original: Sequence[str], outside: str
) -> None:
    """N0: both brackets of a pair have the direction of what is in it, or of what is before it."""
    for opening, closing in _bracket_pairs(cells, classes):
        inside = {_AS_STRONG.get(found, "") for found in classes[opening + 1 : closing]}
        direction = outside
        if outside not in inside:
            opposite = "L" if outside == "R" else "R"
            if opposite not in inside:
                continue
            before = next(
                (_AS_STRONG[found] for found in reversed(classes[:opening]) if found in _AS_STRONG), outside
            )
            direction = before if before == opposite else outside
        for bracket in (opening, closing):
            classes[bracket] = direction
            for place in range(bracket + 1, len(classes)):
                if original[place] != "NSM":
                    break
                classes[place] = direction


def _bracket_pairs(cells: Sequence[str], classes: Sequence[str]) -> list[tuple[int, int]]:
    """The places of brackets that belong together, by their opening ones (BD16)."""
    pairs: list[tuple[int, int]] = []
    waiting: list[tuple[str, int]] = []
    for place, cell in enumerate(cells):
        if classes[place] != "ON":
            continue
        closes = closed_by(cell[0])
        if closes:
            if len(waiting) == _MOST_OPEN:
                break
            waiting.append((closes, place))
        elif closes := as_closing(cell[0]):
            for depth in reversed(range(len(waiting))):
                if waiting[depth][0] == closes:
                    pairs.append((waiting[depth][1], place))
                    del waiting[depth:]
                    break
    pairs.sort()
    return pairs


def _resolve_neutral(classes: list[str], outside: str) -> None:
    """N1 and N2: between two of the same direction neutral characters have theirs, else the paragraph's."""
    before = outside
    start = 0
    while start < len(classes):
        found = classes[start]
        if found not in _NEUTRAL:
            before = _AS_STRONG[found]
            start += 1
            continue
        end = start
        while end < len(classes) and classes[end] in _NEUTRAL:
            end += 1
        after = _AS_STRONG[classes[end]] if end < len(classes) else outside
        classes[start:end] = [before if before == after else outside] * (end - start)
        start = end


def _implicit_level(found: str, base: int) -> int:
    """I1 and I2."""
    if base:
        return 1 if found == "R" else 2
    return {"L": 0, "R": 1}.get(found, 2)
