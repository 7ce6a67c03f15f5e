"""Where the motions of copy mode lead: one step of each, from a cell to a cell. Qt-free.

All raise NeedsLine where they lead over a line that is not known yet.
"""

from collections.abc import Callable
from typing import Final

from podium.ui.terminal.copy_mode.keys import Action
from podium.ui.terminal.copy_mode.text import Cell, LineSource, NeedsLine, Step, Walk
from podium.ui.terminal.model.cells import cell_bounds

_BLANK: Final = 0
_WORD: Final = 1
_OTHER: Final = 2

Kind = Callable[[str], int]


def _kind(text: str) -> int:
    """vi's words: letters, digits and underscores, or whatever else stands together."""
    if text.isspace():
        return _BLANK
    return _WORD if text[:1].isalnum() or text[:1] == "_" else _OTHER


def _big_kind(text: str) -> int:
    """vi's big words: whatever stands between blanks."""
    return _BLANK if text.isspace() else _WORD


def left(source: LineSource, at: Cell) -> Cell:
    if not at.column:
        return at
    return Cell(at.line, cell_bounds(source.line_at(at.line), at.column - 1)[0])


def right(source: LineSource, at: Cell) -> Cell:
    end = cell_bounds(source.line_at(at.line), at.column)[1]
    return Cell(at.line, end) if end < source.columns else at


def row_text(source: LineSource, at: Cell) -> Cell:
    row = Walk(source, at).row(at.line)
    return Cell(at.line, next((x for x, cell in enumerate(row) if not cell.isspace()), 0))


def row_end(source: LineSource, at: Cell) -> Cell:
    row = Walk(source, at).row(at.line)
    return Cell(at.line, cell_bounds(source.line_at(at.line), max(0, len(row) - 1))[0])


def word_next(source: LineSource, at: Cell, kind_of: Kind = _kind) -> Cell:
    """The next word's beginning. An empty line is a word, as in vi."""
    walk, cell = Walk(source, at), at
    kind = kind_of(walk.text_at(at))
    while (step := walk.after(cell)) is not None:
        cell = step.cell
        if step.new_line:
            kind = _BLANK
            if walk.is_blank(cell.line):
                return cell
        found = kind_of(walk.text_at(cell))
        if found not in (_BLANK, kind):
            return cell
        kind = found if found == _BLANK else kind
    return cell


def word_back(source: LineSource, at: Cell, kind_of: Kind = _kind) -> Cell:
    """The beginning of this word, or of the one before it."""
    walk = Walk(source, at)
    return _word_edge(walk, walk.before, at, kind_of)


def word_end(source: LineSource, at: Cell, kind_of: Kind = _kind) -> Cell:
    """The end of this word, or of the next one."""
    walk = Walk(source, at)
    return _word_edge(walk, walk.after, at, kind_of)


def _word_edge(walk: Walk, beside: Callable[[Cell], Step | None], cell: Cell, kind_of: Kind) -> Cell:
    """The last cell of the word that comes first in the direction of ``beside``; a blank line ends the way."""
    while (step := beside(cell)) is not None:
        cell = step.cell
        if step.new_line and walk.is_blank(cell.line):
            return cell
        if kind_of(walk.text_at(cell)) != _BLANK:
            break
    kind = kind_of(walk.text_at(cell))
    while (step := beside(cell)) is not None and not step.new_line:
        if kind_of(walk.text_at(step.cell)) != kind:
            break
        cell = step.cell
    return cell


def paragraph(source: LineSource, at: Cell, direction: int) -> Cell:
    """The next empty row above (-1) or below (1), or the last row in that direction.

    However far that is, a restart where it broke off leads to the same place.
    """
    end = source.first if direction < 0 else source.last
    line = at.line
    skips = Walk(source, at).is_blank(line)
    while line != end:
        try:
            blank = Walk(source, at).is_blank(line + direction)
        except NeedsLine as missing:
            raise NeedsLine(missing.line, Cell(line, 0)) from None
        line += direction
        if blank and not skips:
            break
        skips = skips and blank
    return Cell(line, 0)


def find(source: LineSource, at: Cell, action: Action, character: str, again: bool = False) -> Cell:
    """``character`` in this row, or the cell beside it; ``at`` when there is none. ``again``: not the one that ``at``
    is beside already.
    """
    row = Walk(source, at).row(at.line)
    forward = action in (Action.FIND_NEXT, Action.TILL_NEXT)
    till = action in (Action.TILL_NEXT, Action.TILL_BACK)
    begin = at.column + (1 if forward else -1) * (2 if till and again else 1)
    places = range(begin, len(row)) if forward else range(min(begin, len(row) - 1), -1, -1)
    found = next((x for x in places if row[x].startswith(character)), None)
    if found is None:
        return at
    if not till:
        return Cell(at.line, found)
    return left(source, Cell(at.line, found)) if forward else right(source, Cell(at.line, found))


STEPS: Final[dict[Action, Callable[[LineSource, Cell], Cell]]] = {
    Action.LEFT: left,
    Action.RIGHT: right,
    Action.ROW_START: lambda _source, at: Cell(at.line, 0),
    Action.ROW_TEXT: row_text,
    Action.ROW_END: row_end,
    Action.WORD_NEXT: word_next,
    Action.WORD_BACK: word_back,
    Action.WORD_END: word_end,
    Action.BIG_WORD_NEXT: lambda source, at: word_next(source, at, _big_kind),
    Action.BIG_WORD_BACK: lambda source, at: word_back(source, at, _big_kind),
    Action.BIG_WORD_END: lambda source, at: word_end(source, at, _big_kind),
    Action.PARAGRAPH_BACK: lambda source, at: paragraph(source, at, -1),
    Action.PARAGRAPH_NEXT: lambda source, at: paragraph(source, at, 1),
}
"""Motions that a count repeats."""
