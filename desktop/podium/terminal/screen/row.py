"""One row of a screen: a string of what its columns show beside a string of how they look.

Both hold one character a column, so that printing, erasing and scrolling are slices of strings, at the same speed
interpreted and compiled.
"""

from typing import Final

RIGHT_HALF: Final = "\x00"
"""What the column right of a wide character holds; no cell ever holds a control."""
BLANK: Final = " "
DEFAULT: Final = "\x00"
"""The sign of the default look."""


class Row:
    """``text`` and ``looks`` are equally long, at most as long as the screen is wide; the rest is default blanks.

    ``looks`` holds signs of the terminal's look table. A cell of more than one code point has its first one in
    ``text`` and all of them in ``clusters``, by column. ``wide`` is true when there may be right halves or clusters;
    plain rows skip all the repairs those need. ``version`` counts the changes, so that a frame can tell a row that
    only moved.
    """

    __slots__ = ("clusters", "looks", "text", "version", "wide", "wrapped")

    def __init__(
        self,
        text: str = "",
        looks: str = "",
        wrapped: bool = False,
        wide: bool = False,
        clusters: dict[int, str] | None = None,
    ) -> None:
        self.text = text
        self.looks = looks
        self.wrapped = wrapped
        self.wide = wide
        self.clusters = clusters
        self.version = 0

    def char(self, x: int) -> str:
        """What column ``x`` shows; "" for a right half."""
        if x >= len(self.text):
            return BLANK
        if self.clusters is not None and x in self.clusters:
            return self.clusters[x]
        char = self.text[x]
        return "" if char == RIGHT_HALF else char

    def sign(self, x: int) -> str:
        """How column ``x`` looks."""
        return self.looks[x] if x < len(self.looks) else DEFAULT

    def is_right_half(self, x: int) -> bool:
        return x < len(self.text) and self.text[x] == RIGHT_HALF

    def used(self) -> int:
        """How many columns are in use: everything up to the last one that is not a default blank."""
        return max(self.used_by_text(), len(self.looks.rstrip(DEFAULT)))

    def used_by_text(self) -> int:
        """How many columns are in use when the colour of blanks does not count."""
        used = len(self.text.rstrip(BLANK))
        # A mark may sit on a blank.
        return max(used, max(self.clusters) + 1) if self.clusters else used

    def copy(self) -> "Row":
        """The same content in a row of its own."""
        clusters = None if self.clusters is None else dict(self.clusters)
        return Row(self.text, self.looks, self.wrapped, self.wide, clusters)

    def put(self, x: int, piece: str, looks: str, eraser: str) -> None:
        """Overwrite columns from ``x`` on. Characters above 1 column are to come with their right halves.

        What is left of a wide character that only half went is a blank that looks as ``eraser`` says.
        """
        text = self.text
        have = len(text)
        end = x + len(piece)
        if self.wide:
            self._make_room(x, end, eraser)
            text = self.text
        if have > end:
            self.text = f"{text[:x]}{piece}{text[end:]}"
            self.looks = f"{self.looks[:x]}{looks}{self.looks[end:]}"
        elif have == x:
            self.text = text + piece
            self.looks = self.looks + looks
        elif have > x:
            self.text = text[:x] + piece
            self.looks = self.looks[:x] + looks
        else:
            self.text = f"{text}{BLANK * (x - have)}{piece}"
            self.looks = f"{self.looks}{DEFAULT * (x - have)}{looks}"
        self.version += 1

    def cut(self, x: int) -> None:
        """Everything from column ``x`` on becomes default blanks."""
        if x < len(self.text):
            if self.wide:
                self._make_room(x, len(self.text), DEFAULT)
            self.text = self.text[:x]
            self.looks = self.looks[:x]
            if x == 0:
                self.wide = False
        self.version += 1

    def fill(self, start: int, end: int, char: str, sign: str) -> None:
        """Set columns ``start`` to ``end`` (exclusive) to ``char`` in the look ``sign``."""
        if start >= end:
            return
        if char == BLANK and sign == DEFAULT and end >= len(self.text):
            self.cut(start)
        else:
            self.put(start, char * (end - start), sign * (end - start), sign)

    def erase_but(self, spared: set[str], start: int, end: int, sign: str) -> None:
        """Blank columns ``start`` to ``end`` (exclusive) but those whose looks are ``spared``.

        The blanks get the look ``sign``, or keep their own when that is "".
        """
        self.pad(end)
        for x in (start, end):
            # Both halves of a wide character look alike.
            if self.is_right_half(x) and self.looks[x] not in spared:
                self.split_wide(x, sign or self.looks[x])
        old = self.looks[start:end]
        chars = zip(self.text[start:end], old, strict=True)
        text = "".join([char if look in spared else BLANK for char, look in chars])
        looks = "".join([look if look in spared else sign for look in old]) if sign else old
        if self.clusters:
            self.clusters = {
                x: cluster
                for x, cluster in self.clusters.items()
                if not start <= x < end or self.looks[x] in spared
            }
        self.text = f"{self.text[:start]}{text}{self.text[end:]}"
        self.looks = f"{self.looks[:start]}{looks}{self.looks[end:]}"
        self.version += 1

    def insert(self, x: int, count: int, end: int, sign: str) -> None:
        """Blanks at ``x``; what is there up to ``end`` (exclusive) moves right and out."""
        if self.wide:
            self.split_wide(x, sign)
            self.split_wide(end - count, sign)
            self.split_wide(end, sign)
        self._shift(x, end - count, count, end)
        self.text = f"{self.text[:x]}{BLANK * count}{self.text[x : end - count]}{self.text[end:]}"
        self.looks = f"{self.looks[:x]}{sign * count}{self.looks[x : end - count]}{self.looks[end:]}"
        self.version += 1

    def delete(self, x: int, count: int, end: int, sign: str) -> None:
        """Columns from ``x`` on go; the rest up to ``end`` (exclusive) moves left, with blanks after it."""
        if self.wide:
            self.split_wide(x, sign)
            self.split_wide(x + count, sign)
            self.split_wide(end, sign)
        self._shift(x + count, end, -count, end)
        self.text = f"{self.text[:x]}{self.text[x + count : end]}{BLANK * count}{self.text[end:]}"
        self.looks = f"{self.looks[:x]}{self.looks[x + count : end]}{sign * count}{self.looks[end:]}"
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
            self.looks = self.looks.ljust(columns, DEFAULT)

    def split_wide(self, x: int, sign: str) -> None:
        """Make a wide character that a cut in front of column ``x`` would halve two blanks in the look ``sign``."""
        if 0 < x < len(self.text) and self.text[x] == RIGHT_HALF:
            self.text = f"{self.text[: x - 1]}{BLANK}{BLANK}{self.text[x + 1 :]}"
            self.looks = f"{self.looks[: x - 1]}{sign}{sign}{self.looks[x + 1 :]}"
            if self.clusters is not None:
                self.clusters.pop(x - 1, None)

    def _make_room(self, x: int, end: int, sign: str) -> None:
        """What columns ``x`` to ``end`` (exclusive) hold is about to go."""
        self.split_wide(x, sign)
        self.split_wide(end, sign)
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


def blank_row(columns: int, sign: str = DEFAULT) -> Row:
    """A new row of blanks in the look ``sign``."""
    if sign == DEFAULT:
        return Row()
    return Row(BLANK * columns, sign * columns)


def copy_columns(source: Row, start: int, end: int, target: Row, at: int, eraser: str) -> None:
    """Copy columns between rows (also within one); wide characters cut at an edge become blanks like ``eraser``."""
    size = end - start
    if size <= 0:
        return
    text = source.text[start:end].ljust(size, BLANK)
    looks = source.looks[start:end].ljust(size, DEFAULT)
    if not source.wide:
        target.put(at, text, looks, eraser)
        return
    clusters = source.clusters or {}
    moved = {x - start + at: cluster for x, cluster in clusters.items() if start <= x < end}
    if text[0] == RIGHT_HALF:
        text = BLANK + text[1:]
        looks = eraser + looks[1:]
    if source.is_right_half(end):
        text = text[:-1] + BLANK
        looks = looks[:-1] + eraser
        moved.pop(at + size - 1, None)
    target.put(at, text, looks, eraser)
    target.wide = True
    for x, cluster in moved.items():
        target.join(x, cluster)
