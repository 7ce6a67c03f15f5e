"""Kitty's graphics protocol: bytes in; pixels, places and answers out."""

import random
import zlib
from collections.abc import Callable

import pytest

from podium.terminal import Emulator
from podium.terminal.images.limits import MAX_IMAGES, MAX_STORED_BYTES
from podium.terminal.output.frames import FrameSource
from tests.terminal.helpers import position, processor_seconds, shown
from tests.terminal.pictures import block, chunk, kitty, pixels, png, shown_image, strips, terminal

RGB = b"\xff\x00\x00\x00\xff\x00"
RGBA = b"\xff\x00\x00\xff\x00\xff\x00\x80"
ROW = [[0xFF0000, 0x00FF00]]
PLACEHOLDER = "\U0010eeee"
FIRST, SECOND, THIRD = "\u0305", "\u030d", "\u030e"


def place(keys: str = "", width: int = 30, height: int = 40) -> bytes:
    """Show a red image."""
    return kitty(f"a=T,f=100{keys and ','}{keys}", png(width, height))


@pytest.mark.parametrize(
    ("keys", "data", "rows"),
    [
        ("f=24,s=2,v=1", RGB, ROW),
        ("f=32,s=2,v=1", RGBA, ROW),
        ("s=2,v=1", RGBA, ROW),  # 32 is usual.
        ("f=24,s=2,v=1,o=z", zlib.compress(RGB), ROW),
        ("f=24,s=1,v=2", RGB, [[0xFF0000], [0x00FF00]]),
        ("f=24,s=2,v=1", RGB + b"more", ROW),
        ("f=100", png(2, 1), None),
        ("f=100,o=z", zlib.compress(png(2, 1)), None),
        ("f=100", png(2, 1, extra=chunk(b"tEXt", b"x" * 99)), None),
    ],
)
@pytest.mark.parametrize("piece", [4096, 4])
def test_images_arrive(keys: str, data: bytes, rows: list[list[int]] | None, piece: int) -> None:
    made = terminal(data=kitty(f"a=T,i=7,{keys}", data, piece))
    assert made.take_replies() == b"\x1b_Gi=7;OK\x1b\\"
    if rows is None:
        assert shown_image(made).data == png(2, 1)
    else:
        assert pixels(shown_image(made)) == rows


def test_pieces_that_are_padded_each_by_itself() -> None:
    made = terminal(data=b"\x1b_Ga=T,i=1,f=24,s=2,v=1,m=1;/wAAAA==\x1b\\\x1b_Gm=0;/wA=\x1b\\")
    assert pixels(shown_image(made)) == ROW


@pytest.mark.parametrize(
    ("keys", "data", "error"),
    [
        ("f=24,s=2,v=1", RGB[:5], b"ENODATA"),
        ("f=24,s=0,v=1", RGB, b"EINVAL"),
        ("f=24,s=20000,v=1", RGB, b"EINVAL"),
        ("f=24,s=9000,v=9000", RGB, b"EINVAL"),
        ("f=12,s=1,v=1", RGB, b"EINVAL"),
        ("f=24,s=2,v=1,o=z", zlib.compress(bytes(100)), b"EFBIG"),
        ("f=24,s=2,v=1,o=z", zlib.compress(RGB)[:-6], b"EINVAL"),
        ("f=24,s=2,v=1,o=z", RGB, b"EINVAL"),
        ("f=100", RGB, b"EBADPNG"),
        ("f=100", png(2, 2)[:-13], b"EBADPNG"),
        ("f=100", png(2, 2, announced=(60_000, 60_000)), b"EBADPNG"),
        ("t=f,f=100", b"/etc/passwd", b"EINVAL"),
        ("t=t,f=100", b"/tmp/x", b"EINVAL"),
        ("t=s,f=100", b"/x", b"EINVAL"),
        ("I=4,f=100", png(2, 2), b"EINVAL"),
    ],
)
def test_what_is_no_image_is_refused(keys: str, data: bytes, error: bytes) -> None:
    for action in "tTq":
        made = terminal(data=kitty(f"a={action},i=7,{keys}", data))
        assert made.take_replies().startswith(
            (b"\x1b_Gi=7;" + error + b":", b"\x1b_Gi=7,I=4;" + error + b":")
        )
        assert not any(strips(made))
        assert not made.terminal.images.images


