"""Bytes in, matches out: lines as they were before they were wrapped, and the cells their characters stand in."""

import random

import pytest

from podium.core.finding.needle import Needle
from podium.core.finding.query import SearchQuery
from podium.terminal import Emulator
from podium.terminal.search.blocks import Block

Found = list[tuple[int, int, int, int]]


def blocks(emulator: Emulator, first: int = 0) -> list[Block]:
    walk = emulator.walk(first)
    found = []
    while not walk.done:
        block = walk.next_block()
        if block is not None:
            found.append(block)
    return found


def search(emulator: Emulator, text: str, *, case: bool = False, word: bool = False) -> Found:
    """All matches, newest first, with the checks that are to be right about a no left in."""
    needle = Needle(SearchQuery(text, case, word))
    places = []
    for block in blocks(emulator):
        spans = [
            (line, *span) for line in reversed(block.lines()) for span in reversed(needle.spans(line.text))
        ]
        if not block.may_hold(needle):
            assert not spans
            continue
        assert block.count(needle) == len(spans)
        places += [line.place(start, end) for line, start, end in spans]
    return places


def cells(emulator: Emulator, place: tuple[int, int, int, int]) -> str:
    """The text of the cells from the first of a match to its last."""
    line, column, end_line, end_column = place
    text = ""
    for number in range(line, end_line + 1):
        row = emulator.line(number - emulator.oldest_line)
        first = column if number == line else 0
        last = end_column if number == end_line else len(row)
        text += "".join(cell.char for cell in row[first:last])
    return text


def shown(data: bytes, columns: int = 10, lines: int = 4, scrollback: int = 1000) -> Emulator:
    emulator = Emulator(columns, lines, scrollback)
    emulator.feed(data)
    return emulator


@pytest.mark.parametrize(
    ("data", "text", "places"),
    [
        ("one needle two", "needle", [(0, 4, 1, 0)]),  # over the wrap: columns 4 to 9
        ("one needle two", "two", [(1, 1, 1, 4)]),
        ("xx NEEDLE", "needle", [(0, 3, 0, 9)]),
        ("12345678needle", "needle", [(0, 8, 1, 4)]),
        ("漢字kanji", "kanji", [(0, 4, 0, 9)]),
        ("漢字kanji", "字", [(0, 2, 0, 4)]),
        ("123456789漢字", "漢字", [(1, 0, 1, 4)]),  # column 9 is filler
        ("123456789漢字", "9漢", [(0, 8, 1, 2)]),
        ("cafe\u0301 au lait", "café", [(0, 0, 0, 4)]),
        ("cafe\u0301 au lait", "au", [(0, 5, 0, 7)]),
        ("ne\u200bedle", "needle", [(0, 0, 0, 6)]),
        ("\x1b[31mnee\x1b[0mdle", "needle", [(0, 0, 0, 6)]),
        ("a\tb", "a       b", [(0, 0, 0, 9)]),
        ("aaaa", "aa", [(0, 2, 0, 4), (0, 0, 0, 2)]),
        ("a*b", "*", [(0, 1, 0, 2)]),
        ("x\u0958y", "\u0958y", [(0, 1, 0, 3)]),
        ("x\u037ey", ";y", [(0, 1, 0, 3)]),
        ("👨‍👩‍👧 kids", "kids", [(0, 3, 0, 7)]),
        ("no", "needle", []),
    ],
)
def test_a_match_has_the_cells_it_stands_in(data: str, text: str, places: Found) -> None:
    found = search(shown(data.encode()), text)
    fixed = [(a, b, c, d) if d else (a, b, c - 1, 10) for a, b, c, d in places]
    assert found == fixed


def test_a_zero_width_space_is_no_letter_of_the_text() -> None:
    emulator = shown("a\u200bbc x".encode())
    assert [cells(emulator, place).replace("\u200b", "") for place in search(emulator, "bc")] == ["bc"]


@pytest.mark.parametrize(
    ("case", "word", "text", "count"),
    [
        (False, False, "cat", 5),
        (True, False, "cat", 4),
        (False, True, "cat", 3),
        (True, True, "Cat", 1),
        (False, True, "-cat", 0),
        (False, False, "ΣΑΣ", 1),
        (False, False, "straße", 1),
    ],
)
def test_case_and_whole_words(case: bool, word: bool, text: str, count: int) -> None:
    emulator = shown("cat Cat concat\r\nx-cat's cats_ σας STRAßE".encode(), 40)
    assert len(search(emulator, text, case=case, word=word)) == count


