"""The order in which text is shown (UAX #9; the expected lines are a reference implementation's), and what joins."""

import string
import unicodedata

import pytest

from podium.core.bidi.joining import Joined, has_upright_joining, is_joining, joined_sides
from podium.core.bidi.levels import base_level, line_levels, resolved_levels, visual_order
from podium.core.bidi.mirroring import as_closing, closed_by, mirrored

HEBREW, ARABIC = "אבגדהוזחטיךכל", "ابتثجحخدذرزسش"
LETTERS = str.maketrans(string.ascii_uppercase, HEBREW + ARABIC)
"""In the lines below A to M are Hebrew letters, N to Z Arabic ones: so they can be read as they are written."""


def shown(text: str, base: int) -> str:
    """A line as it reads from left to right, brackets as they were written."""
    cells = list(text.translate(LETTERS))
    levels = line_levels(cells, resolved_levels(cells, base), base)
    found = "".join(cells[place] for place in visual_order(levels))
    return found.translate({letter: chr(written) for written, letter in LETTERS.items()})


@pytest.mark.parametrize(
    ("text", "left_to_right", "right_to_left"),
    [
        ("plain text (1)", "plain text (1)", "plain text (1)"),
        ("ABC", "CBA", "CBA"),
        ("car ABC end", "car CBA end", "end CBA car"),
        ("ABC 123 DEF", "FED 123 CBA", "FED 123 CBA"),
        ("ABC 1,234.50$ x", "1,234.50$ CBA x", "x 1,234.50$ CBA"),
        ("NOP 1,234.50$ x", "1,234.50 PON$ x", "x $1,234.50 PON"),
        ("NOP 12-34", "34-12 PON", "34-12 PON"),
        ("ABC 12-34", "12-34 CBA", "12-34 CBA"),
        ("ABC +12%", "12%+ CBA", "12%+ CBA"),
        ("NOP 12:34", "12:34 PON", "12:34 PON"),
        ("\u0663\u0664 + 5", "\u0663\u0664 + 5", "5 + \u0663\u0664"),
        ("a (AB) b", "a (BA) b", "b )BA( a"),
        ("A (a) B [c]", "A (a) B [c]", "]c[ B )a( A"),
        ("A(b]C)D", "A(b]C)D", "D)C]b(A"),
        ("A (b) (c)", "A (b) (c)", ")c( )b( A"),
        ("(A) b", "(A) b", "b )A("),
        ("A  ", "A  ", "  A"),
        ("  a  ", "  a  ", "  a  "),
        ("A\u05b8\u05c1B", "B\u05c1\u05b8A", "B\u05c1\u05b8A"),
        ("a\u05b8B", "a\u05b8B", "Ba\u05b8"),
        ("A, B; c: D", "B ,A; c: D", "D :c ;B ,A"),
        ("http://A/B?c=D", "http://B/A?c=D", "D=c?B/A//:http"),
        ("x=A+B*2", "x=2*B+A", "2*B+A=x"),
        ("A\u3008b\u232aC", "A\u3008b\u232aC", "C\u232ab\u3008A"),
        # Controls and marks that nobody sees change nothing (see core/spoofing.py).
        ("a\u202eb\u202c c", "a\u202eb\u202c c", "a\u202eb\u202c c"),
        ("\u200fa, b", "\u200fa, b", "a, b\u200f"),
        ("A\u2066b\u2069C", "A\u2066b\u2069C", "C\u2069b\u2066A"),
        # The columns of a table stay where they are.
        ("\u2502 AB \u2502 CD \u2502", "\u2502 BA \u2502 DC \u2502", "\u2502 DC \u2502 BA \u2502"),
        ("\u2502 A 1 \u2502 2 B \u2502", "\u2502 1 A \u2502 2 B \u2502", "\u2502 B 2 \u2502 1 A \u2502"),
        ("", "", ""),
    ],
)
def test_a_line_is_shown_in_this_order(text: str, left_to_right: str, right_to_left: str) -> None:
    assert shown(text, 0) == left_to_right
    assert shown(text, 1) == right_to_left


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("abc א", 0),
        ("12 - אa", 1),
        ("ابج", 1),
        ("123 ...", None),
        ("", None),
        ("\u200f\u202e12a", 0),
        ("٣٤ x", 0),
    ],
)
def test_the_first_strong_letter_says_where_a_paragraph_begins(text: str, level: int | None) -> None:
    assert base_level(list(text)) == level


def test_a_cell_goes_by_its_first_character() -> None:
    assert resolved_levels(["ש\u05b8\u05c1", "a\u0301", "ם"], 0) == [1, 0, 1]


def test_more_brackets_than_are_waited_for_are_no_pairs() -> None:
    pair = resolved_levels([*"א(", *"<" * 62, *"a)ב"], 0)
    assert pair[1] == pair[-2] == 0
    assert resolved_levels([*"א(", *"[" * 63, *"a)ב"], 0)[1] == 0
    assert resolved_levels(["("] * 10_000, 1) == [1] * 10_000


def test_brackets_and_mirrored_characters_come_in_pairs() -> None:
    found = [chr(code) for code in range(0x10000) if mirrored(chr(code)) != chr(code)]
    assert len(found) > 350
    assert all(mirrored(mirrored(character)) == character for character in found)
    assert all(unicodedata.mirrored(character) for character in found)
    opening = [character for character in found if closed_by(character)]
    assert len(opening) == 64
    assert all(as_closing(mirrored(character)) == closed_by(character) for character in opening)
    assert mirrored("┌") == "┌"
    assert "".join(mirrored(character, boxes=True) for character in "┌─┐│├╣╭╱(") == "┐─┌│┤╠╮╲)"


@pytest.mark.parametrize(
    ("cells", "joined"),
    [
        ("بيت", "01 11 10"),
        ("باب", "01 10 00"),
        ("سلام", "01 11 10 00"),
        ("aب", "00 00"),
        (["م", "ی\u200c", "خ", "و"], "01 10 01 10"),
        (["ه\u200d"], "01"),
        (["مُ", "حَ"], "01 10"),
        ("بـب", "01 11 10"),
        ("ܫܠܡ", "01 11 10"),
        ("ߒߞߏ", "01 11 10"),
        ("ᠮᠣᠩ", "01 11 10"),
        ("אב", "00 00"),
        ("", ""),
    ],
)
def test_letters_join_those_beside_them(cells: str | list[str], joined: str) -> None:
    """``joined`` has for each cell: to the one before, to the one after."""
    expected = [Joined(part[0] == "1", part[-1] == "1") for part in joined.split()]
    assert joined_sides(cells) == expected


def test_letters_that_join_are_known_by_their_first_character() -> None:
    assert is_joining("بّ")
    assert not any(is_joining(cell) for cell in ("", "a", "א", "1", "क"))
    assert has_upright_joining("x ᠮ")
    assert not any(has_upright_joining(text) for text in ("abc", "ب", "漢字"))
