"""Text in, columns out: syllables, emoji and marks take the columns that programs count, and lose no character."""

import unicodedata

import pytest
from wcwidth import iter_graphemes, wcswidth

from podium.core.protocol.frames import Run
from podium.terminal import Emulator
from tests.terminal.helpers import emulator, position, shown, state
from tests.terminal.rules import check_rules

SPACING_MARKS = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Mc"]

SYLLABLES = [  # A script or a few of them in each line.
    "का", "कि", "के", "क्ष", "क्षा", "क्ष्म", "स्त्र", "हिं", "न्दी", "त्रै",
    "কিং", "ক্ত", "ক্ষ্যে", "জ্ঞা", "র\u200d্য", "ৎ",
    "ਕਿ", "ਸ਼੍ਰੀ", "ગુ", "ક્ષે", "ଓଡ଼ି", "କ୍ଷ", "மி", "தொ", "ஸ்ரீ", "తె", "క్షా", "ಕ್ಷೇ", "ನ್ನಾ",
    "ന്ത്ര്യം", "ക്ഷ", "കൊ", "ශ්\u200dරී", "ක්\u200dෂ", "ကြ", "မြို့", "ន្ត្រី", "ព្រះ", "กำ", "ที่", "ນ້ຳ", "ཀྱི", "བརྒྱ",
    "한", "가", "각", "ᄀ", "가", "각", "ᄀힰ", "漢", "ガ", "ｶﾞ", "é", "ö", "ǟ", "שָׁ", "ضُ",
]  # fmt: skip
"""Syllables as people see them; the tables cut some into two clusters."""

EMOJI = [
    "👍🏽", "👨\u200d👩\u200d👧", "🏳️\u200d🌈", "🏴\u200d☠️", "❤️\u200d🔥", "1️⃣", "#️⃣", "🇩🇪", "🇺",
    "🏽", "☁️", "⌚", "👁️\u200d🗨️", "🧑🏻\u200d❤️\u200d💋\u200d🧑🏿",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "⛹️\u200d♂️",
]  # fmt: skip


def by_tables(text: str) -> int:
    return sum(wcswidth(cluster) for cluster in iter_graphemes(text))


def columns(text: str) -> int:
    made = emulator(80, 2, text.encode())
    assert made.cursor.y == 0
    return made.cursor.x


@pytest.mark.parametrize("text", [*SYLLABLES, *EMOJI])
def test_a_cluster_takes_the_columns_of_the_tables(text: str) -> None:
    assert columns(text) == by_tables(text)
    assert emulator(80, 2, text.encode()).text_between().rstrip() == text


def test_words_take_the_columns_of_their_clusters() -> None:
    for words in (SYLLABLES, EMOJI):
        made = Emulator(1000, 2)
        made.feed("".join(words).encode())
        expected = sum(by_tables(word) for word in words)
        assert made.cursor.x == expected
        assert made.text_between().rstrip() == "".join(words)


def test_every_spacing_mark_takes_a_column() -> None:
    assert len(SPACING_MARKS) >= 445
    assert [mark for mark in SPACING_MARKS if columns("क" + mark) != 2] == []
    assert [mark for mark in SPACING_MARKS if columns(mark) != 1] == []
    assert columns("का") == 2
    assert columns("தமி") == 3


@pytest.mark.parametrize("text", ["☝🏽", "✌🏽", "🕵🏽", "⛹🏻‍♀️", "✍🏿", "⛹🏻"])
def test_a_tone_makes_a_narrow_emoji_a_wide_one(text: str) -> None:
    assert columns(text) == 2
    assert columns(text + "x") == 3


def test_the_text_selector_narrows_nothing() -> None:
    assert columns("⌚\ufe0e") == 2
    assert columns("☝\ufe0e") == 1
    assert columns("☝\ufe0e\ufe0f") == 1


def test_without_mode_2027_each_code_point_counts() -> None:
    for text, expected in (("क्षा", 3), ("का", 2), ("☝🏽", 3), ("☁\ufe0f", 1)):
        made = emulator(20, 1, b"\x1b[?2027l" + text.encode())
        assert made.cursor.x == expected
        assert made.text_between().rstrip() == text


