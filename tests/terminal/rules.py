"""What holds for every screen, whatever was fed."""

from unicodedata import normalize

from wcwidth import wcwidth

from podium.core.finding.needle import Needle
from podium.core.finding.query import SearchQuery
from podium.core.spoofing import has_spoofing, without_spoofing
from podium.terminal import Cell, Emulator


def check_rules(emulator: Emulator) -> None:
    """What holds for every screen, whatever was fed."""
    t = emulator.terminal
    assert len(t.rows) == t.lines == len(t.main.rows) == len(t.other.rows)
    assert 0 <= t.x < t.columns
    assert 0 <= t.y < t.lines
    assert 0 <= t.top <= t.bottom < t.lines
    assert 0 <= t.left <= t.right < t.columns
    for screen in (t.main, t.other):
        for row in screen.rows:
            assert len(row.text) == len(row.styles) <= t.columns
            if row.wrapped and row.filler:
                assert row.char(t.columns - 1) == " "
            chars = [row.char(x) for x in range(t.columns)]
            for x, char in enumerate(chars):
                if char == "":
                    assert row.wide
                    assert x > 0
                    assert chars[x - 1] not in ("", " ")
                    assert (
                        t.styles.of(row.style_code(x)).attributes
                        == t.styles.of(row.style_code(x - 1)).attributes
                    )
                elif len(char) > 1:
                    assert row.wide
                    assert len(char) <= 17
                    assert row.text[x] == char[0]
                else:
                    half = x + 1 < t.columns and chars[x + 1] == ""
                    assert half == (wcwidth(char) == 2), (x, chars)
                    assert ord(char) >= 0x20
                    assert not 0x7F <= ord(char) < 0xA0
            for x in row.clusters or {}:
                assert 0 <= x < len(row.text)
    assert len(t.replies) <= 64 * 1024
    assert len(t.styles.styles) <= t.styles.limit + 1
    assert len(emulator.display) == t.lines


def check_search(emulator: Emulator) -> None:
    """Every character of every line stands in the cell that the search says, and is found."""
    walk = emulator.walk()
    before = walk.stop
    while not walk.done:
        block = walk.next_block()
        if block is None:
            continue
        assert block.first <= before
        before = block.first
        seen: dict[int, list[Cell]] = {}
        asked: set[str] = set()
        for line in block.lines():
            for x, char in enumerate(line.text):
                number, column, end_line, end_column = line.place(x, x + 1)
                assert block.first <= number == end_line
                if number not in seen:
                    seen[number] = emulator.line(number - emulator.oldest_line)
                assert char in normalize("NFC", without_spoofing(seen[number][column].char))
                assert column < end_column <= emulator.columns
            if line.text.strip() and line.text not in asked and not has_spoofing(line.text):
                asked.add(line.text)
                needle = Needle(SearchQuery(line.text))
                assert block.may_hold(needle)
                assert needle.spans(line.text)
    assert before <= max(emulator.oldest_line, emulator.first_line)
