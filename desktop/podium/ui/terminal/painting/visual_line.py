"""A line's runs as they are painted from left to right, where some of its text runs from right to left or is joined."""

from typing import NamedTuple

from podium.core.bidi.joining import is_joining
from podium.core.bidi.mirroring import mirrored
from podium.core.protocol.frames import Run
from podium.ui.terminal.model.visual_order import VisualOrder


class Word(NamedTuple):
    """Joined letters that are shaped together, though a program may have painted them in several colours."""

    cells: tuple[str, ...]
    """In the order of reading."""
    runs_left: bool


class Piece(NamedTuple):
    """Neighbouring cells of one run. With a ``word`` they are some of its letters, from ``first`` on."""

    run: Run
    place: int
    """The column at which it shows."""
    word: Word | None = None
    first: int = 0


class _Cell(NamedTuple):
    text: str
    run: int
    """The place of its run in the line."""
    column: int
    columns: int
    runs_left: bool


def pieces(runs: tuple[Run, ...], order: VisualOrder | None) -> list[Piece]:
    """A line's pieces in any order. They cover all of its columns."""
    cells = _cells(runs, order)
    found: list[Piece] = []
    start = 0
    while start < len(cells):
        end = start + 1
        if is_joining(cells[start].text):
            while end < len(cells) and _goes_on(cells[end - 1], cells[end], order):
                end += 1
            found += _word_pieces(runs, cells[start:end], order)
        else:
            while end < len(cells) and _is_like(runs, cells[end - 1], cells[end], order):
                end += 1
            found.append(_plain_piece(runs, cells[start:end], order))
        start = end
    return found


def _cells(runs: tuple[Run, ...], order: VisualOrder | None) -> list[_Cell]:
    cells: list[_Cell] = []
    column = 0
    for number, run in enumerate(runs):
        columns = abs(run.width)
        for text in run.text if run.width > 0 else (run.text,):
            cells.append(_Cell(text, number, column, columns, order is not None and order.is_left(column)))
            column += columns
    return cells


def _place(cell: _Cell, order: VisualOrder | None) -> int:
    return cell.column if order is None else order.place(cell.column)


def _are_beside(cell: _Cell, following: _Cell, order: VisualOrder | None) -> bool:
    """Whether a cell shows right after the one before it, in the direction of both."""
    if cell.runs_left != following.runs_left:
        return False
    first, last = (following, cell) if cell.runs_left else (cell, following)
    return _place(first, order) + first.columns == _place(last, order)


def _goes_on(cell: _Cell, following: _Cell, order: VisualOrder | None) -> bool:
    return is_joining(following.text) and _are_beside(cell, following, order)


def _is_like(runs: tuple[Run, ...], cell: _Cell, following: _Cell, order: VisualOrder | None) -> bool:
    return (
        cell.run == following.run
        and runs[cell.run].width > 0
        and not is_joining(following.text)
        and _are_beside(cell, following, order)
    )


def _plain_piece(runs: tuple[Run, ...], cells: list[_Cell], order: VisualOrder | None) -> Piece:
    run = runs[cells[0].run]
    if not cells[0].runs_left:
        return Piece(
            Run("".join([cell.text for cell in cells]), run.attribute, run.width), _place(cells[0], order)
        )
    boxes = order is not None and order.mirrors_boxes
    text = "".join([mirrored(cell.text[0], boxes) + cell.text[1:] for cell in reversed(cells)])
    return Piece(Run(text, run.attribute, run.width), _place(cells[-1], order))


def _word_pieces(runs: tuple[Run, ...], cells: list[_Cell], order: VisualOrder | None) -> list[Piece]:
    """One for each run that the word has letters of."""
    word = Word(tuple([cell.text for cell in cells]), cells[0].runs_left)
    found: list[Piece] = []
    start = 0
    for end in range(1, len(cells) + 1):
        if end < len(cells) and cells[end].run == cells[start].run:
            continue
        part = cells[start:end]
        run = runs[part[0].run]
        leftmost = part[-1] if word.runs_left else part[0]
        text = "".join([cell.text for cell in part])
        width = run.width if run.width > 0 else -sum(cell.columns for cell in part)
        found.append(Piece(Run(text, run.attribute, width), _place(leftmost, order), word, start))
        start = end
    return found
