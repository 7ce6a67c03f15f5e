"""The short cut for logs gives what parsing every byte gives: however it is cut, looked at and resized in between."""

import random
from collections.abc import Callable

import pytest

from podium.terminal import Emulator
from podium.terminal.output.frames import FrameSource
from podium.terminal.parsing.bulk import SMALLEST
from tests.terminal.helpers import emulator, shown, state
from tests.terminal.mirror import Mirror

SEED = 20261125
WORDS = [
    "connect",
    "request",
    "retry",
    "token",
    "cache",
    "worker",
    "港灯",
    "ひかり",
    "żółć",
    "🌊",
    "👩\u200d🚀",
    "é",
    "☁️",
]
PLAIN = WORDS[:6]


def plain(rng: random.Random) -> bytes:
    return " ".join(rng.choices(PLAIN, k=rng.randint(0, 12))).encode()


def long(rng: random.Random) -> bytes:
    return b"x" * rng.choice((0, 1, 59, 60, 61, 120, 239, 240, 241, 700))


def coloured(rng: random.Random) -> bytes:
    parts = [
        b"\x1b[%sm" % rng.choice((b"1", b"31", b"38;5;44", b"38:2::1:2:3", b"4:3", b"7", b"", b"0")),
        plain(rng),
        rng.choice((b"\x1b[0m", b"\x1b[m", b"\x1b[39m", b"")),
    ]
    return b"".join(parts)


def with_background(rng: random.Random) -> bytes:
    return b"\x1b[4%dm" % rng.randrange(8) + plain(rng) + rng.choice((b"\x1b[K", b"\x1b[0K", b"\x1b[m", b""))


def coloured_and_long(rng: random.Random) -> bytes:
    return rng.choice((long, with_background))(rng)


def unicode(rng: random.Random) -> bytes:
    return " ".join(rng.choices(WORDS, k=rng.randint(0, 9))).encode()


def marks_first(rng: random.Random) -> bytes:
    return "\u0301".encode() + plain(rng)


def tabs(rng: random.Random) -> bytes:
    return b"\t".join(plain(rng)[:9] for _ in range(rng.randint(1, 4)))


def broken(rng: random.Random) -> bytes:
    return rng.choice((b"\xff\xfe", b"\xe6\xb8", b"\xc2\x9b31m", b"\xf0\x9f")) + plain(rng)


LOGS = [plain, long, coloured, with_background, unicode, marks_first, tabs, broken]


def other(rng: random.Random) -> bytes:
    """What is no log: it has to be parsed, and what comes after it too if it changes how lines are printed."""
    return rng.choice(
        (
            b"50 %\r100 %", b"\x07", b"bare\nfeed", b"\x1b[5;5Hthere", b"\x1b[2J\x1b[H", b"\x1b[3;9r", b"\x1b[r",
            b"\x1b[?1049h\x1b[?1049l", b"\x1b[?6h", b"\x1b[?6l", b"\x1b[4h", b"\x1b[4l", b"\x1b[?7l", b"\x1b[?7h",
            b"\x1b(0lqk\x1b(B", b"\x1b]0;title\x07", b"\x1b]8;;http://x\x07link\x1b]8;;\x07", b'\x1b[1"qx\x1b[0"q',
            b"\x1b[6n", b"a\bb", b"\x1b[?2027l", b"\x1b[?2027h", b"\x1b[3g", b"\x1bH",
        )
    )  # fmt: skip


def log(rng: random.Random, size: int, strange: float) -> bytes:
    """Lines of a few kinds, so that whole chunks are alike as in real logs."""
    kinds = rng.sample(LOGS, k=rng.randint(1, 3))
    lines: list[bytes] = []
    length = 0
    while length < size:
        lines.append(rng.choice(kinds)(rng) if rng.random() >= strange else other(rng))
        length += len(lines[-1]) + 2
    return rng.choice((b"\r\n", b"\r\r\n")).join(lines)