@pytest.mark.parametrize(
    ("sent", "answers"),
    [
        (kitty("a=q,i=31,s=1,v=1,f=24", b"abc"), b"\x1b_Gi=31;OK\x1b\\"),
        (kitty("a=T,f=100", png(2, 2)), b""),  # Nobody could tell which.
        (kitty("a=T,i=1,p=4,f=100", png(2, 2)), b"\x1b_Gi=1,p=4;OK\x1b\\"),
        (kitty("a=T,i=1,q=1,f=100", png(2, 2)), b""),
        (kitty("a=T,i=1,q=1,f=100", b""), b"\x1b_Gi=1;EBADPNG:not a PNG\x1b\\"),
        (kitty("a=T,i=1,q=2,f=100", b""), b""),
        (kitty("a=t,I=9,f=100", png(2, 2)), b"\x1b_Gi=2147483648,I=9;OK\x1b\\"),
        (kitty("a=p,i=3"), b"\x1b_Gi=3;ENOENT:no such image\x1b\\"),
        (kitty("a=p,I=3"), b"\x1b_GI=3;ENOENT:no such image\x1b\\"),
        (kitty("a=f,i=3,s=1,v=1", b"abcd"), b"\x1b_Gi=3;EINVAL:no animations here\x1b\\"),
        (kitty("a=a,i=3"), b"\x1b_Gi=3;EINVAL:no animations here\x1b\\"),
        (kitty("a=d,d=I,i=3"), b""),
        (b"\x1b_Ga=T,i=5,f=24,s=1,v=1;!!!!\x1b\\", b"\x1b_Gi=5;ENODATA:too little data\x1b\\"),
        (
            b"\x1b_Gi=99999999999\x1b\\\x1b_Gi=-1;\x1b\\\x1b_Gx\x1b\\\x1b_G" + b"a=t," * 400 + b"i=1\x1b\\",
            b"",
        ),
        (b"\x1b_Gi=1;\x1b[21t\x1b\\", b""),
    ],
)
def test_answers(sent: bytes, answers: bytes) -> None:
    made = terminal(data=sent)
    assert made.take_replies() == answers


@pytest.mark.parametrize(
    ("keys", "cells", "cursor"),
    [
        ("", (3, 2), (5, 2)),  # Behind its last row.
        ("c=6", (6, 4), (8, 4)),  # As high as that makes it.
        ("r=1", (2, 1), (4, 1)),
        ("c=4,r=3", (4, 3), (6, 3)),
        ("C=1", (3, 2), (2, 1)),
        ("w=11,h=21", (2, 2), (4, 2)),
        ("x=20,y=30", (1, 1), (3, 1)),
        ("X=5", (4, 2), (6, 2)),
        ("Y=15", (3, 3), (5, 3)),
        ("c=18,r=1", (18, 1), (0, 2)),  # No column is left.
    ],
)
def test_placements(keys: str, cells: tuple[int, int], cursor: tuple[int, int]) -> None:
    made = terminal(data=b"\x1b[2;3H" + place(keys))
    columns, rows = cells
    assert strips(made)[1:] == [[(row, 2, 2 + columns)] for row in range(rows)] + [[]] * (5 - rows)
    assert position(made) == cursor


def test_geometry_reaches_the_window() -> None:
    made = terminal(data=b"\x1b[2;3H" + place("x=10,y=20,w=15,h=10,X=5,Y=4,z=-7"))
    (changed,) = FrameSource(made).take(1).changed
    (strip,) = changed.line.images
    assert (strip.left, strip.top, strip.width, strip.height) == (10, 20, 15, 10)
    assert (strip.columns, strip.rows, strip.x, strip.y, strip.z) == (1.5, 0.5, 0.5, 0.2, -7)
    assert (changed.y, strip.row, strip.column, strip.start, strip.stop) == (1, 0, 2, 2, 4)


def test_it_scrolls_for_an_image_unless_the_cursor_is_to_stay() -> None:
    made = terminal(data=b"\x1b[6;1H" + place(height=60))
    assert strips(made)[2:] == [[], [(0, 0, 3)], [(1, 0, 3)], [(2, 0, 3)]]
    made = terminal(data=b"\x1b[6;1H" + place("C=1", height=60))
    assert strips(made)[4:] == [[], [(0, 0, 3)]]