@pytest.mark.parametrize("columns", [7, 10, 33, 80])
@pytest.mark.parametrize("colored", [False, True])
def test_a_log_that_is_not_parsed_gives_what_a_parsed_one_gives(columns: int, colored: bool) -> None:
    lines = []
    for number in range(900):
        line = f"{number:04} batch of {number % 7}\tneedle {'x' * (number % 41)} end"
        if columns < 50:
            line = line.replace("\t", " ")
        if colored:
            line = line.replace("needle", "nee\x1b[1;31mdle\x1b[0m").replace("batch", "\x1b[mbat\x1b[1mch")
            if columns == 80:
                line = line.replace("x end", "\x1b[Kx end")
        lines.append(line)
    data = "".join(f"{line}\r\n" for line in lines).encode()
    raw = Emulator(columns, 5, 50_000)
    slow = Emulator(columns, 5, 50_000)
    for at in range(0, len(data), 60_000):
        raw.feed(data[at : at + 60_000])
    for at in range(0, len(data), 1_000):
        slow.feed(data[at : at + 1_000])
    assert any(piece.read_unparsed() for piece in raw.terminal.scrollback.slices(0, raw.first_line))
    assert not any(piece.read_unparsed() for piece in slow.terminal.scrollback.slices(0, slow.first_line))
    for text in ("needle", "batch of 3", "xxxx end", "0899", "e", "of 0 needle", "absent"):
        expected = search(slow, text)
        assert search(raw, text) == expected
    assert len(search(raw, "needle")) == 900


def test_lines_that_lost_their_oldest_rows_are_found_by_the_rest() -> None:
    data = b"".join(b"%04d " % number + b"abcde" * 5 + b"\r\n" for number in range(2000))
    emulator = shown(data, 10, 4, 500)
    assert emulator.oldest_line % 3
    found = search(emulator, "abcde")
    oldest = emulator.oldest_line
    assert min(place[0] for place in found) >= oldest
    for place in found:
        assert cells(emulator, place) == "abcde"


def test_one_line_of_a_megabyte_is_one_line() -> None:
    emulator = Emulator(100, 10, 20_000)
    data = b"x" * 95 + b"needle" + b"x" * 899
    emulator.feed(data * 1000)
    found = search(emulator, "needle")
    assert len(found) == 1000
    assert {cells(emulator, place) for place in found} == {"needle"}


def test_lines_keep_their_text_over_any_width() -> None:
    random.seed(15)
    words = ["needle", "漢字", "e\u0301tude", "x" * 17, "a b", "👩🏽‍💻", "-", "straw"]
    lines = [" ".join(random.choices(words, k=random.randint(1, 12))) for _ in range(200)]
    data = "\r\n".join(lines).encode()
    for columns in (5, 11, 24, 80):
        emulator = shown(data, columns, 6, 5000)
        for text in ("needle", "漢字", "étude", "straw -"):
            expected = sum(line.replace("e\u0301", "é").count(text) for line in lines)
            found = search(emulator, text)
            assert len(found) == expected, (columns, text)
            assert found == sorted(found, reverse=True)


def test_the_alternate_screen_is_not_joined_with_what_is_above_it() -> None:
    emulator = shown(b"needle" * 20 + b"nee\x1b[?1049h\x1b[Hdle")
    assert all(place[2] < emulator.first_line for place in search(emulator, "needle"))


def test_the_volatile_lines_begin_with_the_line_that_reaches_the_screen() -> None:
    emulator = shown(b"first\r\n" + b"x" * 100)
    walk = emulator.walk()
    while not walk.done:
        walk.next_block()
    assert walk.volatile <= 1
    emulator = shown(b"a\r\n" * 50)
    walk = emulator.walk()
    walk.next_block()
    assert walk.volatile == emulator.first_line


@pytest.mark.parametrize("text", ["ms", "büro", "ms ", "字 in", "e\u0301", "batch"])
def test_matches_in_logs_of_other_letters_are_counted_without_parsing_them(text: str) -> None:
    cafes = "caf\u00e9", "cafe\u0301"
    lines = [f"büro → batch {n} 漢字 in {n % 9} ms {cafes[n % 2]}" for n in range(900)]
    lines += ["x ms  ", "字\u200b in"]
    emulator = Emulator(80, 5, 5000)
    emulator.feed(("\r\n".join(lines) + "\r\n").encode())
    needle = Needle(SearchQuery(text))
    counted = sum(block.count(needle) for block in blocks(emulator))
    assert counted == len(search(emulator, text))
    assert counted
