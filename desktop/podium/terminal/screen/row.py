"""One row of a screen: a string of what its columns show beside a string of their style codes.

Both hold one character a column, so that printing, erasing and scrolling are slices of strings, at the same speed
interpreted and compiled.
"""

from typing import Final

from podium.terminal.screen.row_mark import RowMark
from podium.terminal.screen.width import halves, is_spacing_mark

RIGHT_HALF: Final = "\x00"
"""The content of the column right of a wide character; no cell ever holds a control."""
BLANK: Final = " "
DEFAULT: Final = "\x00"
"""The code of the default style."""


class Row:
    """``text`` and ``styles`` are equally long, at most as long as the screen is wide; the rest is default blanks.

    ``styles`` holds codes of the terminal's style table. A cell of more than one code point, and a spacing mark by
    itself, has its first one in ``text`` and all of them in ``clusters``, by column. ``wide`` is true when there may be
    right halves or clusters; plain rows skip all the repairs those need. ``wrapped`` is true when the text goes on in
    the next row; then ``filler`` tells that the last column is no part of it: it stayed blank because a wide character
    did not fit. ``bidi`` holds Bidi flags. ``version`` counts the changes: so a frame can tell a row that only moved.
    """

    __slots__ = ("bidi", "clusters", "filler", "marks", "styles", "text", "version", "wide", "wrapped")

    def __init__(
        self,
        text: str = "",
        styles: str = "",
        wrapped: bool = False,
        wide: bool = False,
        clusters: dict[int, str] | None = None,
        filler: bool = False,
    ) -> None:
        self.text = text
        self.styles = styles
        self.wrapped = wrapped
        self.filler = filler
        self.wide = wide
        self.clusters = clusters
        self.bidi = 0
        self.marks: tuple[RowMark, ...] = ()
        self.version = 0

    def char(self, x: int) -> str:
        """The text in column ``x``; "" for a right half."""
        if x >= len(self.text):
            return BLANK
        if self.clusters is not None and x in self.clusters:
            return self.clusters[x]
        char = self.text[x]
        return "" if char == RIGHT_HALF else char

    def style_code(self, x: int) -> str:
        """The code of column ``x``'s style."""
        return self.styles[x] if x < len(self.styles) else DEFAULT

    def is_right_half(self, x: int) -> bool:
        return x < len(self.text) and self.text[x] == RIGHT_HALF

    def used(self) -> int:
        """The number of columns in use: everything up to the last one that is not a default blank."""
        return max(self.used_by_text(), len(self.styles.rstrip(DEFAULT)))

    def used_by_text(self) -> int:
        """The number of columns in use when the colour of blanks does not count."""
        used = len(self.text.rstrip(BLANK))
        # A mark may sit on a blank.
        return max(used, max(self.clusters) + 1) if self.clusters else used

    def copy(self) -> "Row":
        """The same content in a row of its own."""
        clusters = None if self.clusters is None else dict(self.clusters)
        row = Row(self.text, self.styles, self.wrapped, self.wide, clusters, self.filler)
        row.bidi = self.bidi
        row.marks = self.marks
        return row

    def wrap(self, columns: int, fits: bool) -> None:
        """The text of this row of ``columns`` goes on in the next one; ``fits`` unless its last column was too little
        for a wide character. A blank there is a filler then; what was drawn there before is still to be seen.
        """
        self.wrapped = True
        self.filler = not fits and self.char(columns - 1) == BLANK
        self.version += 1

    def put(self, x: int, piece: str, styles: str, eraser: str) -> None:
        """Overwrite columns from ``x`` on. Characters above 1 column are to come with their right halves.

        What is left of a wide character that only half went is a blank in the style ``eraser``.
        """
        text = self.text
        have = len(text)
        end = x + len(piece)
        if self.wide:
            self._make_room(x, end, eraser)
            text = self.text
        if have > end:
            self.text = f"{text[:x]}{piece}{text[end:]}"
            self.styles = f"{self.styles[:x]}{styles}{self.styles[end:]}"
        elif have == x:
            self.text = text + piece
            self.styles = self.styles + styles
        elif have > x:
            self.text = text[:x] + piece
            self.styles = self.styles[:x] + styles
        else:
            self.text = f"{text}{BLANK * (x - have)}{piece}"
            self.styles = f"{self.styles}{DEFAULT * (x - have)}{styles}"
        self.version += 1

    def cut(self, x: int) -> None:
        """Everything from column ``x`` on becomes default blanks."""
        if x < len(self.text):
            if self.wide:
                self._make_room(x, len(self.text), DEFAULT)
            self.text = self.text[:x]
            self.styles = self.styles[:x]
            if x == 0:
                self.wide = False
        self.version += 1

    def fill(self, start: int, end: int, char: str, style_code: str) -> None:
        """Set columns ``start`` to ``end`` (exclusive) to ``char`` in the style ``style_code``."""
        if start >= end:
            return
        if char == BLANK and style_code == DEFAULT and end >= len(self.text):
            self.cut(start)
        else:
            self.put(start, char * (end - start), style_code * (end - start), style_code)

    def erase_but(self, spared: set[str], start: int, end: int, style_code: str) -> None:
        """Blank columns ``start`` to ``end`` (exclusive) but those whose styles are ``spared``.

        The blanks get the style ``style_code``, or keep their own when that is "".
        """
        self.pad(end)
        for x in (start, end):
            # Both halves of a wide character have one style.
            if self.is_right_half(x) and self.styles[x] not in spared:
                self.split_wide(x, style_code or self.styles[x])
        old = self.styles[start:end]
        chars = zip(self.text[start:end], old, strict=True)
        text = "".join([char if style in spared else BLANK for char, style in chars])
        styles = "".join([style if style in spared else style_code for style in old]) if style_code else old
        if self.clusters:
            self.clusters = {
                x: cluster
                for x, cluster in self.clusters.items()
                if not start <= x < end or self.styles[x] in spared
            }
        self.text = f"{self.text[:start]}{text}{self.text[end:]}"
        self.styles = f"{self.styles[:start]}{styles}{self.styles[end:]}"
        self.version += 1

    def insert(self, x: int, count: int, end: int, style_code: str) -> None:
        """Blanks at ``x``; what is there up to ``end`` (exclusive) moves right and out."""
        if self.wide:
            self.split_wide(x, style_code)
            self.split_wide(end - count, style_code)
            self.split_wide(end, style_code)
        self._shift(x, end - count, count, end)
        self.text = f"{self.text[:x]}{BLANK * count}{self.text[x : end - count]}{self.text[end:]}"
        self.styles = (
            f"{self.styles[:x]}{style_code * count}{self.styles[x : end - count]}{self.styles[end:]}"
        )
        self.version += 1

    def delete(self, x: int, count: int, end: int, style_code: str) -> None:
        """Columns from ``x`` on go; the rest up to ``end`` (exclusive) moves left, with blanks after it."""
        if self.wide:
            self.split_wide(x, style_code)
            self.split_wide(x + count, style_code)
            self.split_wide(end, style_code)
        self._shift(x + count, end, -count, end)
        self.text = f"{self.text[:x]}{self.text[x + count : end]}{BLANK * count}{self.text[end:]}"
        self.styles = (
            f"{self.styles[:x]}{self.styles[x + count : end]}{style_code * count}{self.styles[end:]}"
        )
        self.version += 1

    def _shift(self, first: int, last: int, by: int, end: int) -> None:
        """Get ready for columns ``first`` to ``last`` (exclusive) to move within those up to ``end``."""
        self.pad(end)
        clusters = self.clusters
        if clusters is not None:
            start = min(first, first + by)
            moved = {x: cluster for x, cluster in clusters.items() if not start <= x < end}
            moved.update({x + by: cluster for x, cluster in clusters.items() if first <= x < last})
            self.clusters = moved

    def pad(self, columns: int) -> None:
        """Hold at least ``columns`` columns, the new ones as default blanks."""
        if len(self.text) < columns:
            self.text = self.text.ljust(columns, BLANK)
            self.styles = self.styles.ljust(columns, DEFAULT)

    def split_wide(self, x: int, style_code: str) -> None:
        """Make cells of one column of a cell that a cut in front of column ``x`` would halve: each shows its part of a
        syllable; of a wide character only blanks in that style stay.
        """
        if not (0 < x < len(self.text) and self.text[x] == RIGHT_HALF):
            return
        clusters = self.clusters or {}
        left, right = halves(clusters.pop(x - 1, ""))
        if left:
            self.text = f"{self.text[: x - 1]}{left[0]}{right[0]}{self.text[x + 1 :]}"
            if len(left) > 1:
                clusters[x - 1] = left
            if len(right) > 1 or is_spacing_mark(right):
                clusters[x] = right
            return
        self.text = f"{self.text[: x - 1]}{BLANK}{BLANK}{self.text[x + 1 :]}"
        self.styles = f"{self.styles[: x - 1]}{style_code}{style_code}{self.styles[x + 1 :]}"

    def _make_room(self, x: int, end: int, style_code: str) -> None:
        """Prepare columns ``x`` to ``end`` (exclusive) to be overwritten."""
        self.split_wide(x, style_code)
        self.split_wide(end, style_code)
        clusters = self.clusters
        if not clusters:
            return
        if end - x < len(clusters):
            for at in range(x, end):
                clusters.pop(at, None)
        else:
            for at in [at for at in clusters if x <= at < end]:
                del clusters[at]

    def join(self, x: int, cluster: str) -> None:
        """Column ``x`` holds ``cluster`` from now on, which begins with what it held before."""
        self.pad(x + 1)
        if self.clusters is None:
            self.clusters = {}
        self.clusters[x] = cluster
        self.wide = True
        self.version += 1

    def resize(self, columns: int) -> None:
        """Cut to ``columns`` without reflow."""
        if len(self.text) > columns:
            self.cut(columns)
        self.wrapped = False
        self.version += 1


def blank_row(columns: int, style_code: str = DEFAULT) -> Row:
    """A new row of blanks in the style ``style_code``."""
    if style_code == DEFAULT:
        return Row()
    return Row(BLANK * columns, style_code * columns)


def copy_columns(source: Row, start: int, end: int, target: Row, at: int, eraser: str) -> None:
    """Copy columns between rows (also within one); wide characters cut at an edge become blanks like ``eraser``."""
    size = end - start
    if size <= 0:
        return
    if source.wide:
        source = source.copy()
        source.split_wide(start, eraser)
        source.split_wide(end, eraser)
    text = source.text[start:end].ljust(size, BLANK)
    styles = source.styles[start:end].ljust(size, DEFAULT)
    target.put(at, text, styles, eraser)
    if source.wide:
        target.wide = True
        for x, cluster in (source.clusters or {}).items():
            if start <= x < end:
                target.join(x - start + at, cluster)
