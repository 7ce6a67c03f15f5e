"""The matches of plain words in a row, as far as the row alone shows them: before the session tells, and where it
counts matches without saying where they are. Qt-free.
"""

from podium.core.finding.needle import Needle
from podium.core.finding.query import SearchQuery
from podium.core.protocol.frames import Line
from podium.ui.terminal.model.row_content import Mark


class RowMarks:
    """Finds a query in single rows; a pattern it leaves to the session, which can bear what it costs."""

    def __init__(self, query: SearchQuery) -> None:
        self._needle = Needle(query) if not query.regex and not query.fault else None
        self._word = query.word

    def of(self, line: Line) -> tuple[Mark, ...]:
        """The columns of matches that lie within the row."""
        if self._needle is None or not line.runs:
            return ()
        text = "".join([run.text for run in line.runs])
        if not self._needle.may_be_in(text):
            return ()
        spans = self._needle.spans(text)
        if self._word:
            # A word at the row's edge may go on in the next one.
            spans = [span for span in spans if span[0] > 0 and span[1] < len(text)]
        if all(run.width == 1 for run in line.runs):
            return tuple((start, end, False) for start, end in spans)
        columns = _columns(line)
        return tuple((columns[start][0], columns[end - 1][1], False) for start, end in spans)


def _columns(line: Line) -> list[tuple[int, int]]:
    """For each character of the row's text the columns [start, end) of its cell."""
    columns: list[tuple[int, int]] = []
    at = 0
    for run in line.runs:
        if run.width < 0:
            columns += [(at, at - run.width)] * len(run.text)
            at -= run.width
        else:
            columns += [(at + n * run.width, at + (n + 1) * run.width) for n in range(len(run.text))]
            at += run.columns
    return columns
