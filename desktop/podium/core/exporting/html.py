"""Lines as HTML: preformatted text with its colours and styles in the spans themselves."""

from collections.abc import Sequence
from html import escape
from typing import Final

from podium.core.exporting.pages import LinePage
from podium.core.exporting.rows import ExportRow, Piece, RowJoiner
from podium.core.protocol.cell_colors import CellColors, color_notation
from podium.core.protocol.frames import LINK_SCHEMES, Attributes, Style, Underline
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


class HtmlWriter:
    """A DocumentWriter. ``title`` is the name of a whole page; without one it is a part of somebody else's."""

    def __init__(self, columns: int, colors: CellColors, title: str | None = None) -> None:
        self._joiner = RowJoiner(columns)
        self._colors = colors
        self._title = title
        self._tags: dict[Attributes, tuple[str, str]] = {}

    def begin(self) -> str:
        ground = f"background:{color_notation(self._colors.background)}"
        style = f"{ground};color:{color_notation(self._colors.foreground)};font-family:{_FONTS}"
        opening = f'<pre style="{style}">'
        if self._title is None:
            return f'<meta charset="utf-8">{opening}'
        return (
            '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
            f"<title>{escape(self._title)}</title>\n</head>\n"
            f'<body style="{ground}">\n{opening}\n'
        )

    def add(self, page: LinePage) -> str:
        return "".join(map(self._row, self._joiner.add(page)))

    def end(self) -> str:
        rest = "".join(map(self._row, self._joiner.end()))
        if self._title is None:
            return rest.removesuffix("\n") + "</pre>"
        return rest + "</pre>\n</body>\n</html>\n"

    def _row(self, row: ExportRow) -> str:
        shown = "".join(map(self._piece, _joined(row.pieces)))
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
        if attributes.link.lower().startswith(LINK_SCHEMES):
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
