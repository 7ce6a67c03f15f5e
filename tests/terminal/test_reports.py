"""What a program asks besides colours: as xterm answers, and never with anything of the question's text."""

import pytest

from tests.terminal.helpers import emulator, position, shown


@pytest.mark.parametrize(
    ("data", "reply"),
    [
        (b"\x1b[18t", b"\x1b[8;4;10t"), (b"\x1b[19t", b"\x1b[9;4;10t"), (b"\x1b[14t\x1b[16t", b""),
        (b"abc\x1b[?6n", b"\x1b[?1;4R"), (b"\x1b[?26n", b"\x1b[?27;1n"),
        (b"\x1b[?6h\x1b[2;3r\x1b[H\x1b[?6n", b"\x1b[?1;1R"),
        (b"\x1bP$qt\x1b\\\x1bP$q*|\x1b\\", b"\x1bP1$r4t\x1b\\\x1bP1$r4*|\x1b\\"),
        # ANSI modes: kept and told, kept and obeyed, permanently reset, unknown.
        *((b"\x1b[%d$p" % mode, b"\x1b[%d;%d$y" % (mode, answer)) for mode, answer in (
            (0, 0), (1, 4), (2, 2), (3, 2), (4, 2), (5, 4), (6, 0), (7, 4), (8, 2), (9, 0), (10, 4), (11, 4), (12, 1),
            *((mode, 4) for mode in range(13, 20)), (20, 2), (21, 0), (22, 0), (65535, 0),
        )),
        (b"\x1b[2;4;20h\x1b[12l\x1b[2$p\x1b[4$p\x1b[12$p\x1b[20$p", b"\x1b[2;1$y\x1b[4;1$y\x1b[12;2$y\x1b[20;1$y"),
        (b"\x1b[2h\x1b[12l\x1b[!p\x1b[2$p\x1b[12$p", b"\x1b[2;2$y\x1b[12;1$y"),
        (b"\x1b[?1045$p\x1b[?1045h\x1b[?1045$p\x1b[!p\x1b[?1045$p", b"\x1b[?1045;2$y\x1b[?1045;1$y\x1b[?1045;2$y"),
        # kitty's notifications: the question's name comes back only if it is short and plain.
        (b"\x1b]99;i=a.B-1:p=?;\x1b\\", b"\x1b]99;i=a.B-1:p=?;p=title,body,?\x1b\\"),
        (b"\x1b]99;p=?;\x07", b"\x1b]99;i=0:p=?;p=title,body,?\x07"),
        (b"\x1b]99;i=" + b"a" * 17 + b":p=?;x\x1b\\", b"\x1b]99;i=0:p=?;p=title,body,?\x1b\\"),
        (b"\x1b]99;i=a b:p=?;\x1b\\", b"\x1b]99;i=0:p=?;p=title,body,?\x1b\\"),
        (b"\x1b]99;i=a$(id):p=?;\x1b\\", b"\x1b]99;i=0:p=?;p=title,body,?\x1b\\"),
    ],
)  # fmt: skip
def test_answers(data: bytes, reply: bytes) -> None:
    made = emulator(10, 4, data)
    assert made.take_replies() == reply
    assert all(len(one) <= 64 for one in reply.split(b"\x1b["))


def test_pixels_are_told_once_the_window_has_told_them() -> None:
    made = emulator(10, 4)
    made.set_cell_size(7, 15)
    made.feed(b"\x1b[14t\x1b[14;2t\x1b[16t\x1b[16;1t")
    assert made.take_replies() == b"\x1b[4;60;70t" * 2 + b"\x1b[6;15;7t"
    made.resize(20, 2)
    made.feed(b"\x1b[14t\x1b[18t")
    assert made.take_replies() == b"\x1b[4;30;140t\x1b[8;2;20t"
    made.set_cell_size(0, 0)
    made.feed(b"\x1b[14t\x1b[16t")
    assert made.take_replies() == b""


def test_da1_promises_the_clipboard_only_while_it_may_be_written() -> None:
    made = emulator()
    made.feed(b"\x1b[c")
    made.allow_clipboard(False)
    made.feed(b"\x1b[c\x1bZ\x1b]52;c;eA==\x07")
    assert made.take_replies() == b"\x1b[?62;22;52c" + b"\x1b[?62;22c" * 2
    assert made.take_events() == []


