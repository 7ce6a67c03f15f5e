"""Copy mode: keys in, the cursor's place and the selection out. Without Qt."""

import pytest

from podium.core.protocol.frames import Line, Run
from podium.core.protocol.requests import KeyInput, Modifier
from podium.ui.terminal.copy_mode.machine import CopyMode, Outcome, Selected, SelectionKind
from podium.ui.terminal.copy_mode.text import Cell
from podium.ui.terminal.model.line_cache import StyledLine


class Lines:
    """Lines of text; those that end in a backslash go on in the next one. Lines of a number in ``missing`` are not
    known yet.
    """

    def __init__(self, text: str, columns: int = 20, page: int = 5, first: int = 0) -> None:
        self.columns = columns
        self.page = page
        self.first = first
        self.lines = text.split("\n")
        self.missing: set[int] = set()

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1

    def line_at(self, number: int) -> StyledLine | None:
        if number in self.missing or not self.first <= number <= self.last:
            return None
        text = self.lines[number - self.first]
        wrapped = text.endswith("\\")
        runs = tuple(Run(char, 0, 2 if char >= "一" else 1) for char in text.removesuffix("\\"))
        return StyledLine(Line(runs, wrapped), {})


SHIFTED = {"PgUp": "PageUp", "PgDn": "PageDown", "Esc": "Escape", "Enter": "Return"}


def key(notation: str) -> KeyInput:
    """A key as the keyboard gives it: a character, or a name with modifiers in front."""
    *held, name = notation.split("+") if len(notation) > 1 else [notation]
    modifiers = Modifier(0)
    for one in held:
        modifiers |= {"Ctrl": Modifier.CONTROL, "Shift": Modifier.SHIFT, "Alt": Modifier.ALT}[one]
    if len(name) == 1:
        control = modifiers & Modifier.CONTROL
        return KeyInput(name.upper(), "" if control else name, int(modifiers), base=name.lower())
    return KeyInput(SHIFTED.get(name, name), "\r" if name == "Enter" else "", int(modifiers))


def pressed(mode: CopyMode, keys: str) -> Outcome:
    outcome = Outcome.STAY
    for notation in keys.split(" "):
        outcome = mode.press(key(notation or " "))
    return outcome


TEXT = """\
first line
  two words, here

four_4 (five) six
a wide 漢字 pair
goes on in the next\\
 one, and ends

last"""


def mode(at: tuple[int, int] = (0, 0), text: str = TEXT, top: int = 0, **more: int) -> CopyMode:
    return CopyMode(Lines(text, **more), Cell(*at), top)