@pytest.mark.parametrize(
    "text", [b"\x1b[2;3HX", b"\x1b[2;1H\x1b[K", b"\x1b[H\x1b[J", b"\x1b[2;3H\x1b[9P", b"\x1b[2;3H\x1b[9@"]
)
def test_text_does_not_cut_it(text: bytes) -> None:
    made = terminal(data=b"\x1b[2;3H" + place() + text)
    assert strips(made)[1:3] == [[(0, 2, 5)], [(1, 2, 5)]]


@pytest.mark.parametrize("clearing", [b"\x1b[2J", b"\x1bc", b"\x1b[?1049h"])
def test_clearing_takes_it(clearing: bytes) -> None:
    assert not any(strips(terminal(data=place() + clearing)))


THREE = (
    b"\x1b[1;1H" + kitty("a=T,i=1,p=1,f=100,z=3", png(20, 20))
    + b"\x1b[2;4H" + kitty("a=T,i=2,p=2,f=100,z=4", png(20, 20))
    + b"\x1b[3;8H" + kitty("a=T,I=5,p=3,f=100,z=3", png(20, 20))
    + b"\x1b[2;5H"
)  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "rows", "kept"),
    [
        ("d=a", [], 3), ("d=A", [], 0), ("", [], 3),
        ("d=i,i=1", [1, 2], 3), ("d=I,i=1", [1, 2], 2), ("d=i,i=1,p=9", [0, 1, 2], 3), ("d=i,i=1,p=1", [1, 2], 3),
        ("d=n,I=5", [0, 1], 3), ("d=N,I=5", [0, 1], 2), ("d=i,i=8", [0, 1, 2], 3),
        ("d=c", [0, 2], 3), ("d=C", [0, 2], 2),
        ("d=p,x=1,y=1", [1, 2], 3), ("d=p,x=3,y=1", [0, 1, 2], 3),
        ("d=q,x=1,y=1,z=3", [1, 2], 3), ("d=q,x=1,y=1,z=4", [0, 1, 2], 3),
        ("d=x,x=4", [0, 2], 3), ("d=y,y=3", [0, 1], 3), ("d=z,z=3", [1], 3), ("d=Z,z=3", [1], 1),
        ("d=r,x=1,y=2", [2], 3), ("d=R,x=2,y=2", [0, 2], 2), ("d=f", [0, 1, 2], 3),
    ],
)  # fmt: skip
def test_deleting(keys: str, rows: list[int], kept: int) -> None:
    made = terminal(data=THREE + kitty(f"a=d{keys and ','}{keys}"))
    assert [y for y, row in enumerate(strips(made)) if row] == rows
    assert len(made.terminal.images.images) == kept


def test_sixel_images_are_none_of_its_business() -> None:
    made = terminal(data=block(20, 20) + kitty("a=d"))
    assert strips(made)[0] == [(0, 0, 2)]


def test_an_id_and_a_placement_that_come_again_replace_what_was() -> None:
    made = terminal(data=kitty("a=T,i=1,p=1,f=100", png(20, 20)) + b"\x1b[4;1H" + kitty("a=p,i=1,p=1"))
    assert [y for y, row in enumerate(strips(made)) if row] == [3]
    made.feed(b"\x1b[2;1H" + kitty("a=p,i=1") + b"\x1b[3;1H" + kitty("a=p,i=1"))
    assert [y for y, row in enumerate(strips(made)) if row] == [1, 2, 3]
    made.feed(kitty("a=t,i=1,f=100", png(2, 2)))
    assert not any(strips(made))
    assert len(made.terminal.images.images) == 1


@pytest.mark.parametrize(("letter", "kept"), [("I", 0), ("i", 1)])
def test_what_is_deleted_is_gone_from_the_scrollback_too(letter: str, kept: int) -> None:
    made = terminal(data=kitty("a=T,i=1,f=100", png(20, 20)) + b"\n" * 8 + kitty(f"a=d,d={letter},i=1"))
    _, lines, _ = made.lines_between(0, 20)
    assert not any(line.images for line in lines)
    assert len(made.terminal.images.images) == kept


# Placeholder characters


def cell(row: str = "", column: str = "", high: str = "") -> str:
    return PLACEHOLDER + row + column + high


