"""The rows in view as one text, with offsets as QString counts them. Qt-free."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

_CODEC = "utf-16-le"
_LOSSLESS = "surrogatepass"


class TextChange(NamedTuple):
    """``removed`` was at ``offset`` of the text before, ``inserted`` is there now."""

    offset: int
    removed: str
    inserted: str


def _units(text: str) -> int:
    """The length of ``text`` in a QString: UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


class ViewText:
    """Rows end with a line feed but for the last; blanks at their ends are none of the text.

    ``rows`` are cells, one for each column: a character or cluster, "" for what a wide one covers.
    """

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self._rows = [_without_blanks(row) for row in rows]
        texts = ["".join(row) for row in self._rows]
        self.text = "\n".join(texts)
        self._encoded = self.text.encode(_CODEC, _LOSSLESS)
        self._starts = [0]
        for text in texts[:-1]:
            self._starts.append(self._starts[-1] + _units(text) + 1)

    @property
    def length(self) -> int:
        return len(self._encoded) // 2

    def slice(self, start: int, end: int) -> str:
        """The text from offset ``start`` up to ``end``; a negative ``end`` is that of the text."""
        last = self.length if end < 0 else min(end, self.length)
        return self._encoded[2 * max(0, start) : 2 * last].decode(_CODEC, "replace")

    def offset(self, row: int, column: int) -> int:
        """The offset of a cell; behind the text of a row that of its end."""
        if not self._rows:
            return 0
        row = min(max(row, 0), len(self._rows) - 1)
        return self._starts[row] + sum(map(_units, self._rows[row][:column]))

    def place(self, offset: int) -> tuple[int, int]:
        """The row and column of the cell at ``offset``; the column behind the text for a row's end."""
        offset = min(max(offset, 0), self.length)
        row = bisect_right(self._starts, offset) - 1
        left = offset - self._starts[row]
        column = 0
        cells = self._rows[row] if self._rows else []
        while column < len(cells):
            width = _units(cells[column])
            if left < width:
                break
            left -= width
            column += 1
        return row, column

    def change_from(self, before: "ViewText") -> TextChange | None:
        """The smallest change that makes ``before`` this text; None without one."""
        old, new = before.text, self.text
        if old == new:
            return None
        most = min(len(old), len(new))
        start = next((at for at in range(most) if old[at] != new[at]), most)
        rest = most - start
        end = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
        return TextChange(_units(new[:start]), old[start : len(old) - end], new[start : len(new) - end])


def _without_blanks(row: Sequence[str]) -> list[str]:
    cells = list(row)
    while cells and (not cells[-1] or cells[-1].isspace()):
        if not cells[-1] and any(cell and not cell.isspace() for cell in cells[-2:-1]):
            break  # It is the right half of a wide character.
        cells.pop()
    return cells