MOVES = {
    "left and right": ((0, 0), "l l l h", (0, 2)),
    "no further left": ((0, 0), "h Left Backspace", (0, 0)),
    "no further right": ((0, 18), "l l l", (0, 19)),
    "up and down": ((3, 4), "j j k", (4, 4)),
    "arrows": ((3, 4), "Down Right Up Left", (3, 4)),
    "no further up": ((1, 4), "k k k", (0, 4)),
    "no further down": ((8, 1), "j j", (8, 1)),
    "a count": ((0, 0), "1 2 l", (0, 12)),
    "a count of rows": ((0, 0), "3 j", (3, 0)),
    "a huge count": ((0, 0), "9 9 9 9 9 9 9 9 j", (8, 0)),
    "zero is the row's start": ((0, 7), "0", (0, 0)),
    "zero in a count": ((0, 0), "1 0 l", (0, 10)),
    "home and end": ((0, 7), "Home End", (0, 9)),
    "the text of a row": ((1, 9), "^", (1, 2)),
    "the end of a row": ((1, 0), "$", (1, 16)),
    "the end of an empty row": ((2, 5), "$", (2, 0)),
    "rows' ends": ((0, 0), "$ j j j", (3, 16)),
    "the column comes back behind a short row": ((1, 9), "j j", (3, 9)),
    "over a wide character": ((4, 7), "l l", (4, 11)),
    "back over a wide character": ((4, 11), "h h", (4, 7)),
    "a word": ((0, 0), "w", (0, 6)),
    "a word on the next row": ((0, 6), "w", (1, 2)),
    "words and signs": ((3, 0), "w w w", (3, 12)),
    "big words": ((3, 0), "W W", (3, 14)),
    "words with a count": ((3, 0), "4 w", (3, 14)),
    "an empty row is a word": ((1, 13), "w", (2, 0)),
    "a word from an empty row": ((2, 0), "w", (3, 0)),
    "a word over a wrapped row": ((5, 15), "w", (6, 1)),
    "the last word": ((8, 0), "w", (8, 3)),
    "back by words": ((3, 14), "b b b", (3, 7)),
    "back in a word": ((0, 8), "b", (0, 6)),
    "back to the row above": ((1, 2), "b", (0, 6)),
    "back to an empty row": ((3, 0), "b", (2, 0)),
    "back by big words": ((3, 14), "B B", (3, 0)),
    "back to the beginning": ((0, 2), "b b b", (0, 0)),
    "back over a wide word": ((4, 12), "b", (4, 7)),
    "the end of a word": ((0, 0), "e", (0, 4)),
    "the end of the next word": ((0, 4), "e", (0, 9)),
    "the end of a wide word": ((4, 7), "e", (4, 9)),
    "ends of big words": ((3, 0), "E E", (3, 12)),
    "control and arrows are words": ((0, 0), "Ctrl+Right Ctrl+Right Ctrl+Left", (0, 6)),
    "paragraphs down": ((0, 3), "}", (2, 0)),
    "two paragraphs down": ((0, 3), "2 }", (7, 0)),
    "paragraphs up": ((5, 3), "{", (2, 0)),
    "up to the first row": ((1, 3), "Ctrl+Up", (0, 0)),
    "down to the last row": ((8, 2), "Ctrl+Down", (8, 0)),
    "the first line": ((5, 3), "g", (0, 3)),
    "the first line twice": ((5, 3), "g g", (0, 3)),
    "the last line": ((1, 3), "G", (8, 3)),
    "a line by its number": ((1, 3), "4 G", (3, 3)),
    "control and home": ((5, 3), "Ctrl+Home", (0, 3)),
    "control and end": ((1, 3), "Ctrl+End", (8, 3)),
    "the top of the view": ((3, 3), "H", (0, 3)),
    "below the top of the view": ((3, 3), "2 H", (1, 3)),
    "the middle of the view": ((0, 3), "M", (2, 3)),
    "the bottom of the view": ((0, 3), "L", (4, 3)),
    "above the bottom of the view": ((0, 3), "2 L", (3, 3)),
    "a page down": ((0, 3), "PgDn", (4, 3)),
    "a page up": ((8, 3), "Ctrl+B", (4, 3)),
    "half a page down": ((0, 3), "Ctrl+D", (2, 3)),
    "half a page up": ((8, 3), "Ctrl+U", (6, 3)),
    "two pages down": ((0, 3), "2 Ctrl+F", (8, 3)),
    "find": ((3, 0), "f i", (3, 9)),
    "find the second": ((3, 0), "2 f i", (3, 15)),
    "find again and back": ((3, 0), "f i ; ,", (3, 9)),
    "find back": ((3, 16), "F i", (3, 15)),
    "till": ((3, 0), "t i", (3, 8)),
    "till again": ((3, 0), "t i ;", (3, 14)),
    "till back": ((3, 16), "T (", (3, 8)),
    "find what is not there": ((3, 0), "f z", (3, 0)),
    "find a digit": ((3, 0), "f 4", (3, 5)),
    "find is left with escape-like keys": ((3, 0), "f Up x", (3, 16)),
    "keys that mean nothing": ((3, 2), "z Alt+j Ctrl+Q F1", (3, 2)),
    "what is between a count and its key": ((0, 0), "2 z l", (0, 1)),
    "modifiers alone keep a count": ((0, 0), "2 Shift l", (0, 2)),
}


@pytest.mark.parametrize(("at", "keys", "expected"), MOVES.values(), ids=MOVES)
def test_keys_move_the_cursor(at: tuple[int, int], keys: str, expected: tuple[int, int]) -> None:
    made = mode(at)
    pressed(made, keys)
    assert made.cursor == expected
    assert made.selected is None


def test_a_word_that_a_wrap_cuts_is_one() -> None:
    made = mode((0, 7), "a word th\\\nat wraps", columns=9)
    pressed(made, "w")
    assert made.cursor == (1, 3)
    pressed(made, "b")
    assert made.cursor == (0, 7)
    pressed(made, "e")
    assert made.cursor == (1, 1)


