"""The output since the last input, told apart from an echo and from older text.

From a mark on, the program's output is kept. When it is asked for, it is drawn on a second, blank terminal that began
with the cursor and the modes of the first: what stands there is new, wherever a program draws.
"""

import re
from dataclasses import dataclass
from typing import Final

from podium.terminal import Emulator
from podium.terminal.screen.row import BLANK, RIGHT_HALF

MAX_KEPT: Final = 128 * 1024
"""Bytes kept while no watch asks. After more, everything counts as new."""
_LARGEST_STEP: Final = 16 * 1024
"""Bytes drawn at once while a watch asks repeatedly."""
_LINES_BACK: Final = 1000
_MAX_WORDS: Final = 400
"""Of a sent text that are recognized when the program shows them again."""
_SIGNS: Final = r"[>❯›»▌│┃|$%#]"
_FRAME: Final = r"[\s│┃|]+"


_Size = tuple[int, int]
"""Columns and lines."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """The screen when the mark was set. ``rows`` are those of what was typed, the last is the cursor's."""

    state: bytes
    columns: int
    lines: int
    first_line: int
    line_epoch: int
    cursor: int
    rows: tuple[str, ...]
    sent: str


class FreshOutput:
    """The output of one session since the last mark."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._mark: _Mark | None = None
        self._kept: list[bytearray | _Size] = []
        self._kept_bytes = 0
        self._drawn: Emulator | None = None
        self._aligned = False
        self._echo: re.Pattern[str] | None = None

    @property
    def marked(self) -> bool:
        """Whether it is known what is new."""
        return self._mark is not None

    def mark(self, sent: str = "", *, shown_again: bool = False) -> None:
        """Output from now on is new. ``sent`` is what was typed last; with ``shown_again`` the program may repeat it
        behind a prompt, as composers do, and that is not new.
        """
        t = self._emulator.terminal
        above = min(_rows_above(sent, t.x, t.columns), t.y)
        self._mark = _Mark(
            self._emulator.redraw(),
            t.columns,
            t.lines,
            self._emulator.first_line,
            self._emulator.line_epoch,
            t.y,
            tuple(row.text for row in t.rows[t.y - above : t.y + 1]),
            sent,
        )
        self._clear()
        self._aligned = True
        self._echo = _echo(sent) if shown_again else None

    def forget(self) -> None:
        """Drop the mark: new and old can't be told apart any more."""
        self._mark = None
        self._clear()

    def on_output(self, data: bytes, *, asked: bool) -> None:
        """The emulator has taken in ``data``; ``asked``: a watch wants new text."""
        if self._mark is None:
            return
        if not asked and self._kept_bytes + len(data) > MAX_KEPT:
            self.forget()
            return
        self._keep(data)
        if asked and self._kept_bytes > _LARGEST_STEP:
            self._draw(self._mark)

    def on_redrawn(self) -> None:
        """The screen changed without output: its rows are no longer those of the second terminal."""
        if self._mark is None:
            return
        t = self._emulator.terminal
        self._aligned = False
        if self._kept and not isinstance(self._kept[-1], bytearray):
            self._kept.pop()
        self._kept.append((t.columns, t.lines))

    def text(self) -> str:
        """The new text of the screen and the newest 1,000 lines above it, without what was typed."""
        assert self._mark is not None
        drawn = self._draw(self._mark)
        start = max(drawn.oldest_line, drawn.first_line - _LINES_BACK)
        text = "\n".join(
            (self._text_from(drawn, start, self._mark), *self._completed(drawn, start, self._mark))
        )
        return text if self._echo is None else self._echo.sub("", text)

    def _draw(self, mark: _Mark) -> Emulator:
        """The second terminal, with all output on it."""
        if self._drawn is None:
            self._drawn = Emulator(mark.columns, mark.lines, _LINES_BACK)
            self._drawn.feed(mark.state + b"\x1b[2J")
            self._drawn.clear_scrollback()
        kept, self._kept = self._kept, []
        self._kept_bytes = 0
        for one in kept:
            if isinstance(one, bytearray):
                self._drawn.feed(bytes(one))
            else:
                self._drawn.resize(*one)
        # The first terminal answers the program, not this one.
        self._drawn.take_replies()
        self._drawn.take_events()
        return self._drawn

    def _clear(self) -> None:
        self._drawn = None
        self._kept.clear()
        self._kept_bytes = 0

    def _keep(self, data: bytes) -> None:
        last = self._kept[-1] if self._kept else None
        if isinstance(last, bytearray):
            last += data
        else:
            self._kept.append(bytearray(data))
        self._kept_bytes += len(data)

    def _text_from(self, drawn: Emulator, start: int, mark: _Mark) -> str:
        """The text from line ``start`` on. A line editor may draw what was typed once more before it obeys: that is
        left out.
        """
        last = mark.cursor
        first = last - len(mark.rows) + 1
        if not self._aligned or start > last or not self._drawn_again(drawn, first, mark):
            return drawn.text_from(start)
        above = drawn.text_between((start, 0), (first - 1, mark.columns - 1)) if start < first else ""
        below = drawn.text_from(last + 1) if _cursor_line(drawn) > last else ""
        return f"{above}\n{below}"

    def _drawn_again(self, drawn: Emulator, first: int, mark: _Mark) -> bool:
        """Whether the rows of what was typed hold nothing but that."""
        for number, before in enumerate(mark.rows, first):
            if not drawn.oldest_line <= number < drawn.first_line + mark.lines:
                continue
            now = [cell.char[:1] or RIGHT_HALF for cell in drawn.line(number - drawn.oldest_line)]
            if any(new not in (BLANK, old) for new, old in zip(now, before.ljust(len(now)), strict=False)):
                return False
        return True

    def _completed(self, drawn: Emulator, start: int, mark: _Mark) -> list[str]:
        """Rows of which only some cells were drawn anew, as they are in full: programs send what differs alone."""
        emulator = self._emulator
        shift = mark.first_line
        if (
            not self._aligned
            or emulator.line_epoch != mark.line_epoch
            or emulator.first_line != drawn.first_line + shift
            or emulator.alternate_screen != drawn.alternate_screen
        ):
            return []
        count = drawn.first_line + mark.lines - start
        typed = range(mark.cursor - len(mark.rows) + 1, mark.cursor + 1)
        first_new, new, _ = drawn.lines_between(start, count)
        first_all, whole, _ = emulator.lines_between(start + shift, count)
        if first_all != first_new + shift:
            return []
        found = []
        for number, (part, line) in enumerate(zip(new, whole, strict=False), first_new):
            some = "".join(run.text for run in part.runs).strip()
            full = "".join(run.text for run in line.runs).strip()
            if some and some != full and number not in typed:
                found.append(full)
        return found


def _cursor_line(drawn: Emulator) -> int:
    return drawn.first_line + drawn.terminal.lines - 1


def _rows_above(sent: str, cursor: int, columns: int) -> int:
    """The number of rows above the cursor's that ``sent`` takes, when it ends at the column ``cursor``."""
    *before, last = sent.split("\n") if sent else [""]
    rows = -(-max(0, len(last) - cursor) // columns)
    return rows + sum(1 + len(line) // columns for line in before)


def _echo(sent: str) -> re.Pattern[str] | None:
    """The echo of ``sent`` behind a prompt, also where the program breaks its lines."""
    # A word never begins with what stands between two: the pattern has one way to match at most, and takes no time.
    words = [word for word in re.split(_FRAME, sent) if word][:_MAX_WORDS]
    if not words:
        return None
    return re.compile(
        rf"^[^\S\n]*{_SIGNS}(?:{_SIGNS}|[^\S\n])*" + _FRAME.join(map(re.escape, words)), re.MULTILINE
    )
