"""What holds for every screen, whatever was fed."""

from wcwidth import wcwidth

from podium.terminal import Emulator


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
            assert len(row.chars) == len(row.looks) == t.columns
            for x, char in enumerate(row.chars):
                if char == "":
                    assert row.wide
                    assert x > 0
                    assert row.chars[x - 1] not in ("", " ")
                    assert row.looks[x].attributes == row.looks[x - 1].attributes
                elif len(char) > 1:
                    assert row.wide
                    assert len(char) <= 17
                else:
                    half = x + 1 < t.columns and row.chars[x + 1] == ""
                    assert half == (wcwidth(char) == 2), (x, row.chars)
                    assert ord(char) >= 0x20
                    assert not 0x7F <= ord(char) < 0xA0
    assert len(t.replies) <= 64 * 1024
    assert len(t.looks.looks) <= 4096
    assert len(emulator.display) == t.lines