@pytest.mark.parametrize(("letter", "base", "expected"), [("о", "j", (4, 0)), ("п", "g", (0, 0))])
def test_other_layouts_move_by_the_place_of_the_key(
    letter: str, base: str, expected: tuple[int, int]
) -> None:
    made = mode((3, 0))
    made.press(KeyInput(letter.upper(), letter, 0, base=base))
    assert made.cursor == expected
    made.press(KeyInput("Г", "", int(Modifier.CONTROL), base="u"))
    assert made.cursor.line == max(0, expected[0] - 2)


# What is in view


def test_the_view_follows_the_cursor_and_no_more() -> None:
    made = mode((2, 0))
    pressed(made, "j j")
    assert made.top == 0
    pressed(made, "j")
    assert made.top == 1
    pressed(made, "k k k k")
    assert made.top == 1
    pressed(made, "k")
    assert made.top == 0
    pressed(made, "G")
    assert made.top == 4
    pressed(made, "g")
    assert made.top == 0


def test_a_cursor_out_of_view_comes_back_with_the_next_key() -> None:
    made = mode((1, 0))
    made.look_at(4)
    pressed(made, "l")
    assert (made.cursor, made.top) == ((1, 1), 1)


def test_lines_that_go_take_the_cursor_along_and_no_other() -> None:
    lines = Lines(TEXT, first=100)
    made = CopyMode(lines, Cell(101, 3), 100)
    pressed(made, "v j")
    lines.first += 2
    made.clamp()
    assert made.cursor == (102, 3)
    assert made.selected is not None
    assert made.selected.anchor == (102, 3)


def test_after_a_reflow_the_place_in_the_view_stays() -> None:
    lines = Lines(TEXT, first=100)
    made = CopyMode(lines, Cell(104, 3), 100)
    pressed(made, "v")
    lines.first = 90
    made.renumbered(92)
    assert (made.cursor, made.top, made.selected) == ((96, 3), 92, None)


@pytest.mark.parametrize(
    ("key", "moved", "selected"),
    [
        ("v", ((93, 2), (91, 1)), Selected(SelectionKind.CHARACTERS, Cell(91, 1))),
        ("V", ((93, 2), (91, 1)), Selected(SelectionKind.LINES, Cell(91, 1))),
        ("Ctrl+V", ((93, 2), (91, 1)), None), ("v", ((93, 2),), None), ("x", ((93, 2),), None),
        ("v", ((93, 99), (1, 1)), Selected(SelectionKind.CHARACTERS, Cell(90, 1))),
    ],
)  # fmt: skip
def test_after_a_reflow_the_selection_is_on_its_text(
    key: str, moved: tuple[tuple[int, int], ...], selected: Selected | None
) -> None:
    lines = Lines(TEXT, first=100)
    made = CopyMode(lines, Cell(104, 3), 100)
    pressed(made, key)
    lines.first = 90
    made.renumbered(92, moved)
    assert made.selected == selected
    assert made.cursor.line == 93
    assert made.top <= 93


# Selecting


@pytest.mark.parametrize(
    ("keys", "kind"),
    [
        ("v", SelectionKind.CHARACTERS),
        ("V", SelectionKind.LINES),
        ("Ctrl+V", SelectionKind.BLOCK),
        ("v V", SelectionKind.LINES),
        ("v Ctrl+V v", SelectionKind.CHARACTERS),
        ("v v", None),
        ("V l V", None),
        ("Shift+Right", SelectionKind.CHARACTERS),
        ("Shift+PgDn", SelectionKind.CHARACTERS),
        ("V Shift+Down", SelectionKind.LINES),
        ("Ctrl+Shift+Right", SelectionKind.CHARACTERS),
        ("l j w", None),
        ("L", None),
    ],
)
def test_what_selects(keys: str, kind: SelectionKind | None) -> None:
    made = mode()
    pressed(made, keys)
    assert (made.selected.kind if made.selected is not None else None) is kind


def test_a_selection_reaches_from_where_it_began_to_the_cursor() -> None:
    made = mode((1, 2))
    pressed(made, "v j j 3 l")
    assert made.selected is not None
    assert (made.selected.anchor, made.cursor) == ((1, 2), (3, 5))
    pressed(made, "o")
    assert (made.selected.anchor, made.cursor) == ((3, 5), (1, 2))
    pressed(made, "k")
    assert (made.selected.anchor, made.cursor) == ((3, 5), (0, 2))


