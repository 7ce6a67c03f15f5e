"""Lines as terminal output: another terminal of the same width shows them as they were."""

from podium.core.exporting.pages import LinePage
from podium.core.exporting.rows import ExportRow, RowJoiner
from podium.core.links.addresses import is_link
from podium.core.protocol.frames import DEFAULT_ATTRIBUTES, DEFAULT_COLOR, Attributes
from podium.core.protocol.line_flow import WRAP, needs_wrap
from podium.core.protocol.sgr_notation import sgr_parameters

_NEXT = "\r\n"


class AnsiWriter:
    """A DocumentWriter. Between two lines stands CR LF; the last one has no end, so that nothing scrolls."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._joiner = RowJoiner(columns)
        self._pen = DEFAULT_ATTRIBUTES
        self._before: ExportRow | None = None

    def begin(self) -> str:
        return ""

    def add(self, page: LinePage) -> str:
        return "".join(map(self._row, self._joiner.add(page)))

    def end(self) -> str:
        return "".join(map(self._row, self._joiner.end())) + self._change(DEFAULT_ATTRIBUTES)

    def _row(self, row: ExportRow) -> str:
        goes_on = self._before is not None and self._before.continues
        filler = self._before.filler if self._before is not None else None
        parts: list[str] = []
        if self._before is not None and not (goes_on and row.pieces):
            # A new row takes on the background. What has no text does not wrap by itself either.
            parts += (self._change(DEFAULT_ATTRIBUTES), _NEXT)
            goes_on = False
        elif filler is not None and not row.pieces[0].wide:
            # The wide character that did not fit has been drawn over: nothing wraps by itself.
            parts += (self._change(filler), " ")
        elif filler is not None and needs_wrap(row.pieces[0].text):
            parts += (self._change(row.pieces[0].attributes), WRAP)
        for piece in row.pieces:
            parts += (self._change(piece.attributes), piece.text)
        # The character that wrapped may have coloured the whole new row.
        colored = goes_on and row.pieces[0].attributes.background != DEFAULT_COLOR
        rest = DEFAULT_ATTRIBUTES if row.filler is None else row.filler
        if row.columns < self._columns and (colored or rest != DEFAULT_ATTRIBUTES):
            parts += (self._change(rest), "\x1b[K")
        self._before = ExportRow((), row.continues, row.filler)
        return "".join(parts)

    def _change(self, attributes: Attributes) -> str:
        before, self._pen = self._pen, attributes
        if before == attributes:
            return ""
        text = f"\x1b[{sgr_parameters(attributes)}m"
        if before.link != attributes.link:
            link = attributes.link
            text += f"\x1b]8;;{link if is_link(link) and link.isprintable() else ''}\x1b\\"
        return text