@pytest.mark.parametrize("text", ["abc☝\ufe0fx", "abc☝🏽x", "abc1\ufe0f\u20e3x", "abc❤\ufe0f‍🔥x"])
def test_an_emoji_that_gets_wide_in_the_last_column_moves_to_the_next_line(text: str) -> None:
    made = emulator(4, 3, text.encode())
    assert shown(made) == ["abc", text[3:], ""]
    assert position(made) == (3, 1)
    assert made.text_between().rstrip() == text
    made.resize(20, 3)
    assert shown(made)[0] == text


def test_an_emoji_that_has_nowhere_to_go_stays_narrow() -> None:
    made = emulator(4, 3, "\x1b[?7labc☁\ufe0fx".encode())
    assert shown(made)[0] == "abcx"
    made = emulator(4, 3, "\x1b[?69h\x1b[2;2s\x1b[1;2H☁\ufe0f".encode())
    check_rules(made)
    assert made.cell(1, 0).char == "☁\ufe0f"


@pytest.mark.parametrize(("text", "rows"), [("abcका", ["abcक", "ा"]), ("abcक्ष", ["abcक्", "ष"])])
def test_a_syllable_in_the_last_column_goes_on_in_the_next_line(text: str, rows: list[str]) -> None:
    made = emulator(4, 3, text.encode())
    assert shown(made) == [*rows, ""]
    assert position(made) == (1, 1)
    assert made.text_between().rstrip() == text


def test_a_syllable_is_one_run_over_its_columns() -> None:
    made = emulator(20, 1, "xक्षाy ा".encode())
    line = made.lines_between(0, 1)[1][0]
    assert line.runs == (Run("x"), Run("क्षा", 0, -2), Run("y "), Run("ा", 0, -1))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("का\x1b[DX", "कX"),
        ("का\x1b[2DX", "Xा"),
        ("का\b\x1b[K", "क"),
        ("क्षा\x1b[DX", "क्X"),
        ("काb\x1b[2D\x1b[P", "कb"),
        ("काb\x1b[3D\x1b[P", "ाb"),
        ("काb\x1b[2D\x1b[@", "क ाb"),
        ("का\x1b[D\x1b[X", "क"),
        ("漢\x1b[DX", " X"),
        ("☝🏽\x1b[DX", " X"),
        ("का\x1b[Dि", "कि"),
        ("कि\x1b[2Dख", "खि"),
        ("xyz\x1b[1;2Hा", "xाz"),
    ],
)
def test_what_a_cut_leaves_of_a_syllable_are_its_columns(data: str, expected: str) -> None:
    made = emulator(10, 1, data.encode())
    assert made.text_between() == expected
    check_rules(made)


def test_columns_are_copied_as_they_are_cut() -> None:
    # DECCRA of the second column alone, and of the first.
    made = emulator(10, 2, "का\x1b[1;2;1;2;1;2;1$v".encode())
    assert shown(made)[1] == "ा"
    made = emulator(10, 2, "का\x1b[1;1;1;1;1;2;1$v".encode())
    assert shown(made)[1] == "क"
    check_rules(made)


def test_a_cropped_syllable_comes_back() -> None:
    made = emulator(4, 2, "\x1b[?1049habका".encode())
    made.resize(3, 2)
    assert shown(made)[0] == "abक"
    made.resize(4, 2)
    assert shown(made)[0] == "abका"


def test_a_repeated_syllable_is_whole() -> None:
    made = emulator(12, 1, "का\x1b[3b".encode())
    assert shown(made) == ["काकाकाका"]
    assert position(made) == (8, 0)


def test_joined_characters_beyond_the_limit_begin_another_cell() -> None:
    chain = "\u200d".join(["👨"] * 12)
    made = emulator(80, 1, chain.encode())
    assert made.text_between().count("👨") == 12
    check_rules(made)
    made = emulator(80, 4, ("क" + "ा" * 100).encode())
    assert "".join(made.text_between().split()).count("ा") == 100
    check_rules(made)
    made = emulator(80, 4, ("क्" * 100).encode())
    assert made.text_between().count("क") == 100
    check_rules(made)


@pytest.mark.parametrize("width", [3, 4, 5, 7])
def test_every_cut_of_the_bytes_gives_the_same(width: int) -> None:
    data = "".join(SYLLABLES + EMOJI + ["☝🏽", "ab", "漢"]).encode()
    whole = emulator(width, 5, data)
    single = emulator(width, 5)
    for byte in data:
        single.feed(bytes([byte]))
    assert state(single) == state(whole)
    check_rules(whole)