def pieces(rng: random.Random, data: bytes, largest: int) -> list[bytes]:
    cut, at = [], 0
    while at < len(data):
        size = rng.randint(largest // 2, largest)
        cut.append(data[at : at + size])
        at += size
    return cut


@pytest.mark.lengthy
@pytest.mark.parametrize("block", range(4))
def test_a_flood_leaves_what_parsing_every_byte_leaves(block: int) -> None:
    floods = 0
    for number in range(6):
        seed = SEED + block * 1000 + number
        rng = random.Random(seed)
        columns, lines, scrollback = (
            rng.choice((60, 120, 240, 240)),
            rng.choice((2, 3, 12, 40)),
            rng.choice((0, 60, 250)),
        )
        fast, slow = Emulator(columns, lines, scrollback), Emulator(columns, lines, scrollback)
        source, mirror = FrameSource(fast), Mirror()
        for step in range(3):
            data = log(rng, rng.randint(1000, 60_000), rng.choice((0, 0, 0, 0.001)))
            for piece in pieces(rng, data, rng.choice((70_000, 40_000, 20_000))):
                fast.feed(piece)
                floods += fast.has_deferred
                if rng.random() < 0.2:
                    mirror.apply(source.take(step))
                    mirror.check(fast)
                if rng.random() < 0.1:
                    fast.lines_between(fast.oldest_line, 50)
            for piece in pieces(rng, data, SMALLEST - 1):
                slow.feed(piece)
            if rng.random() < 0.5:
                size = rng.choice((25, 120, 240)), rng.choice((2, 10, 45))
                fast.resize(*size)
                slow.resize(*size)
            assert state(fast) == state(slow), f"seed {seed}, step {step}"
    assert floods > 5, "the short cut was hardly ever taken"


def test_a_flood_longer_than_the_scrollback_keeps_the_newest_lines() -> None:
    made = emulator(40, 4, scrollback=50)
    made.feed(b"".join(b"line %d\r\n" % n for n in range(5000)))
    assert (made.scrollback_length, made.first_line, made.oldest_line) == (50, 4997, 4947)
    assert made.text_between((4947, 0), (4947, 39)) == "line 4947"
    assert shown(made) == ["line 4997", "line 4998", "line 4999", ""]


def test_what_a_flood_asks_is_answered_at_once() -> None:
    made = emulator(40, 4)
    made.feed(b"log line\r\n" * 2000 + b"\x1b[6n")
    assert made.take_replies() == b"\x1b[4;1R"
    made.feed(b"log line\r\n" * 2000 + b"\x1b[")
    made.feed(b"6n")
    assert made.take_replies() == b"\x1b[4;1R"


def test_output_after_a_flood_goes_where_the_flood_left_the_cursor() -> None:
    made = emulator(40, 4)
    made.feed(b"log line\r\n" * 2000 + b"prompt")
    assert made.has_deferred
    made.feed(b"$ ")
    assert not made.has_deferred
    assert shown(made) == ["log line", "log line", "log line", "prompt$"]
    assert (made.cursor.x, made.cursor.y) == (8, 3)


def test_half_a_character_at_the_end_of_a_flood_waits_for_its_rest() -> None:
    made = emulator(40, 4)
    data = "港 log line\r\n".encode() * 2000
    made.feed(data + "港".encode()[:2])
    made.feed("港".encode()[2:])
    assert shown(made)[3] == "港"


def test_the_scrollback_of_a_flood_has_its_colours() -> None:
    made = emulator(40, 4, scrollback=3000)
    made.feed(b"\x1b[32m" + b"green\r\n" * 1000 + b"\x1b[0;41mred\x1b[K\x1b[0m plain\r\n" + b"x\r\n" * 1000)
    assert made.line(500)[0].fg == 2
    assert made.line(1000)[0].bg == made.line(1000)[39].bg == 1
    assert made.line(1000)[4].bg == "default"
    assert made.line(1500)[0].fg == "default"


@pytest.mark.lengthy
@pytest.mark.parametrize(
    "lines",
    [
        b"x\r\n" * 1334 + b"\x1b[41mred\r\n" * 6000,
        b"x\r\n" * 20 + (b"\xf0\x1b[m\x9f\x1b[m\x98\x1b[m\x80" * 15 + b"\r\n") * 200,
        b"x\r\n" * 2000 + b"\x1b[" + b"0" * 2000 + b"1mno bold\r\n" + b"x\r\n" * 2000,
    ],
    ids=["background at the end of a part", "sequences inside of characters", "overlong parameters"],
)
def test_unparsed_lines_are_what_parsed_ones_are(lines: bytes) -> None:
    fast, slow = emulator(40, 4, scrollback=7000), emulator(40, 4, scrollback=7000)
    for at in range(0, len(lines), 4000):
        slow.feed(lines[at : at + 4000])
    fast.feed(lines[:4000])
    fast.feed(lines[4000:])
    assert state(fast) == state(slow)


@pytest.mark.lengthy
def test_lines_of_hardly_anything_but_colours_are_not_kept_as_they_came() -> None:
    import tracemalloc

    made = emulator(80, 24, b"\r\n" * 30)
    line = b"\x1b[0;0;0;0;0;0;0;0m" * 800 + b"x\r\n"
    tracemalloc.start()
    for _ in range(10):
        made.feed(line * 60)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert size < 1_000_000, size


def test_a_reset_while_output_is_held_back_comes_after_it() -> None:
    made = emulator(40, 4)
    made.feed(b"log line\r\n" * 2000)
    made.reset_after_exit()
    assert shown(made)[:3] == ["log line"] * 3
    made.feed(b"log line\r\n" * 2000)
    made.clear_scrollback()
    assert made.scrollback_length == 0
    assert shown(made)[:3] == ["log line"] * 3


@pytest.mark.parametrize("scrollback", [30, 300, 5000])
@pytest.mark.parametrize("kind", [*LOGS, coloured_and_long])
def test_a_flood_flows_as_its_lines_would(kind: Callable[[random.Random], bytes], scrollback: int) -> None:
    rng = random.Random(SEED)
    lines = [kind(rng) for _ in range(1500)]
    data = b"\r\n".join([b"x" * 300, *lines, b"y" * 300, *lines[:200], b""])
    fast, slow = Emulator(120, 12, scrollback), Emulator(120, 12, scrollback)
    for size in range(0, len(data), 30_000):
        fast.feed(data[size : size + 30_000])
    for size in range(0, len(data), SMALLEST - 1):
        slow.feed(data[size : size + SMALLEST - 1])
    sizes = [(119, 12), (240, 30), (90, 5), (120, 50), (60, 3), (150, 12)]
    for columns, height in sizes if scrollback > 1000 else reversed(sizes):
        fast.resize(columns, height)
        slow.resize(columns, height)
        total = fast.scrollback_length + height
        assert (fast.oldest_line, fast.first_line) == (slow.oldest_line, slow.first_line)
        assert (
            fast.lines_between(fast.oldest_line, total)[1:] == slow.lines_between(slow.oldest_line, total)[1:]
        )
        assert (fast.cursor.x, fast.cursor.y) == (slow.cursor.x, slow.cursor.y)
