"""What terminals are fed, the same bytes at every run: logs in three kinds, a full-screen program, an AI tool."""

import random
from collections.abc import Callable

COLUMNS, LINES = 120, 40
_WORDS = (
    "connect",
    "request",
    "retry",
    "token",
    "session",
    "cache",
    "build",
    "worker",
    "agent",
    "merge",
    "gate",
)
_WIDE = "港灯台波みなとひかり항구등대żółćλιμάνι🌊⛵"


def plain_log(random: random.Random) -> str:
    return f"{random.randrange(10**6):06} {' '.join(random.choices(_WORDS, k=12))}\r\n"


def sgr_log(random: random.Random) -> str:
    level, color = random.choice((31, 32, 33, 36)), random.randrange(256)
    first, *rest = random.choices(_WORDS, k=9)
    stamp = f"\x1b[2m{random.randrange(10**6):06}\x1b[0m"
    return f"{stamp} \x1b[1;{level}m{first}\x1b[0m {' '.join(rest)} \x1b[38;5;{color}m{random.random():.3f}\x1b[0m\r\n"


def unicode_log(random: random.Random) -> str:
    return f"{random.choice(_WORDS)} {''.join(random.choices(_WIDE, k=30))} — “{random.choice(_WORDS)}”\r\n"


def full_screen(random: random.Random) -> str:
    """A few cells here and there, colours, scroll regions: what editors and monitors write."""
    y, x = random.randrange(1, LINES), random.randrange(1, COLUMNS - 30)
    color = random.randrange(16, 256)
    scroll = f"\x1b[5;{LINES - 2}r\x1b[{LINES - 2}H\n\x1b[r" if random.random() < 0.1 else ""
    return (
        f"{scroll}\x1b[{y};{x}H\x1b[38;5;{color};48;5;{255 - color}m{random.choice(_WORDS):12}\x1b[0m\x1b[K"
    )


def redraw(random: random.Random) -> str:
    """Cursor up, erase, write anew: what AI tools do with their last lines."""
    lines = "".join(f"\x1b[2K\x1b[36m│\x1b[0m {' '.join(random.choices(_WORDS, k=8))}\r\n" for _ in range(6))
    return f"\x1b[6A{lines}"


KINDS: dict[str, Callable[[random.Random], str]] = {
    "plain logs": plain_log,
    "SGR logs": sgr_log,
    "Unicode logs": unicode_log,
    "full screen": full_screen,
    "AI redraw": redraw,
}


def corpus(kind: str, size: int) -> bytes:
    """``size`` bytes or a little more of ``kind``, always the same."""
    source = random.Random(kind)
    pieces, length = [], 0
    while length < size:
        piece = KINDS[kind](source).encode()
        pieces.append(piece)
        length += len(piece)
    return b"".join(pieces)


def coloured_lines(count: int) -> bytes:
    """Lines of 117 columns in four colours each, for what the scrollback takes."""
    source = random.Random("coloured lines")
    lines = []
    for _ in range(count):
        colors = [source.randrange(256) for _ in range(4)]
        words = [" ".join(source.choices(_WORDS, k=5))[:29].ljust(29) for _ in colors]
        pieces = [f"\x1b[38;5;{color}m{text}" for color, text in zip(colors, words, strict=True)]
        lines.append("".join(pieces) + "\x1b[0m|")
    return "\r\n".join(lines).encode()


def random_colours(count: int) -> bytes:
    """As many direct colours, all on one screen: what a table of looks must not grow with."""
    source = random.Random("random colours")
    cells = [
        f"\x1b[38;2;{source.randrange(256)};{source.randrange(256)};{source.randrange(256)}mx"
        for _ in range(count)
    ]
    lines = ["".join(cells[at : at + COLUMNS]) for at in range(0, count, COLUMNS)]
    return ("\x1b[H" + "\x1b[H".join(lines)).encode()