def window_strips(made: Emulator) -> list[tuple[int, int, int, int, int]]:
    """Screen row, row of the image, where its left edge is, and the columns that show it."""
    changed = FrameSource(made).take(1).changed
    return [(c.y, s.row, s.column, s.start, s.stop) for c in changed for s in c.line.images]


VIRTUAL = kitty("a=T,U=1,i=42,c=3,r=2,f=100,q=2", png(30, 40))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (cell(FIRST, FIRST) + cell(FIRST, SECOND) + cell(FIRST, THIRD), [(0, 0, 0, 0, 3)]),
        (cell(FIRST) + cell() + cell(), [(0, 0, 0, 0, 3)]),
        (cell() * 3, [(0, 0, 0, 0, 3)]),
        ("ab" + cell(SECOND, SECOND), [(0, 1, 1, 2, 3)]),
        (cell(SECOND) + cell(SECOND), [(0, 1, 0, 0, 2)]),
        (cell(FIRST) + "x" + cell(SECOND, THIRD), [(0, 0, 0, 0, 1), (0, 1, 0, 2, 3)]),
        (cell(FIRST, FIRST, FIRST), [(0, 0, 0, 0, 1)]),
        (cell(FIRST, FIRST, SECOND), []),  # Of an image with another uppermost byte.
    ],
)
def test_placeholders_show_a_virtual_placement(text: str, expected: list[tuple[int, ...]]) -> None:
    for color in ("\x1b[38;5;42m", "\x1b[38;2;0;0;42m"):
        made = terminal(data=VIRTUAL + color.encode() + text.encode())
        assert window_strips(made) == expected
        assert PLACEHOLDER not in made.text_between()
        assert PLACEHOLDER not in "".join(run.text for run in FrameSource(made).take(1).changed[0].line.runs)


def test_placeholders_are_text() -> None:
    made = terminal(data=VIRTUAL + b"\x1b[38;5;42m" + cell().encode() * 3 + b"\x1b[m\x1b[1;2HX")
    assert window_strips(made) == [(0, 0, 0, 0, 1), (0, 0, 2, 2, 3)]
    made.feed(b"\r\n" * 10)
    _, lines, _ = made.lines_between(0, 1)
    assert [(s.start, s.stop) for s in lines[0].images] == [(0, 1), (2, 3)]
    made.feed(kitty("a=d,d=i,i=42"))
    _, lines, _ = made.lines_between(0, 1)
    assert not lines[0].images
    assert made.text_between((0, 0), (0, 9)) == " X"


def test_a_virtual_placement_fits_into_its_cells() -> None:
    made = terminal(
        data=kitty("a=T,U=1,i=1,c=4,r=1,f=100,q=2", png(20, 20)) + b"\x1b[38;5;1m" + cell().encode()
    )
    (strip,) = FrameSource(made).take(1).changed[0].line.images
    assert (strip.columns, strip.rows, strip.x, strip.y) == (2.0, 1.0, 1.0, 0.0)


# Bounds


def test_bytes_and_numbers_of_images_are_bounded_and_the_screen_keeps_its_own() -> None:
    stored = zlib.compress(random.Random(1).randbytes(3 * 1500 * 1500), 0)
    made = terminal()
    for number in range(1, 7):
        keys = f"a={'T' if number == 1 else 't'},i={number},f=24,s=1500,v=1500,o=z"
        made.feed(b"\x1b[H" + kitty(keys, stored, 1 << 19))
    images = made.terminal.images
    assert images.size <= MAX_STORED_BYTES
    assert len(images.images) == 4
    assert images.size == sum(len(image.data) for image in images.images.values())
    assert shown_image(made).identifier == 1
    assert shown_image(made).data
    made = terminal(
        data=b"".join(kitty(f"a=t,i={n},f=24,s=1,v=1", b"abc") for n in range(1, MAX_IMAGES + 50))
    )
    assert len(made.terminal.images.images) == MAX_IMAGES