@pytest.mark.parametrize(
    ("keys", "outcome"),
    [
        ("y", Outcome.COPY),
        ("v l Enter", Outcome.COPY),
        ("Esc", Outcome.LEAVE),
        ("v q", Outcome.LEAVE),
        ("Ctrl+C", Outcome.LEAVE),
        ("/", Outcome.SEARCH),
        ("n", Outcome.OLDER_MATCH),
        ("N", Outcome.NEWER_MATCH),
        ("f q", Outcome.STAY),
        ("x", Outcome.STAY),
    ],
)
def test_how_it_ends(keys: str, outcome: Outcome) -> None:
    assert pressed(mode(), keys) is outcome


def test_what_is_searched_for_is_reached_with_the_selection() -> None:
    made = mode((1, 2))
    pressed(made, "v")
    made.go_to(Cell(8, 3))
    assert made.selected is not None
    assert (made.selected.anchor, made.cursor, made.top) == ((1, 2), (8, 3), 4)


# Lines that are not known yet


def far(missing: range) -> tuple[Lines, CopyMode]:
    lines = Lines("start\n" + "\n".join(f"word{n} x" for n in range(200)) + "\n\nend", page=5)
    lines.missing = set(missing)
    return lines, CopyMode(lines, Cell(201, 0), 197)


def test_a_motion_waits_for_its_lines_and_goes_on() -> None:
    lines, made = far(range(150))
    pressed(made, "{ {")
    assert made.wanted == 149
    assert made.cursor == (150, 0), "it is as far as it can be"
    for first in (100, 60, 0):
        lines.missing = set(range(first))
        assert made.lines_arrived() is Outcome.STAY
    assert made.wanted is None
    assert made.cursor == (0, 0)


def test_rows_move_over_what_is_not_known() -> None:
    lines, made = far(range(200))
    pressed(made, "1 0 0 k")
    assert made.cursor == (101, 0)
    assert made.wanted is None
    pressed(made, "$")
    assert made.wanted == 101
    lines.missing.clear()
    made.lines_arrived()
    assert made.cursor == (101, 8)


def test_keys_queue_behind_a_motion_that_waits() -> None:
    lines, made = far(range(150))
    pressed(made, "1 5 0 G")
    assert made.cursor == (149, 0)
    pressed(made, "w l v")
    assert made.selected is None
    lines.missing.clear()
    assert made.lines_arrived() is Outcome.STAY
    assert made.cursor == (149, 9)
    assert made.selected is not None
    assert made.selected.anchor == (149, 9)


def test_copying_waits_too_and_leaving_does_not() -> None:
    lines, made = far(range(150))
    pressed(made, "1 5 0 G v w")
    assert pressed(made, "y") is Outcome.STAY
    lines.missing.clear()
    assert made.lines_arrived() is Outcome.COPY
    lines, made = far(range(150))
    pressed(made, "1 5 0 G w j")
    assert pressed(made, "Esc") is Outcome.LEAVE


def test_lines_that_do_not_come_end_the_motion() -> None:
    _lines, made = far(range(150))
    pressed(made, "1 5 0 G w j")
    assert made.lines_arrived() is Outcome.STAY
    assert made.wanted == 149
    made.give_up()
    assert made.cursor == (150, 0), "what was queued goes on"
    pressed(made, "2 w")
    assert made.wanted is None


def test_a_line_that_was_dropped_is_waited_for_no_more() -> None:
    lines, made = far(range(150))
    pressed(made, "1 5 0 G w")
    assert made.wanted == 149
    lines.lines = lines.lines[160:]
    lines.first = 160
    lines.missing.clear()
    made.clamp()
    assert made.wanted is None
    pressed(made, "l")
    assert made.cursor == (160, 1)


def test_words_at_the_edge_of_what_is_known_are_whole() -> None:
    lines = Lines("one wo\\\nrd two\nlast", columns=6)
    lines.missing = {0}
    made = CopyMode(lines, Cell(1, 1), 0)
    pressed(made, "b")
    assert (made.wanted, made.cursor) == (0, (1, 1))
    lines.missing.clear()
    made.lines_arrived()
    assert made.cursor == (0, 4)
