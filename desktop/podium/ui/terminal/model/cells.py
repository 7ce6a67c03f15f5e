"""A line as cells, one for each column. Qt-free."""

from collections.abc import Iterable

from podium.core.protocol import line_flow
from podium.core.protocol.frames import Run
from podium.ui.terminal.model.line_cache import StyledLine


def cells(styled: StyledLine) -> list[str]:
    """One entry a column: a character or cluster, "" for the right half of a wide one."""
    return _cells(styled.line.runs)


def _cells(runs: Iterable[Run]) -> list[str]:
    result: list[str] = []
    for run in runs:
        if run.width == 1:
            result.extend(run.text)
        elif run.width == 2:
            for character in run.text:
                result += (character, "")
        else:
            result.append(run.text)
            result.extend([""] * (run.columns - 1))
    return result


def whole_row(styled: StyledLine, columns: int) -> list[str]:
    """The cells of a line that goes on in the next one: the blanks at its end are text, a filler is none."""
    return _cells(line_flow.whole_row(styled.line, columns))


def text_between(styled: StyledLine, start: int, end: int) -> str:
    """The text of columns ``start`` up to, not including, ``end``."""
    return "".join(cells(styled)[start:end])


def cell_bounds(styled: StyledLine | None, column: int) -> tuple[int, int]:
    """The columns [start, end) of the character that covers ``column``."""
    if styled is None:
        return column, column + 1
    row = cells(styled)
    start = column
    while 0 < start < len(row) and not row[start]:
        start -= 1
    end = start + 1
    while end < len(row) and not row[end]:
        end += 1
    return start, end
