"""Pictures of the full-screen program: rows of text for a size and a moment, without touching a terminal."""

import math
import time
from collections import deque
from typing import Final

from podium.core.text_width import text_columns

Colour = tuple[int, int, int]

# Middle tones: they can be read on dark and on light, and the background stays the terminal's own.
_WAVE: Final[tuple[Colour, ...]] = (
    (244, 63, 94),
    (217, 70, 239),
    (129, 98, 246),
    (14, 165, 190),
    (16, 170, 120),
)
_EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
_MOONS: Final = "🌑🌒🌓🌔🌕🌖🌗🌘"
_SMALLEST: Final = (24, 5)
_MAX_WAVE_LINES: Final = 18
_BOX_LINES: Final = 6
_WORDS: Final = (
    ("港 灯台 波", "みなと ひかり"),
    ("항구 등대", "порт маяк"),
    ("λιμάνι φάρος", "höfn viti"),
    ("🌊 ⛵ 🐚 🌙", "∑ √ ∞ ≈ → ✓"),
)
_HINT: Final = "q quits"


class Picture:
    """Draws one row after the other; everything that moves comes from ``tick`` and the clock."""

    def __init__(self) -> None:
        self._columns = 0
        self._tick = 0
        self._heights: deque[float] = deque()

    def rows(self, columns: int, lines: int, now: float) -> list[str]:
        """The screen's rows, none wider than ``columns - 1``, for the next moment. ``now`` is seconds since 1970."""
        if columns < _SMALLEST[0] or lines < _SMALLEST[1]:
            return [_clipped("Too small; q quits", columns - 1)] + [""] * (lines - 1)
        width = columns - 3
        self._advance(width)
        body = lines - 3
        boxes = self._boxes(width) if body >= _BOX_LINES + 4 else []
        bars = [] if boxes else [_palette(width), self._gradient(width)][: max(0, body - 4)]
        wave_lines = min(body - len(boxes) - len(bars) - (1 if boxes else 0), _MAX_WAVE_LINES)
        below = ([""] if boxes else []) + (boxes or bars)
        spare = body - wave_lines - len(below)
        rows = [self._header(width, now), _dim("─" * width)]
        rows += [""] * (spare // 2)
        rows += [self._wave_row(row, wave_lines) for row in range(wave_lines)]
        rows += below
        rows += [""] * (spare - spare // 2)
        size = f"{columns}×{lines}"
        rows.append(_dim(_HINT + " " * max(width - len(_HINT) - len(size), 1) + size))
        return [f" {row}" if row else "" for row in rows]

    def _advance(self, width: int) -> None:
        """Move the wave on by one column."""
        missing = 1 if width == self._columns else width
        if width != self._columns:
            self._heights.clear()
            self._columns = width
            self._tick -= width - 1
        for _ in range(missing):
            self._tick += 1
            self._heights.append(_height(self._tick))
        while len(self._heights) > width:
            self._heights.popleft()

    def _header(self, width: int, now: float) -> str:
        moon = _MOONS[int(now) % len(_MOONS)]
        clock = time.strftime("%H:%M:%S", time.localtime(now))
        title, about = f"{moon} Aurora", "  a quiet program on the full screen"
        if text_columns(title + about) + len(clock) + 2 > width:
            about = ""
        gap = max(width - text_columns(title + about) - len(clock), 1)
        return f"\x1b[1m{title}\x1b[0m{_dim(about)}{' ' * gap}{_rgb(_WAVE[0])}{clock}\x1b[0m"

    def _wave_row(self, row: int, count: int) -> str:
        floor = (count - 1 - row) * 8
        full = count * 8
        cells = [_EIGHTHS[max(0, min(8, round(height * full) - floor))] for height in self._heights]
        return f"{_rgb(_mixed(_WAVE, row / max(count - 1, 1)))}{''.join(cells)}\x1b[0m"

    def _gradient(self, width: int) -> str:
        """RGB colours that wander slowly; one cell in two changes its colour, to keep frames small."""
        shift = self._tick / 240
        cells = [
            f"{_rgb(_mixed((*_WAVE, _WAVE[0]), (column / width + shift) % 1.0))}▀▀"
            for column in range(0, width - 1, 2)
        ]
        return "".join(cells) + "\x1b[0m"

    def _boxes(self, width: int) -> list[str]:
        """Colours and words side by side, or colours alone where there is no room for both."""
        if width < 66:
            return _box("Colours", width, self._colours(width - 4))
        right = 34
        left = width - right - 1
        colours = _box("Colours", left, self._colours(left - 4))
        words = _box("Words", right, [_columns_of(pair, (right - 4) // 2) for pair in _WORDS])
        return [f"{one} {two}" for one, two in zip(colours, words, strict=True)]

    def _colours(self, width: int) -> list[str]:
        step = self._tick // 4
        cube = [16 + 36 * ((column // 6 + step // 6) % 6) + column % 6 * 6 + 3 for column in range(width)]
        styles = "\x1b[1mbold\x1b[0m \x1b[3mitalic\x1b[0m \x1b[4munder\x1b[0m \x1b[4:3mcurly\x1b[0m \x1b[9mgone\x1b[0m"
        return [
            _palette(width),
            "".join(f"\x1b[38;5;{number}m▀" for number in cube) + "\x1b[0m",
            self._gradient(width),
            styles if width >= 27 else "",
        ]


def _height(tick: int) -> float:
    """The wave at a moment, from 0 to 1: three slow swells over each other."""
    swell = math.sin(tick / 9.0) * 0.5 + math.sin(tick / 23.0 + 1.0) * 0.35 + math.sin(tick / 4.1) * 0.15
    return 0.5 + 0.45 * swell


def _palette(width: int) -> str:
    """The 16 colours of the theme."""
    cell = max(1, min(4, width // 16))
    return "".join(f"\x1b[{30 + i if i < 8 else 82 + i}m{'█' * cell}" for i in range(16)) + "\x1b[0m"


def _box(title: str, width: int, content: list[str]) -> list[str]:
    top = f"{_dim('╭─')} \x1b[1m{title}\x1b[0m {_dim('─' * (width - len(title) - 5) + '╮')}"
    rows = [f"{_dim('│')} {row}{' ' * (width - 4 - _visible(row))} {_dim('│')}" for row in content]
    return [top, *rows, _dim("╰" + "─" * (width - 2) + "╯")]


def _columns_of(pair: tuple[str, str], width: int) -> str:
    return "".join(text + " " * (width - text_columns(text)) for text in pair)


def _visible(row: str) -> int:
    """Columns of a row that holds SGR sequences."""
    return sum(
        text_columns(part[part.find("m") + 1 :] if i else part) for i, part in enumerate(row.split("\x1b["))
    )


def _clipped(text: str, columns: int) -> str:
    return text[: max(columns, 0)]


def _mixed(stops: tuple[Colour, ...], place: float) -> Colour:
    """The colour at ``place`` (0 to 1) of an even gradient through ``stops``."""
    position = place * (len(stops) - 1)
    index = min(int(position), len(stops) - 2)
    share = position - index
    one, two = stops[index], stops[index + 1]
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, two, strict=True))
    return red, green, blue


def _rgb(colour: Colour) -> str:
    return f"\x1b[38;2;{colour[0]};{colour[1]};{colour[2]}m"


def _dim(text: str) -> str:
    return f"\x1b[90m{text}\x1b[0m" if text else ""
