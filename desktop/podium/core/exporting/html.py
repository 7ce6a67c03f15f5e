"""Lines as HTML: preformatted text with its colours and styles in the spans themselves."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from podium.core.exporting.pages import LinePage
from podium.core.exporting.rows import ExportRow, Piece, RowJoiner
from podium.core.links.addresses import is_link
from podium.core.protocol.cell_colors import CellColors, color_notation
from podium.core.protocol.frames import DEFAULT_ATTRIBUTES, Attributes, Style, Underline
from podium.core.spoofing import without_spoofing

_MAX_STYLES: Final = 4096
"""Styles whose tags are remembered."""
_UNDERLINES: Final = {
    Underline.SINGLE: "",
    Underline.DOUBLE: " double",
    Underline.CURLY: " wavy",
    Underline.DOTTED: " dotted",
    Underline.DASHED: " dashed",
}
_FONTS: Final = "'JetBrains Mono','DejaVu Sans Mono',Consolas,Menlo,monospace"


class HtmlRows:
    """Rows as the inside of a ``pre`` element."""

    def __init__(self, colors: CellColors) -> None:
        self._colors = colors
        self._tags: dict[Attributes, tuple[str, str]] = {}

    def opening(self) -> str:
        """The ``pre`` element's start."""
        return f'<pre style="{self.ground};color:{color_notation(self._colors.foreground)};font-family:{_FONTS}">'

    @property
    def ground(self) -> str:
        """The background, as a rule of a style."""
        return f"background:{color_notation(self._colors.background)}"

    def row(self, row: ExportRow) -> str:
        pieces = _joined(row.pieces)
        if pieces and not row.continues and pieces[-1].attributes == DEFAULT_ATTRIBUTES:
            pieces[-1] = pieces[-1]._replace(text=pieces[-1].text.rstrip(" "))
        shown = "".join(map(self._piece, pieces))
        return shown if row.continues else shown + "\n"

    def _piece(self, piece: Piece) -> str:
        opening, closing = self._tags_of(piece.attributes)
        return f"{opening}{escape(without_spoofing(piece.text))}{closing}"

    def _tags_of(self, attributes: Attributes) -> tuple[str, str]:
        tags = self._tags.get(attributes)
        if tags is None:
            if len(self._tags) >= _MAX_STYLES:
                self._tags.clear()
            tags = self._tags[attributes] = self._make_tags(attributes)
        return tags

    def _make_tags(self, attributes: Attributes) -> tuple[str, str]:
        style = self._style(attributes)
        if is_link(attributes.link):
            return f'<a href="{escape(attributes.link)}" style="{style}">', "</a>"
        return (f'<span style="{style}">', "</span>") if style else ("", "")

    def _style(self, attributes: Attributes) -> str:
        colors, style = self._colors.resolve(attributes), attributes.style
        hidden = style & Style.HIDDEN
        rules = []
        text = colors.background if hidden else colors.text
        if text != self._colors.foreground:
            rules.append(f"color:{color_notation(text)}")
        if colors.background != self._colors.background:
            rules.append(f"background:{color_notation(colors.background)}")
        if style & Style.BOLD:
            rules.append("font-weight:bold")
        if style & Style.ITALIC:
            rules.append("font-style:italic")
        if not hidden:
            rules += _line_rules(attributes, color_notation(colors.underline))
        return ";".join(rules)


class HtmlWriter:
    """A DocumentWriter: a page with a title."""

    def __init__(self, columns: int, colors: CellColors, title: str) -> None:
        self._joiner = RowJoiner(columns)
        self._rows = HtmlRows(colors)
        self._title = title

    def begin(self) -> str:
        return (
            '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
            f"<title>{escape(self._title)}</title>\n</head>\n"
            f'<body style="{self._rows.ground}">\n{self._rows.opening()}\n'
        )

    def add(self, page: LinePage) -> str:
        return "".join(map(self._rows.row, self._joiner.add(page)))

    def end(self) -> str:
        return "".join(map(self._rows.row, self._joiner.end())) + "</pre>\n</body>\n</html>\n"


def html_part(rows: Iterable[ExportRow], colors: CellColors) -> str:
    """Rows as a part of somebody else's page, for a clipboard."""
    made = HtmlRows(colors)
    inside = "".join(map(made.row, rows)).removesuffix("\n")
    return f'<meta charset="utf-8">{made.opening()}{inside}</pre>'


def _line_rules(attributes: Attributes, color: str) -> list[str]:
    kinds = []
    underline = attributes.underline or (Underline.SINGLE if attributes.link else Underline.NONE)
    shape = _UNDERLINES.get(Underline(underline)) if underline in _UNDERLINES else None
    if shape is not None:
        kinds.append("underline")
    if attributes.style & Style.STRIKE:
        kinds.append("line-through")
    if attributes.style & Style.OVERLINE:
        kinds.append("overline")
    if not kinds:
        return []
    return [f"text-decoration:{' '.join(kinds)}{shape or ''} {color}"]


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of the same attributes as one piece: every cluster comes by itself."""
    result: list[Piece] = []
    for piece in pieces:
        if result and result[-1].attributes == piece.attributes:
            before = result[-1]
            result[-1] = Piece(
                before.text + piece.text, piece.attributes, before.columns + piece.columns, piece.wide
            )
        else:
            result.append(piece)
    return result