def test_titles_are_pushed_ten_deep_and_popped_apart() -> None:
    made = emulator(data=b"\x1b]2;window\x07\x1b]1;icon\x07\x1b[22t\x1b]0;x\x07\x1b[23;1t")
    assert (made.title, made.icon_name) == ("x", "icon")
    made.feed(b"\x1b[23;2t")
    assert (made.title, made.icon_name) == ("x", "icon")
    made.feed(b"\x1b]2;window\x07\x1b[22;1t\x1b[22;2t\x1b]0;y\x07\x1b[23;0t")
    assert (made.title, made.icon_name) == ("window", "icon")
    made.feed(b"\x1bc" + b"".join(b"\x1b]2;%d\x07\x1b[22;2t" % n for n in range(15)) + b"\x1b]2;z\x07")
    seen = []
    for _ in range(12):
        made.feed(b"\x1b[23t")
        seen.append(made.title)
    assert seen == [str(n) for n in range(14, 4, -1)] + ["5", "5"]
    made.feed(b"\x1b[22;9t\x1b]2;w\x07\x1b[23;9t\x1b[23t")
    assert made.title == "w"


@pytest.mark.parametrize(
    ("data", "at"),
    [
        # Mode 45 goes back over a row that wrapped, and over no other; mode 1045 over all, and around the region.
        (b"\x1b[?45h" + b"a" * 12 + b"\b\b\b", (9, 0)), (b"\x1b[?45habc\r\n\b", (0, 1)), (b"\x1b[?45h\b\b", (0, 0)),
        (b"\x1b[?45h" + b"a" * 25 + b"\x1b[99D", (0, 0)), (b"\x1b[?45hab\r\n" + b"a" * 25 + b"\x1b[99D", (0, 1)),
        (b"\x1b[?45h" + b"a" * 10 + b"\b", (9, 0)), (b"\x1b[?45h" + b"a" * 10 + b"\x1b[2D", (8, 0)),
        (b"\x1b[?45h" + b"a" * 25 + b"\x1b[2;4r\x1b[2;1H\b", (0, 1)), (b"\x1b[?45;7l\x1b[?45h" + b"a\r\n\b", (0, 1)),
        (b"\x1b[?1045habc\r\n\b", (9, 0)), (b"\x1b[?1045h\b\b", (8, 3)), (b"\x1b[?1045h\x1b[2;3r\x1b[2;1H\b", (9, 2)),
        (b"\x1b[?1045;45h\x1b[?45labc\r\n\b", (9, 0)), (b"\x1b[?1045h\x1b[?1045labc\r\n\b", (0, 1)),
        (b"\x1b[?1045h\x1b[65535D", (5, 2)), (b"\x1b[?1045h\x1b[?69h\x1b[3;6s\x1b[2;3H\b", (5, 0)),
        # Back tabs stop at the margin in origin mode, but a cursor left of it stays where it is.
        (b"\x1b[?69h\x1b[3;8s\x1b[?6h\x1b[1;6H\x1b[9Z", (2, 0)), (b"\x1b[?69h\x1b[3;8s\x1b[1;8H\x1b[9Z", (0, 0)),
        (b"\x1b[?6h\x1b7\x1b[?69h\x1b[5;9s\x1b8\x1b[Z", (0, 0)),
    ],
)  # fmt: skip
def test_ways_back(data: bytes, at: tuple[int, int]) -> None:
    assert position(emulator(10, 4, data)) == at


def test_an_underline_of_dec_graphics_is_a_blank() -> None:
    made = emulator(data=b"\x1b(0a_q\x1b(B_")
    assert shown(made)[0] == "▒ ─_"


def test_the_column_mode_clears_the_screen_where_it_is_allowed() -> None:
    made = emulator(20, 6, b"abc\x1b[2;5r\x1b[?69h\x1b[3;9s\x1b[2;2H\x1b[?3h\x1b[?3$p")
    assert made.take_replies() == b"\x1b[?3;2$y"
    assert shown(made)[0] == "abc"
    made.feed(b"\x1b[?40h\x1b[?3h\x1b[?3$p\x1b[6n\x1bP$qr\x1b\\\x1bP$qs\x1b\\")
    assert made.take_replies() == b"\x1b[?3;1$y\x1b[1;1R\x1bP1$r1;6r\x1b\\\x1bP1$r1;20s\x1b\\"
    assert shown(made) == [""] * 6
    assert made.columns == 20


@pytest.mark.parametrize(
    ("level", "resets"), [(b"61", True), (b"62;1", True), (b"63;1", False), (b"", False)]
)
def test_a_level_of_conformance_resets(level: bytes, resets: bool) -> None:
    made = emulator(20, 6, b"abc\x1b[2;4r\x1b[4h\x1b[" + level + b'"p\x1b[4$p\x1bP$qr\x1b\\\x1bP$q"p\x1b\\')
    expected = (b"\x1b[4;2$y", b"1;6r") if resets else (b"\x1b[4;1$y", b"2;4r")
    assert made.take_replies() == expected[0] + b"\x1bP1$r" + expected[1] + b'\x1b\\\x1bP1$r62;1"p\x1b\\'
    assert shown(made)[0] == "abc"
