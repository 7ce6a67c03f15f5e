"""Archived lines: a scrollback that keeps little in memory is the same as one that keeps all there."""

import random

import pytest

from podium.core.finding.needle import Needle
from podium.core.finding.query import SearchQuery
from podium.core.protocol.marks import MarkKind
from podium.terminal import Emulator
from podium.terminal.screen.lines.archive import MAX_ARCHIVED_STRIPS, MemoryStore
from tests.terminal.helpers import state
from tests.terminal.pictures import block, kitty

LIMIT = 1500


class Twins:
    """Two terminals that get the same: one archives nearly all of its scrollback, the other nothing."""

    def __init__(self, columns: int, lines: int, memory: int, limit: int = LIMIT) -> None:
        self.store = MemoryStore()
        self.little = Emulator(columns, lines, limit, lambda: 0.0, self.store)
        self.little.terminal.scrollback.memory_lines = memory
        self.all = Emulator(columns, lines, limit, lambda: 0.0)
        self.all.terminal.scrollback.memory_lines = 1 << 40
        self.both = (self.little, self.all)

    def feed(self, data: bytes, piece: int) -> None:
        for at in range(0, len(data), piece):
            for one in self.both:
                one.feed(data[at : at + piece])

    def resize(self, columns: int, lines: int) -> None:
        for one in self.both:
            one.resize(columns, lines)

    def compare(self) -> None:
        little, every = self.both
        assert every.terminal.scrollback.archive.rows == 0
        assert state(little) == state(every)
        assert little.terminal.followed == every.terminal.followed
        assert little.terminal.main.below_top == every.terminal.main.below_top

    def compare_readings(self, chance: random.Random) -> None:
        little, every = self.both
        top = every.first_line + every.lines
        first = chance.randrange(every.oldest_line, top)
        last = chance.randrange(first, top)
        assert little.text_between((first, 3), (last, 5)) == every.text_between((first, 3), (last, 5))
        assert little.lines_between(first, 50)[:2] == every.lines_between(first, 50)[:2]
        assert little.folder_at(first) == every.folder_at(first)
        assert little.prompt_before(first) == every.prompt_before(first)
        assert little.prompt_after(first) == every.prompt_after(first)
        for text in ("word", "漢", "7 "):
            assert found(little, text) == found(every, text)
        assert snapshot(little) == snapshot(every)


def found(made: Emulator, text: str) -> list[object]:
    needle = Needle(SearchQuery(text))
    walk = made.walk()
    places: list[object] = []
    count = 0
    while not walk.done:
        block = walk.next_block()
        if block is None or not block.may_hold(needle):
            continue
        count += block.count(needle)
        for line in block.lines():
            places += [line.place(start, end) for start, end in needle.spans(line.text)]
    assert count == len(places)
    return sorted(places)


def snapshot(made: Emulator) -> object:
    taken = made.snapshot(700)
    conversion = taken.conversion([], 1 << 20)
    while not conversion.done:
        conversion.convert(100)
    return taken.first + conversion.left_out, conversion.lines()


WORDS = ("word ", "a", " ", "   ", "漢字", "é", "e\u0301", "👍🏽", "का", "\t", "=" * 30, "x" * 75, "7 ")


def lines(chance: random.Random, count: int, colors: bool) -> bytes:
    made = []
    for _ in range(count):
        parts = chance.choices(WORDS, k=chance.choice((0, 1, 3, 8, 20)))
        if colors:
            for _ in range(chance.randrange(4)):
                color = chance.choice(
                    ("\x1b[31m", "\x1b[44m", "\x1b[0m", "\x1b[K", "\x1b[38;2;1;2;3m", "\x1b[0m")
                )
                parts.insert(chance.randrange(len(parts) + 1), color)
        made.append("".join(parts) + "\r\n")
    return "".join(made).encode()


def log(chance: random.Random, colors: bool) -> bytes:
    rows = []
    for number in range(400):
        text = f"{number:05} word {'-' * chance.choice((0, 9, 30, 70, 150))}{chance.choice(('', '  ', 'é', '漢字'))}"
        rows.append(f"\x1b[3{number % 8}m{text}\x1b[0m" if colors and number % 3 == 0 else text)
    return "\r\n".join([*rows, ""]).encode()


def marked(chance: random.Random) -> bytes:
    out = b"\x1b]7;file:///tmp/%d\x07" % chance.randrange(9)
    out += b"\x1b]133;A\x07$ \x1b]133;B\x07cmd %d\r\n\x1b]133;C\x07" % chance.randrange(99)
    return out + lines(chance, chance.randrange(30), True) + b"\x1b]133;D;%d\x07" % chance.randrange(2)


