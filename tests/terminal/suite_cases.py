"""Cases for the judge by the subjects of the public suites for terminals, on 20 columns and 8 lines."""

_FULL = b"a" * 20
_ROWS = b"\r\n".join(bytes(range(start, start + 8)) for start in range(0x41, 0x71, 8))
_CPR = b"\x1b[6n"
_ERASES = (b"J", b"0J", b"1J", b"2J", b"K", b"0K", b"1K", b"2K")

SUITE_CASES: dict[str, bytes] = {
    # A wrap that waits at an erase, selective or sparing: it stays where text in front of it is spared.
    **{f"selective {how.decode()} at a pending wrap": _FULL + b"\x1b[?" + how + b"b" for how in _ERASES},
    **{
        f"selective {how.decode()} of protected text at a pending wrap": b'\x1b[1"q'
        + _FULL
        + b"\x1b[?"
        + how
        + b"b"
        for how in _ERASES
    },
    **{
        f"{how.decode()} of guarded text at a pending wrap": b"\x1bV" + _FULL + b"\x1b[" + how + b"b"
        for how in _ERASES
    },
    "selective unknown at a pending wrap": _FULL + b"\x1b[?3J\x1b[?4Kb",
    "1049 at a pending wrap": _FULL + b"\x1b[?1049hb",
    "1049 and back at a pending wrap": _FULL + b"\x1b[?1049h\x1b[?1049lb",
    "47 at a pending wrap": _FULL + b"\x1b[?47hb",
    "decera at a pending wrap": _FULL + b"\x1b[1;1;1;2$zb",
    "decfra at a pending wrap": _FULL + b"\x1b[42;1;1;1;2$xb",
    "deccra at a pending wrap": _FULL + b"\x1b[1;1;1;3;1;1;5;1$vb",
    "decsca at a pending wrap": _FULL + b'\x1b[1"qb',
    "decslrm at a pending wrap": _FULL + b"\x1b[?69h\x1b[2;9sb",
    "vpa at a pending wrap": _FULL + b"\x1b[1db",
    "cup to where a wrap waits": _FULL + b"\x1b[1;20Hb",
    "cha to where a wrap waits": _FULL + b"\x1b[20Gb",
    "decic at a pending wrap": _FULL + b"\x1b['}b",
    "decdc at a pending wrap": _FULL + b"\x1b['~b",
    # Rectangles.
    "decsera does not regard spa": b"ab\x1bVcd\x1bWef\x1b[1;1;1;6${",
    "decsera after decsca and spa": b'\x1b[1"qgh\x1b[0"qab\x1bVcd\x1bWef\x1b[1;1;1;9${',
    "decsera after spa and decsca": b'ab\x1bVcd\x1bWef\x1b[1"qgh\x1b[0"q\x1b[1;1;1;9${',
    "decfra beyond latin 1": b"\x1b[8364;2;2;4;6$x",
    "decfra latin 1": b"\x1b[233;2;2;4;6$x",
    "decfra del": b"\x1b[127;2;2;4;6$x",
    "decfra c1": b"\x1b[155;2;2;4;6$x",
    "decfra combining": b"\x1b[769;2;2;4;6$x",
    "decfra without a character": b"\x1b[;2;2;4;6$x",
    "decfra defaults": b"\x1b[42$x",
    "decera defaults": _ROWS + b"\x1b[$z",
    "decera half": _ROWS + b"\x1b[2;;4$z",
    "decera beyond": _ROWS + b"\x1b[6;7;34;90$z",
    "decera ignores margins": _ROWS + b"\x1b[?69h\x1b[3;6s\x1b[3;5r\x1b[2;2;4;4$z",
    "deccra without a source": _ROWS + b"\x1b[;;2;2;;5;5;1$v",
    "deccra without a place": _ROWS + b"\x1b[2;2;4;4;1$v",
    "deccra of nothing": _ROWS + b"\x1b[2;2;1;1;1;5;5;1$v",
    "deccra up": _ROWS + b"\x1b[3;3;6;6;1;2;2;1$v",
    "deccra beyond": _ROWS + b"\x1b[2;2;4;4;1;99;99;1$v",
    "deccra ignores margins": _ROWS + b"\x1b[?69h\x1b[3;6s\x1b[3;5r\x1b[2;2;4;4;1;4;4;1$v",
    "deccra keeps the cursor": _ROWS + b"\x1b[3;4H\x1b[2;2;4;4;1;5;5;1$v",
    # Reports.
    **{
        f"decrqss cursor {style} after mode 12": b"\x1b[%d q\x1b[?12%s\x1bP$q q\x1b\\\x1b[?12$p\x1b[?12l\x1b[0 q"
        % (style, on)
        for style, on in (
            (1, b"l"),
            (2, b"h"),
            (3, b"l"),
            (4, b"h"),
            (5, b"l"),
            (6, b"h"),
            (4, b"l"),
            (5, b"h"),
        )
    },
    "decrqss decsca": b'\x1b[1"q\x1bP$q"q\x1b\\\x1b[2"q\x1bP$q"q\x1b\\\x1b[0"q\x1bP$q"q\x1b\\',
    "decrqss decsca after spa": b'\x1bV\x1bP$q"q\x1b\\\x1bW\x1bP$q"q\x1b\\',
    "decrqss decslrm": b"\x1b[?69h\x1b[3;9s\x1bP$qs\x1b\\",
    "decrqss empty": b"\x1bP$q\x1b\\",
    "xtqmodkeys": b"\x1b[?1m\x1b[?2m\x1b[?4m\x1b[>4;1m\x1b[?4m\x1b[>4m\x1b[?4m",
    "decrqm of what is only told": b"\x1b[?4;18;19h"
    b"\x1b[?4$p\x1b[?18$p\x1b[?19$p\x1b[?4;18;19l\x1b[?4$p\x1b[?18$p\x1b[?19$p",
    "xtsave and xtrestore": b"\x1b[?7;25l\x1b[?7;25s\x1b[?7;25h\x1b[?7;25r\x1b[?7$p\x1b[?25$p",
    "xtrestore of nothing": b"\x1b[?7l\x1b[?7r\x1b[?7$p",
    "cpr in both margins and origin mode": b"\x1b[3;6r\x1b[?69h\x1b[5;10s\x1b[?6h\x1b[2;2H" + _CPR,
    # Saved cursors.
    "decsc protection": b'\x1b[1"q\x1b7\x1b[0"q\x1b8a\x1b[1;1;1;1${',
    "decsc gl": b"\x1b)0\x0e\x1b7\x0f\x1b8qq",
    "decsc insert is not saved": b"\x1b[4h\x1b7\x1b[4l\x1b8\x1b[Ha\x1b[Hb",
    "decrc outside of the margins": b"\x1b[2;2H\x1b7\x1b[4;7r\x1b[?6h\x1b8" + _CPR,
    "1048 origin": b"\x1b[3;6r\x1b[?6h\x1b[2;2H\x1b[?1048h\x1b[?6l\x1b[?1048l" + _CPR,
    # Tabs, repeats, charsets.
    "tbc other parameters": b"\x1b[1;9H\x1b[1g\x1b[2g\x1b[4g\r\t" + _CPR,
    "cht in margins in origin mode": b"\x1b[?69h\x1b[4;14s\x1b[?6h\x1b[2;2H\x1b[9I" + _CPR,
    "cbt left of the margins": b"\x1b[?69h\x1b[10;15s\x1b[1;4H\x1b[9Z" + _CPR,
    "rep without wrapping": b"\x1b[?7l\x1b[1;19Ha\x1b[5b" + _CPR,
    "rep inserts": b"abc\r\x1b[4hX\x1b[2b",
    "graphics after ls3": b"\x1b+0\x1boqx\x0fqx",
    "decaln in margins and origin mode": b"\x1b[?69h\x1b[3;6s\x1b[3;6r\x1b[?6h\x1b#8" + _CPR,
    "hpr in origin mode": b"\x1b[3;6r\x1b[?69h\x1b[5;10s\x1b[?6h\x1b[2;2H\x1b[99a" + _CPR,
    "vpr in origin mode": b"\x1b[3;6r\x1b[?69h\x1b[5;10s\x1b[?6h\x1b[2;2H\x1b[99e" + _CPR,
    "ris on the alternate screen": b"m\x1b[?47h\x1b[Ha\x1bc" + _CPR,
}
