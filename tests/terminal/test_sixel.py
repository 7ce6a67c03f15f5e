"""Sixel: bytes in, pixels and places out. Places and cursor are what an xterm 379 with -ti vt340 showed."""

import pytest

from tests.terminal.helpers import position, processor_seconds, shown
from tests.terminal.pictures import CLEAR, block, pixels, shown_image, sixels, strips, terminal

RED, GREEN, BLUE = 0xFF0000, 0x00FF00, 0x0000FF
SET_RED = b"#1;2;100;0;0"


@pytest.mark.parametrize(
    ("data", "parameters", "rows"),
    [
        (SET_RED + b"#1@A", b"0;1", [[RED, CLEAR], [CLEAR, RED]]),
        (SET_RED + b"#1@A", b"", [[RED, 0], [0, RED]]),  # P2 0: the rest is in register 0's colour.
        (SET_RED + b"#1!3@", b"0;1", [[RED, RED, RED]]),
        (SET_RED + b"#1@$#2;2;0;100;0#2?@", b"0;1", [[RED, GREEN]]),
        (SET_RED + b"#1@@$#2;2;0;100;0#2@", b"0;1", [[GREEN, RED]]),
        (SET_RED + b"#1@-#2;2;0;0;100@", b"0;1", [[RED], *[[CLEAR]] * 5, [BLUE]]),
        (b"#1@" + SET_RED, b"0;1", [[RED]]),  # A register set later changes what it drew.
        (b'"1;1;2;2#1;2;0;100;0#1@', b"0;1", [[GREEN]]),  # What is only declared has no pixels.
        (b'"1;1;1;1' + SET_RED + b"#1AA", b"0;1", [[CLEAR, CLEAR], [RED, RED]]),  # Drawn beyond what was declared.
        (b"#3@", b"0;1", [[0x33CC33]]),  # The VT340's own colour.
        (b"#1;1;0;50;100#1@", b"0;1", [[BLUE]]),  # Hue 0 is blue.
        (b"#1;1;120;50;100#1@", b"0;1", [[RED]]),
        (b"#1;1;240;50;100#1@", b"0;1", [[GREEN]]),
        (b"#1;1;60;100;0#1@", b"0;1", [[0xFFFFFF]]),
        (b"#257;2;100;0;0#1@", b"0;1", [[RED]]),  # Registers are counted around.
        (SET_RED + b"#1 @\r\nA", b"0;1", [[RED, CLEAR], [CLEAR, RED]]),
        (SET_RED + b"#1;9;1;1;1@", b"0;1", [[RED]]),
    ],
)  # fmt: skip
def test_pixels(data: bytes, parameters: bytes, rows: list[list[int]]) -> None:
    made = terminal(data=sixels(data, parameters))
    assert pixels(shown_image(made)) == rows


@pytest.mark.parametrize(("parameters", "layers"), [(b"", [(1, 1), (4, 3)]), (b"0;1", [(4, 3)])])
def test_what_is_declared_and_not_drawn_is_in_the_background_colour_or_transparent(
    parameters: bytes, layers: list[tuple[int, int]]
) -> None:
    made = terminal(data=sixels(b'"1;1;40;60#0;2;0;0;100#1!4F', parameters))
    first = [strip.placement for strip in made.terminal.rows[0].images]
    assert [(placement.image.width, placement.image.height) for placement in first] == layers
    assert position(made) == (0, 2)
    third = made.terminal.rows[2].images
    if parameters:
        assert not third
    else:
        assert pixels(third[0].placement.image) == [[BLUE]]
        assert (third[0].row, third[0].start, third[0].stop) == (2, 0, 4)


