"""Lines of a terminal at another width: joined where a row was full, cut where the new one is.

For saved lines, in rooms without a terminal. A live one flows by ``terminal/screen/reflow.py``, which moves cursor and
marks along; a test holds the two to the same result.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from unicodedata import east_asian_width

from podium.core.protocol.frames import Line, Place, Places, Run

WRAP: Final = "\u6f22\r"
"""Printed where one column is left, it moves on to the start of the next row; what comes then is drawn over it."""


def joined(lines: Sequence[Line], columns: int) -> Iterator[tuple[Run, ...]]:
    """The lines as they were before a terminal of ``columns`` wrapped them."""
    for runs, _bidi in _paragraphs(lines, columns):
        yield runs


def _paragraphs(lines: Sequence[Line], columns: int) -> Iterator[tuple[tuple[Run, ...], int]]:
    """The same, with the flags of each one's first line."""
    runs: list[Run] = []
    bidi = 0
    goes_on = False
    for number, line in enumerate(lines):
        bidi = bidi if goes_on else line.bidi
        goes_on = line.wrapped and number + 1 < len(lines)
        if goes_on:
            runs += whole_row(line, columns)
        else:
            yield (*runs, *line.runs), bidi
            runs = []


def whole_row(line: Line, columns: int) -> tuple[Run, ...]:
    """The text of a line that goes on in the next one, with the blanks at its end and without the filler."""
    end = columns - 1 if line.filler else columns
    missing = end - covered(line.runs)
    if missing > 0:
        # Default blanks at a line's end are left out, and here they stand in the middle of the text.
        return (*line.runs, Run(" " * missing))
    if missing < 0:
        # A filler in colour.
        *runs, last = line.runs
        return (
            (*runs, Run(last.text[:missing], last.attribute, last.width))
            if last.text[:missing]
            else tuple(runs)
        )
    return line.runs


def flowed(lines: Sequence[Line], columns_before: int, columns: int) -> Iterator[Line]:
    """``lines`` of a terminal of ``columns_before`` as one of ``columns``, at least 2, shows them."""
    for runs, bidi in _paragraphs(lines, columns_before):
        if covered(runs) <= columns:
            yield Line(runs, bidi=bidi)
            continue
        rows = list(_cut(runs, columns))
        # Blanks at the end have a colour at most: that makes no row of its own.
        while len(rows) > 1 and not any(run.text.strip(" ") for run in rows[-1]):
            rows.pop()
        for row in rows[:-1]:
            yield Line(row, wrapped=True, filler=covered(row) < columns, bidi=bidi)
        yield Line(rows[-1], bidi=bidi)


def moved_places(
    before: Sequence[Line], columns_before: int, after: Sequence[Line], columns: int, places: Places
) -> Places:
    """Where ``places`` of the lines ``before`` are in ``after``: the same text at another width, without its oldest
    lines maybe. Lines count from 0 in both.
    """
    old, new = _starts(before, columns_before), _starts(after, columns)
    if not old or not new:
        return places
    return tuple(_moved(before, columns_before, columns, old, new, place) for place in places)


def _moved(
    before: Sequence[Line],
    columns_before: int,
    columns: int,
    old: list[Place],
    new: list[Place],
    place: Place,
) -> Place:
    line, x = min(place[0], len(before) - 1), place[1]
    whole, offset = old[line]
    text = covered(before[line].runs)
    at_edge = not before[line].wrapped and text < columns_before <= x
    # Counted from the newest: the oldest may be missing.
    whole += new[-1][0] - old[-1][0]
    if whole < 0:
        return 0, 0
    number = bisect_right(new, (whole, offset + x)) - 1
    return number, columns if at_edge else min(offset + x - new[number][1], columns)


def _starts(lines: Sequence[Line], columns: int) -> list[Place]:
    """For each line the number of the whole line it is a part of, and the column of that at which it begins."""
    starts: list[Place] = []
    whole, offset = 0, 0
    for line in lines:
        starts.append((whole, offset))
        if line.wrapped:
            offset += columns - 1 if line.filler else columns
        else:
            whole, offset = whole + 1, 0
    return starts


def needs_wrap(text: str) -> bool:
    """Whether a terminal would print the first code point of a cell of two columns into a single one that is left."""
    return east_asian_width(text[0]) not in ("W", "F")


def covered(runs: Iterable[Run]) -> int:
    """The number of columns that ``runs`` cover."""
    return sum(run.columns for run in runs)


def _cut(runs: Iterable[Run], columns: int) -> Iterator[tuple[Run, ...]]:
    row: list[Run] = []
    free = columns
    for run in runs:
        rest: Run | None = run
        while rest is not None:
            head, rest = _split(rest, free)
            if head is not None:
                row.append(head)
                free -= head.columns
            if rest is not None:
                yield tuple(row)
                row, free = [], columns
    yield tuple(row)


def _split(run: Run, free: int) -> tuple[Run | None, Run | None]:
    """The part of ``run`` that fits into ``free`` columns, and the rest; characters stay whole."""
    if run.columns <= free:
        return run, None
    fitting = free // run.width if run.width > 0 else 0
    if not fitting:
        return None, run
    return (
        Run(run.text[:fitting], run.attribute, run.width),
        Run(run.text[fitting:], run.attribute, run.width),
    )
