"""Random terminal input: pieces that real programs send, broken ones, and noise."""

import random

TEXTS = [
    b"hello", b" ", b"a" * 90, b"0123456789", "日本語".encode(), "é".encode(), "e\u0301".encode(),
    "👨\u200d👩\u200d👧".encode(), "🇩🇪".encode(), "👍🏽".encode(), "☁\ufe0f".encode(), "\u200b".encode(),
    "क्षा".encode(), "ा".encode(), "्".encode(), "மி".encode(), "☝🏽".encode(), "\ufe0f".encode(), "한글".encode(),
    "──╮".encode(), b"\xff", b"\xc3", b"\xe6\x97", b"\x9b", "\u009b3m".encode(), "\u202e".encode(),
]  # fmt: skip
CONTROLS = [
    b"\r",
    b"\n",
    b"\r\n",
    b"\t",
    b"\b",
    b"\x07",
    b"\x0b",
    b"\x0e",
    b"\x0f",
    b"\x18",
    b"\x1a",
    b"\x00",
    b"\x7f",
]
ESCAPES = [
    b"\x1b7", b"\x1b8", b"\x1bD", b"\x1bE", b"\x1bM", b"\x1bH", b"\x1bc", b"\x1b(0", b"\x1b(B", b"\x1b)0", b"\x1b*A",
    b"\x1bN", b"\x1bO", b"\x1bn", b"\x1b=", b"\x1b>", b"\x1b6", b"\x1b9", b"\x1b#8", b"\x1b%G", b"\x1b", b"\x1b\\",
    b"\x1bZ", b"\x1b[", b"\x1b]", b"\x1bP", b"\x1b_", b"\x1b^", b"\x1bX",
]  # fmt: skip
STRINGS = [
    b"\x1b]0;title\x07", b"\x1b]2;t\xc3\xa9\x1b\\", b"\x1b]8;;https://example.org/\x1b\\", b"\x1b]8;;\x07",
    b"\x1b]4;1;#ff0000\x07", b"\x1b]4;1;?\x07", b"\x1b]104\x07", b"\x1b]10;?\x07", b"\x1b]11;#123\x1b\\",
    b"\x1b]52;c;aGk=\x07", b"\x1b]9;note\x07", b"\x1b]9;4;1;50\x07", b"\x1b]133;A\x07", b"\x1b]133;D;1\x07",
    b"\x1b]133;B;aid=1\x07", b"\x1b]7;file:///tmp/a%20b\x07", b"\x1b]99;i=1:d=0;pa\x1b\\",
    b"\x1b]99;i=1:p=body;rt\x1b\\",
    b"\x1b]99;i=x:p=?;\x07", b"\x1b]5;0;?\x07", b"\x1b]17;red;?\x07",
    b"\x1b]4;2;rgbi:1/.5/0;3;CIELab:50/.1/-.2;3;?\x07", b"\x1b[?1045h",
    b"\x1b[14t", b"\x1b[16t", b"\x1b[18t", b"\x1b[22;2t", b"\x1b[23;1t", b"\x1b[12$p", b"\x1b[2h",
    b"\x1bP+q436f;7878\x1b\\",
    b"\x1b]7501;?\x07", b"\x1b]7501;state=idle\x07", b"\x1bP$qm\x1b\\", b"\x1bP$qr\x1b\\", b"\x1bP+q544e\x1b\\",
    b"\x1b_Gi=1;AAAA\x1b\\", b"\x1b]7;file://host/tmp\x07", b"\x1b]777;notify;a;b\x07", b"\x1b]0;open",
    b"\x1bP1;2|open", b"\x1b^privacy\x1b\\", b"\x1b[8h\x1b[?2501h", b"\x1b[2 k\x1b[?2500h", b"\x1b[3 S",
    b"\x1b[8l\x1b[ k",
]  # fmt: skip
SETUPS = [b"\x1b[?69h", b"\x1b[2;5r", b"\x1b[3;9s", b"\x1b[?6h", b"\x1b[?7l", b"\x1b[4h", b"\x1b[?1049h"]
FINALS = b"@ABCDEFGHIJKLMPSTXZ`abcdefghlmnpqrstuvwxyz{|}~"
PREFIXES = [b"", b"", b"", b"?", b">", b"<", b"=", b"!"]
MIDDLES = [b"", b"", b"", b"", b" ", b"$", b"'", b'"', b"*", b"!", b"$$"]
NUMBERS = [b"", b"0", b"1", b"2", b"3", b"4", b"5", b"7", b"10", b"38;5;200", b"48;2;1;2;3", b"4:3", b"58:5:9",
           b"1000", b"1006", b"1049", b"47", b"1047", b"1048", b"2004", b"2026", b"2027", b"25", b"6", b"69", b"45",
           b"99999999999", b"65536", b";", b";;", b":", b"12"]  # fmt: skip


def control_sequence(rng: random.Random) -> bytes:
    numbers = b";".join(rng.choice(NUMBERS) for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 5, 8))))
    final = bytes([rng.choice(FINALS)])
    return b"\x1b[" + rng.choice(PREFIXES) + numbers + rng.choice(MIDDLES) + final


def piece(rng: random.Random) -> bytes:
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(TEXTS)
    if kind < 0.45:
        return rng.choice(CONTROLS)
    if kind < 0.55:
        return rng.choice(ESCAPES)
    if kind < 0.62:
        return rng.choice(STRINGS)
    if kind < 0.66:
        return rng.choice(SETUPS)
    if kind < 0.98:
        return control_sequence(rng)
    return rng.randbytes(rng.randint(1, 12))


def stream(rng: random.Random, pieces: int) -> bytes:
    return b"".join(piece(rng) for _ in range(pieces))
