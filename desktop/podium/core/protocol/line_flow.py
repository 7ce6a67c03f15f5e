"""Lines of a terminal at another width: joined where a row was full, cut where the new one is.

For saved lines, in rooms without a terminal. A live one flows by ``terminal/screen/reflow.py``, which moves cursor and
marks along; a test holds the two to the same result.
"""

from collections.abc import Iterable, Iterator, Sequence

from podium.core.protocol.frames import Line, Run


def joined(lines: Sequence[Line], columns: int) -> Iterator[tuple[Run, ...]]:
    """The lines as they were before a terminal of ``columns`` wrapped them."""
    runs: list[Run] = []
    for number, line in enumerate(lines):
        if line.wrapped and number + 1 < len(lines):
            runs += whole_row(line, columns)
        else:
            yield (*runs, *line.runs)
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
    for runs in joined(lines, columns_before):
        if covered(runs) <= columns:
            yield Line(runs)
            continue
        rows = list(_cut(runs, columns))
        # Blanks at the end have a colour at most: that makes no row of its own.
        while len(rows) > 1 and not any(run.text.strip(" ") for run in rows[-1]):
            rows.pop()
        for row in rows[:-1]:
            yield Line(row, wrapped=True, filler=covered(row) < columns)
        yield Line(rows[-1])


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