@pytest.mark.parametrize(
    "bomb",
    [
        kitty("a=T,i=1,f=24,s=2000,v=2000,o=z", zlib.compress(bytes(12_000_001), 9)),
        kitty("a=T,i=1,f=100,o=z", zlib.compress(png(2, 2, extra=bytes(64 << 20)), 9)),
        kitty("a=T,i=1,f=100,q=2", png(1, 2)) + kitty("a=p,i=1,r=4294967295") * 2000,
        kitty("a=t,i=1,f=100,q=2", png(1, 2)) + kitty("a=p,i=1,p=1,c=4294967295,q=2") * 2000,
        b"\x1b_G" * 20_000,
        b"\x1b_Gm=1;AAAA\x1b\\" * 5_000,
        b"\x1b_Ga=d,d=A\x1b\\" * 5_000,
        b"\x1b_G" + b"a=T," * 16_000,
    ],
    ids=range(8),
)
def test_bombs_are_clamped(bomb: bytes) -> None:
    made = terminal(80, 24)
    assert processor_seconds(lambda: made.feed(bomb[: 64 << 10])) < 8
    assert made.terminal.images.size <= MAX_STORED_BYTES
    assert made._parser.string.size <= 1 << 20


@pytest.mark.parametrize("clear", [lambda made: made.feed(b"\x1b[3J"), Emulator.clear_scrollback])
def test_cleared_lines_take_their_images_along(clear: Callable[[Emulator], object]) -> None:
    made = terminal(
        data=block(20, 20) + place() + kitty("a=t,i=7,f=100", png(2, 2)) + b"\n" * 9 + block(20, 20)
    )
    clear(made)
    assert [image.identifier for image in made.terminal.images.images.values()] == [7, 0]
    assert shown_image(made).data


def test_what_a_program_left_half_done_ends_with_it() -> None:
    made = terminal(data=b"\x1b_Ga=T,i=1,f=24,s=2,v=1,m=1;/wAA\x1b\\")
    made.reset_after_exit()
    made.feed(b"\x1b_Gm=0;AP8A\x1b\\")
    assert not made.terminal.images.images


SESSION = (
    b"text\x1b[2;2H" + block(30, 30, b"0;1;0") + kitty("a=T,i=3,f=24,s=2,v=1,c=3,r=2", RGB, 4) + b"\x1b[3;2HX"
    + VIRTUAL + b"\x1b[38;5;42m" + cell(FIRST).encode() * 2 + b"\x1b[m" + kitty("a=d,d=i,i=3") + b"end"
)  # fmt: skip


def test_cut_anywhere_it_comes_to_the_same() -> None:
    whole = terminal(data=SESSION)
    expected = (strips(whole), shown(whole), position(whole), whole.take_replies())
    for cut in range(len(SESSION)):
        made = terminal(data=SESSION[:cut])
        made.feed(SESSION[cut:])
        assert (strips(made), shown(made), position(made), made.take_replies()) == expected, cut


def test_fuzz_never_raises_and_stays_within_bounds() -> None:
    dice = random.Random(7)
    keys = "aftosvxyhwcrzipIXYCUqmSOdqn"
    for _ in range(300):
        made = terminal(12, 5, scrollback=20)
        for _ in range(12):
            head = ",".join(
                f"{dice.choice(keys)}={dice.choice(['T', 'p', 'd', 'q', 'z', 'A', dice.randrange(-2, 50)])}"
                for _ in range(dice.randrange(6))
            )
            made.feed(
                dice.choice(
                    [
                        kitty(head, dice.randbytes(dice.randrange(40))),
                        kitty(
                            f"a=T,i={dice.randrange(3)},f=100,{head}".rstrip(","),
                            png(dice.randrange(1, 50), 30),
                        ),
                        block(dice.randrange(1, 90), dice.randrange(1, 90)),
                        SESSION[dice.randrange(len(SESSION)) :][: dice.randrange(200)],
                        f"\x1b[38;5;42m{cell(FIRST)}{cell()}\x1b[{dice.randrange(6)};{dice.randrange(13)}H".encode(),
                        dice.choice(
                            [b"\x1b[2J", b"\x1b[M", b"\n" * 7, b"\x1b[?1049h", b"\x1b[?1049l", b"\x1bc"]
                        ),
                    ]
                )
            )
            if dice.random() < 0.2:
                made.resize(dice.randrange(2, 20), dice.randrange(1, 8))
            FrameSource(made).take(1)
            made.lines_between(0, 100)
            assert all(len(row.images) <= 32 for row in made.terminal.rows)
            images = made.terminal.images
            assert images.size == sum(len(image.data) for image in images.images.values())