@pytest.mark.parametrize("seed", range(24))
def test_cells_numbers_marks_and_matches_are_the_same_whatever_is_archived(seed: int) -> None:
    chance = random.Random(seed)
    twins = Twins(chance.choice((20, 40, 80)), chance.choice((2, 6, 24)), chance.choice((1, 50, 300)))
    for _ in range(30):
        match chance.randrange(12):
            case 0 | 1:
                twins.feed(
                    lines(chance, chance.randrange(300), chance.random() < 0.7), chance.choice((999, 9999))
                )
            case 2 | 3:
                twins.feed(log(chance, chance.random() < 0.5), 32_000)
            case 4 | 5:
                twins.feed(marked(chance), 500)
            case 6:
                link = b"\x1b]8;;https://example.org/%d\x07" % seed
                twins.feed(link + b"linked word\x1b]8;;\x07 " * 9 + b"\r\n", 99)
            case 7 | 8 | 9:
                twins.resize(
                    chance.choice((2, 13, 20, 33, 40, 79, 80, 81, 200)), chance.choice((2, 5, 24, 60))
                )
            case 10:
                top = twins.all.first_line
                places = [
                    (chance.randrange(twins.all.oldest_line, top + 2), chance.randrange(90)) for _ in range(4)
                ]
                for one in twins.both:
                    one.follow(1, places)
            case 11:
                data = chance.choice(
                    (b"\x1b[3J", b"\x1b[2J\x1b[H", b"\x1b[?1049h", b"\x1b[?1049l", b"\x1bc", b"x" * 9000)
                )
                twins.feed(data, 4000)
        if chance.random() < 0.3:
            twins.compare()
            twins.compare_readings(chance)
    twins.compare()
    assert MarkKind.PROMPT  # Marks are part of the compared state.


def test_archived_lines_keep_their_images_at_any_width() -> None:
    twins = Twins(20, 6, memory=10)
    for one in twins.both:
        one.allow_graphics(True)
        one.set_cell_size(10, 20)
    for number in range(40):
        twins.feed(b"a line of text %d that wraps around\r\n" % number + block(30, 40), 1000)
    twins.feed(b"\r\n" * 300, 1000)
    assert twins.little.terminal.scrollback.archive.rows
    for columns in (20, 11, 33, 20):
        twins.resize(columns, 6)
        little, every = [one.lines_between(one.oldest_line, 4000)[1] for one in twins.both]
        assert little == every
        assert sum(bool(line.images) for line in little) >= 40


def test_what_fits_in_memory_is_never_archived() -> None:
    made = Emulator(40, 5, 2000)
    made.terminal.scrollback.memory_lines = 2000
    for _ in range(10):
        made.feed(b"".join(b"%04d words of a log\r\n" % number for number in range(1500)))
        assert made.terminal.scrollback.archive.rows == 0
    assert made.scrollback_length == 2000


@pytest.mark.parametrize("archived", [False, True])
def test_another_limit_keeps_the_newest_lines(archived: bool) -> None:
    made = Emulator(20, 5, 100)
    made.terminal.scrollback.memory_lines = 30 if archived else 10_000
    made.feed(b"".join(b"line %d\r\n" % number for number in range(104)))
    made.keep_lines(1000)
    made.feed(b"".join(b"line %d\r\n" % number for number in range(104, 604)))
    assert (made.scrollback_length, made.oldest_line) == (600, 0)
    made.keep_lines(50)
    assert made.scrollback_length == 50
    _, lines, _ = made.lines_between(made.oldest_line, 1)
    assert lines[0].runs[0].text == "line 550"
    made.keep_lines(0)
    assert made.scrollback_length == 0
    made.feed(b"more\r\n" * 10)
    assert made.scrollback_length == 0
    made.keep_lines(10)
    made.feed(b"more\r\n" * 20)
    assert made.scrollback_length == 10


def test_images_in_archived_lines_are_bounded() -> None:
    made = Emulator(40, 4, 100_000, lambda: 0.0, MemoryStore())
    made.allow_graphics(True)
    made.feed(kitty("a=t,f=24,s=1,v=1,i=1", b"abc"))
    # So many in a line that the memory has no room for them long before there are 10,000 lines.
    many = (kitty("a=p,i=1,r=1,c=1,q=2") * 32 + b"\rtext\r\n") * 100
    for _ in range(30):
        made.feed(many)
    archive = made.terminal.scrollback.archive
    assert archive.rows > 1500
    assert MAX_ARCHIVED_STRIPS / 2 < archive.strips <= MAX_ARCHIVED_STRIPS
    assert archive.strips == sum(len(strips) for chunk in archive.chunks for _, strips in chunk.images)
    _, kept, _ = made.lines_between(made.oldest_line, 4000)
    assert [bool(line.images) for line in kept[:1]] == [False]
    assert len(kept[-4].images) == 32
    made.feed(b"\x1b[3J")
    assert archive.strips == 0


def test_what_is_gone_of_images_is_not_archived() -> None:
    made = Emulator(40, 4, 100_000, lambda: 0.0, MemoryStore())
    made.allow_graphics(True)
    made.terminal.scrollback.memory_lines = 10
    made.feed(
        kitty("a=T,f=24,s=1,v=1,i=1,q=2", b"abc") + b"text\r\n" + kitty("a=d,d=I,i=1") + b"more\r\n" * 999
    )
    assert made.terminal.scrollback.archive.rows
    assert made.terminal.scrollback.archive.strips == 0


def test_a_search_under_way_finds_what_is_taken_back_into_memory() -> None:
    twins = Twins(20, 4, memory=10)
    twins.feed(b"".join(b"%04d word\r\n" % number for number in range(1000)), 5000)
    needle = Needle(SearchQuery("word"))
    walks = [one.walk() for one in twins.both]
    twins.resize(20, 900)
    counts = []
    for walk in walks:
        count = 0
        while not walk.done:
            block = walk.next_block()
            count += block.count(needle) if block is not None else 0
        counts.append(count)
    assert counts == [1000, 1000]