def test_more_colours_than_a_palette_holds_take_the_nearest() -> None:
    data = b"".join(b"#%d;2;%d;%d;0#%d@" % (i, i // 3, i % 3, i) for i in range(256))
    row = pixels(shown_image(terminal(data=sixels(data, b"0;1"))))[0]
    assert len(row) == 256
    assert CLEAR not in row
    assert all(abs((color >> 16) - round(i // 3 * 2.55)) <= 3 for i, color in enumerate(row))


@pytest.mark.parametrize(("height", "rows"), [(6, 1), (20, 1), (21, 2), (40, 2), (60, 3)])
def test_the_cursor_stays_in_its_column_and_ends_in_the_last_row(height: int, rows: int) -> None:
    made = terminal(data=b"\x1b[2;4H" + block(30, height))
    assert position(made) == (3, rows)
    assert strips(made)[1 : 1 + rows] == [[(row, 3, 6)] for row in range(rows)]
    assert strips(made)[1 + rows] == []


@pytest.mark.parametrize(
    ("before", "image", "cursor", "first"),
    [
        (b"\x1b[?8452h\x1b[2;4H", block(30, 30), (6, 2), 1),  # To the right of it.
        (b"\x1b[?8452h\x1b[2;19H", block(30, 30), (0, 3), 1),  # No column is left there.
        (b"\x1b[?80h\x1b[2;4H", block(30, 30), (3, 1), 0),  # At the top left, whatever the cursor.
        (b"\x1b[6;4H", block(30, 30), (3, 4), 3),  # A line stays free below it.
        (b"\x1b[2;4r\x1b[4;4H", block(30, 30), (3, 2), 1),  # So within margins.
        (b"\x1b[2;4H", sixels(b""), (3, 1), -1),
        (b"\x1b[2;4H", sixels(b"#1~~~-"), (3, 1), 1),  # A new line at the end draws nothing.
    ],
)
def test_modes_and_margins(before: bytes, image: bytes, cursor: tuple[int, int], first: int) -> None:
    made = terminal(data=before + image)
    assert position(made) == cursor
    rows = [y for y, row in enumerate(strips(made)) if row]
    assert (rows[0] if rows else -1) == first


def test_a_tall_image_goes_on_in_the_scrollback() -> None:
    made = terminal(data=b"one\r\n" + block(10, 200))
    assert strips(made) == [[(row, 0, 1)] for row in range(5, 10)] + [[]]
    _, lines, _ = made.lines_between(0, 100)
    assert [[strip.row for strip in line.images] for line in lines[:6]] == [[], [0], [1], [2], [3], [4]]
    assert made.display[5].strip() == ""
    assert position(made) == (0, 4)


@pytest.mark.parametrize(
    ("after", "left"),
    [
        (b"\x1b[2;4HX", [(0, 2, 3), (0, 4, 6)]),
        (b"\x1b[2;1Habcdefgh", []),
        (b"\x1b[2;4H\x1b[X", [(0, 2, 3), (0, 4, 6)]),
        (b"\x1b[2;5H\x1b[K", [(0, 2, 4)]),
        (b"\x1b[2;4H\x1b[1K", [(0, 4, 6)]),
        ("\x1b[2;3H漢".encode(), [(0, 4, 6)]),
        (b"\x1b[2J", []),
        (b"\x1b[2;1H\x1b[J", []),
        (b"\x1bc", []),
        (b"\x1b[2;1H\x1b[M", [(1, 2, 6)]),
        (b"\x1b[2;1H\x1b[L", []),
        (b"\x1b[2;10Hx", [(0, 2, 6)]),
        (b"\x1b[1;3Hxxxx", [(0, 2, 6)]),
        (b"\x1b[2;3;2;4$z", [(0, 4, 6)]),
        (b"\x1b[?1049hABCDEFGHIJ\x1b[?1049l", [(0, 2, 6)]),
    ],
)
def test_text_and_erasing_cut_it(after: bytes, left: list[tuple[int, int, int]]) -> None:
    made = terminal(data=b"\x1b[2;3H" + block(40, 40) + after)
    assert strips(made)[1] == left


def test_it_scrolls_with_its_lines_and_leaves_with_them() -> None:
    made = terminal(data=block(40, 40) + b"\x1b[6;1H\n", scrollback=3)
    assert strips(made)[0] == [(1, 0, 4)]
    _, lines, _ = made.lines_between(0, 10)
    assert [strip.row for strip in lines[0].images] == [0]
    made.feed(b"\n" * 20)
    _, lines, _ = made.lines_between(0, 100)
    assert not any(line.images for line in lines)


def test_the_alternate_screen_has_images_of_its_own() -> None:
    made = terminal(data=block(40, 20) + b"\x1b[?1049h\x1b[3;1H" + block(20, 20))
    assert [y for y, row in enumerate(strips(made)) if row] == [2]
    made.feed(b"\x1b[?1049l")
    assert [y for y, row in enumerate(strips(made)) if row] == [0]
    made.feed(b"\x1b[?1049h")
    assert not any(strips(made))


@pytest.mark.parametrize("width", [5, 30])
def test_a_width_change_and_back_leaves_it_as_it_was(width: int) -> None:
    made = terminal(data=b"a line that is longer than the screen\r\n\x1b[s" + block(80, 40) + b"\x1b[5;1Hend")
    before = strips(made)
    made.resize(width, 6)
    made.resize(20, 6)
    assert strips(made) == before
    assert shown(made)[4] == "end"


def test_text_behind_an_image_wraps_and_the_image_stays_whole() -> None:
    made = terminal(data=block(40, 20) + b"\x1b[1;6Hbehind it")
    made.resize(10, 6)
    assert strips(made)[:2] == [[(0, 0, 4)], []]
    made.resize(20, 6)
    assert strips(made)[:2] == [[(0, 0, 4)], []]
    assert shown(made)[0].strip() == "behind it"


def test_a_film_does_not_pile_up() -> None:
    made = terminal(data=(b"\x1b[H" + block(40, 40)) * 50)
    assert strips(made)[:2] == [[(0, 0, 4)], [(1, 0, 4)]]
    made.feed((b"\x1b[H" + sixels(b"#1!40@", b"0;1")) * 100)
    assert len(strips(made)[0]) <= 32


def test_copies_have_blanks_in_its_place() -> None:
    made = terminal(data=b"ab" + block(40, 20) + b"\x1b[1;10Hcd")
    assert made.text_between() == "ab       cd" + "\n" * 5


@pytest.mark.parametrize("private", [True, False])
def test_registers_are_each_images_own_unless_the_program_says_otherwise(private: bool) -> None:
    mode = b"" if private else b"\x1b[?1070l"
    made = terminal(data=mode + sixels(SET_RED + b"#1@") + sixels(b"#1@"))
    assert pixels(shown_image(made)) == [[0x3333CC if private else RED]]


def test_off_it_is_swallowed_and_nothing_promises_it() -> None:
    made = terminal()
    made.allow_graphics(False)
    made.feed(b"a" + block(40, 40) + b"b\x1b[c\x1b[?1;1S\x1b[?80$p\x1b[?8452$p\x1b[?1070$p")
    assert shown(made)[0] == "ab"
    assert not any(strips(made))
    replies = b"\x1b[?62;22;52c\x1b[?80;0$y\x1b[?8452;0$y\x1b[?1070;0$y"
    assert made.take_replies() == replies


@pytest.mark.parametrize(
    ("query", "reply"),
    [
        (b"\x1b[c", b"\x1b[?62;4;22;52c"),
        (b"\x1b[?1;1;0S", b"\x1b[?1;0;256S"),
        (b"\x1b[?1;2;0S", b"\x1b[?1;0;256S"),
        (b"\x1b[?1;4;0S", b"\x1b[?1;0;256S"),
        (b"\x1b[?1;3;256S", b"\x1b[?1;0;256S"),
        (b"\x1b[?1;3;16S", b"\x1b[?1;3S"),
        (b"\x1b[?1;5;0S", b"\x1b[?1;2S"),
        (b"\x1b[?2;1;0S", b"\x1b[?2;0;200;120S"),
        (b"\x1b[?2;2;0S", b"\x1b[?2;3S"),
        (b"\x1b[?3;1;0S", b"\x1b[?3;1S"),
        (b"\x1b[?80$p", b"\x1b[?80;2$y"),
        (b"\x1b[?1070$p", b"\x1b[?1070;1$y"),
        (b"\x1b[16t", b"\x1b[6;20;10t"),
    ],
)
def test_questions_about_graphics(query: bytes, reply: bytes) -> None:
    made = terminal(data=query)
    assert made.take_replies() == reply


@pytest.mark.parametrize(
    "bomb",
    [
        b"!99999999999~" * 3000,
        b"!9999?~-" * 8000,
        b"!9999~$" * 9000,
        b"-" * 65536,
        b"#1;2;1;2;3;4;5;6;7;8;9;10;11" * 2000,
        b"\"1;1;999999;999999" * 3000,
        b"~" * 65536,
        b"!" + b"9" * 65536 + b"~",
    ],
    ids=range(8),
)  # fmt: skip
def test_bombs_are_clamped(bomb: bytes) -> None:
    made = terminal(80, 24)
    assert processor_seconds(lambda: made.feed(b"\x1bPq" + bomb[:65536] + b"\x1b\\")) < 3
    for image in made.terminal.images.images.values():
        assert image.width <= 10_000
        assert image.height <= 10_000
        assert image.width * image.height <= 8 * 1024 * 1024


def test_many_images_are_taken_in_slices() -> None:
    made = terminal(80, 24)
    bomb = b"\x1bP0;1q!2800?~" + b"-" * 400 + b"!2800~\x1b\\"
    data = bomb * 8
    assert made.feed(data, until=0.0) == len(bomb)
    assert made.terminal.images.images[1].width == 2801
    assert not made.feed(data, until=0.0) % len(bomb)


@pytest.mark.parametrize("end", [b"\x18", b"\x1a", b"\x1b[31m", b"\x1bPq"])
def test_an_image_that_is_broken_off_is_none(end: bytes) -> None:
    made = terminal(data=b"\x1bPq#1~~~" + end)
    assert not any(strips(made))
    assert not made.terminal.images.images
