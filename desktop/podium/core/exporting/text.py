"""Lines as plain text: wrapped ones whole, without the blanks at their ends."""

from podium.core.exporting.pages import LinePage
from podium.core.exporting.rows import ExportRow, RowJoiner
from podium.core.spoofing import without_spoofing


class TextWriter:
    """A DocumentWriter."""

    def __init__(self, columns: int) -> None:
        self._joiner = RowJoiner(columns)
        self._blanks = 0
        """Blanks at the end of what was written of a line; they count when something follows."""

    def begin(self) -> str:
        return ""

    def add(self, page: LinePage) -> str:
        return "".join(map(self._row, self._joiner.add(page)))

    def end(self) -> str:
        return "".join(map(self._row, self._joiner.end()))

    def _row(self, row: ExportRow) -> str:
        text = without_spoofing("".join([piece.text for piece in row.pieces]))
        bare = text.rstrip(" ")
        if bare:
            shown = " " * self._blanks + bare
            self._blanks = len(text) - len(bare)
        else:
            shown = ""
            self._blanks += len(text)
        if row.continues:
            return shown
        self._blanks = 0
        return shown + "\n"
