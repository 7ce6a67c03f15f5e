"""What gets selected by characters, words, lines and blocks. No Qt."""

import pytest

from podium.core.protocol.frames import Line, Run
from podium.ui.terminal.input.clipboard import quoted_paths
from podium.ui.terminal.model.cells import cell_bounds, cells
from podium.ui.terminal.model.screen_model import ScreenModel
from podium.ui.terminal.selection.selection import Point, Selection, SelectionMode
from podium.ui.terminal.selection.words import logical_line, word_at
from tests.ui_terminal.view_frames import FrameMaker


def model_of(*rows: object) -> ScreenModel:
    maker, model = FrameMaker(), ScreenModel()
    model.apply(maker.frame(list(rows)))  # type: ignore[arg-type]
    return model


def word(model: ScreenModel, line: int, column: int) -> str:
    start, end = word_at(model, line, column)
    parts = []
    for number in range(start[0], end[0] + 1):
        row = cells(model.line_at(number))  # type: ignore[arg-type]
        parts.append(
            "".join(row[start[1] if number == start[0] else 0 : end[1] if number == end[0] else None])
        )
    return "".join(parts)


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("see src/api/retry.ts:52 now", 8, "src/api/retry.ts:52"),
        ("~/.config/x-y_z ok", 3, "~/.config/x-y_z"),
        ('call("ApiError")', 8, "ApiError"),
        ('call("ApiError")', 4, "("),
        ("a   b", 2, "   "),
        ("naïve Ωmega", 7, "Ωmega"),
    ],
)
def test_words(text: str, column: int, expected: str) -> None:
    assert word(model_of(text), 0, column) == expected


def test_a_word_goes_on_over_a_wrap() -> None:
    first, second = Line((Run("open /very/long/path"),), wrapped=True), Line((Run("/to/file end"),))
    model = model_of(first, second)
    assert word(model, 0, 10) == "/very/long/path/to/file"
    assert word(model, 1, 2) == "/very/long/path/to/file"
    assert logical_line(model, 1) == (0, 1)


def test_a_word_ends_at_a_blank_in_front_of_a_wrap_but_not_at_a_filler() -> None:
    text = "x" * 19
    blank = Line((Run(text),), wrapped=True)
    filler = Line((Run(text),), wrapped=True, filler=True)
    colored = Line((Run(text), Run(" ", 1)), wrapped=True, filler=True)
    below = Line((Run("漢字", 0, 2), Run("x end")))
    for first, expected in ((blank, False), (filler, True), (colored, True)):
        model = model_of(first, below)
        assert word_at(model, 0, 3) == ((0, 0), (1, 5) if expected else (0, 19))
        assert word_at(model, 1, 0) == ((0, 0) if expected else (1, 0), (1, 5))


def test_wide_characters_are_whole() -> None:
    model = model_of(Line((Run("a"), Run("漢字", 0, 2), Run("b"), Run("👨‍👩‍👧", 0, -2))))
    row = model.line_at(0)
    assert row is not None
    assert cells(row) == ["a", "漢", "", "字", "", "b", "👨‍👩‍👧", ""]
    assert cell_bounds(row, 2) == (1, 3)
    selection = Selection(model)
    selection.begin(0, 1, False, SelectionMode.CHARACTERS)
    selection.extend(0, 4, False)
    assert selection.span(0) == (1, 5)


def test_characters_are_taken_from_their_halves_on() -> None:
    selection = Selection(model_of("abcdef"))
    selection.begin(0, 1, False, SelectionMode.CHARACTERS)
    assert selection.is_empty
    selection.extend(0, 3, False)
    assert selection.span(0) == (1, 3)
    selection.extend(0, 3, True)
    assert selection.span(0) == (1, 4)
    selection.extend(0, 0, False)
    assert selection.span(0) == (0, 1), "backwards too"


def test_lines_between_are_selected_whole() -> None:
    selection = Selection(model_of("one", "two", "three"))
    selection.begin(0, 1, False, SelectionMode.CHARACTERS)
    selection.extend(2, 1, True)
    assert [selection.span(line) for line in range(4)] == [(1, 20), (0, 20), (0, 2), None]
    wanted = selection.text_range()
    assert wanted is not None
    assert (wanted.first, wanted.last, wanted.block) == ((0, 1), (2, 1), False)


def test_an_end_at_the_line_start_does_not_ask_for_column_minus_one() -> None:
    selection = Selection(model_of("one", "two"))
    selection.select(Point(0, 0), Point(1, 0))
    wanted = selection.text_range()
    assert wanted is not None
    assert wanted.last == (0, 19)


def test_blocks_have_the_same_columns_in_each_line() -> None:
    selection = Selection(model_of("abcdef", "abcdef", "abcdef"))
    selection.begin(0, 4, False, SelectionMode.BLOCK)
    selection.extend(2, 1, False)
    assert [selection.span(line) for line in range(3)] == [(1, 4)] * 3
    wanted = selection.text_range()
    assert wanted is not None
    assert (wanted.first, wanted.last, wanted.block) == ((0, 1), (2, 3), True)


def test_words_and_lines_extend_by_whole_units() -> None:
    model = model_of("one two three", "four")
    selection = Selection(model)
    selection.begin(0, 5, False, SelectionMode.WORDS)
    assert selection.span(0) == (4, 7)
    selection.extend(0, 9, False)
    assert selection.span(0) == (4, 13)
    selection.extend(0, 1, False)
    assert selection.span(0) == (0, 7)
    selection.begin(1, 2, False, SelectionMode.LINES)
    assert selection.span(1) == (0, 20)


def test_dropped_paths_are_words() -> None:
    assert quoted_paths(["/a/b.txt", "/a/it's here"]) == "/a/b.txt '/a/it'\"'\"'s here' "
