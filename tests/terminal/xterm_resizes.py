"""Cases for the judge that change the terminal's size on their way: bytes and sizes in turn."""

_LINES = b"\r\n".join(b"row%d" % n for n in range(12))

Size = tuple[int, int]
RESIZES: dict[str, tuple[bytes | Size, ...]] = {
    # Bytes and sizes in turn. Only lines that fit, as xterm does not reflow; and none that grows over a scrollback,
    # as then its own timing decides how many lines it takes back.
    "shorter, cursor at the bottom": (_LINES, (20, 5)),
    "shorter, cursor in the middle": (_LINES + b"\x1b[3;2H", (20, 5)),
    "shorter, cursor at the top": (_LINES + b"\x1b[H", (20, 3)),
    "shorter with blank rows below": (b"a\r\nb", (20, 4)),
    "shorter with few blank rows below": (b"a\r\nb\r\nc\r\nd\r\ne", (20, 3)),
    "one line": (_LINES + b"\x1b[4;1H", (20, 2)),
    "wider": (_LINES + b"\x1b[2;20Hx", (30, 8)),
    "wider then text": (b"a" * 19, (30, 8), b"bcd"),
    "narrower than the blanks": (_LINES + b"\x1b[5;12H", (10, 8)),
    "narrower than coloured blanks": (b"\x1b[41mr0\r\nr1\x1b[2T\x1b[4;17H", (12, 8)),
    "narrower and taller, coloured": (b"\x1b[41m\x1b[2Jr0\r\nr1\x1b[2;16H", (12, 10)),
    "narrower and shorter": (_LINES + b"\x1b[5;12H", (10, 3)),
    "margins are reset": (_LINES + b"\x1b[3;5r\x1b[4;1H", (20, 7), b"\x1b[7;1H\r\nx"),
    "saved cursor": (b"a\r\nb\x1b[5;5H\x1b7\x1b[2;2H", (20, 6), b"\x1b8x"),
    "alternate screen": (_LINES + b"\x1b[?1049h\x1b[Hfull\r\nscreen", (20, 5)),
    "alternate screen wider": (_LINES + b"\x1b[?1049h\x1b[Hfull\r\nscreen", (25, 8), b"x"),
    "tabs in new columns": (b"", (40, 8), b"\t\t\tx"),
}
