"""Colours: every notation of X as xterm takes it, questions and resets as xterm answers them."""

import pytest

from podium.terminal import Emulator
from podium.terminal.parsing.colors import parse_color
from tests.terminal.helpers import emulator


@pytest.mark.parametrize(
    ("text", "color"),
    [
        # As an X server and xterm parsed them.
        ("#123", 0x102030), ("#fff", 0xF0F0F0), ("#123456", 0x123456), ("#123456789", 0x124578),
        ("#123456789abc", 0x12569A), ("#ABC", 0xA0B0C0), ("rgb:1/22/333", 0x112233), ("rgb:f/f/f", 0xFFFFFF),
        ("rgb:4444/1/88", 0x441188), ("rgb:fff/ffe/ffff", 0xFFFFFF), ("RGB:ff/00/00", 0xFF0000),
        ("rgbi:0.5/0.25/1.0", 0xC18DFF), ("rgbi:1/1/1", 0xFFFFFF), ("rgbi:.5/.5/.5", 0xC1BBBB),
        ("rgbi:1e-1/.1/1.", 0x6763FF), ("rgbi:1/0/0", 0xFF0000), ("rgbi:0/0/0", 0), ("rgbi:0/1e-6/0", 0x1300),
        ("tomato", 0xFF6347), ("Red", 0xFF0000),
        ("Dark Olive Green", 0x556B2F), ("DARKOLIVEGREEN3", 0xA2CD5A), ("gray50", 0x7F7F7F),
        ("LightGoldenrod4", 0x8B814C), ("grey100", 0xFFFFFF), ("snow", 0xFFFAFA),
        ("CIEXYZ:1/1/1", 0xFFFFFF), ("CIEXYZ:0.5/0.5/0.5", 0xDDB5A0), ("CIEuvY:1/1/1", 0xFFFFFF),
        ("CIEuvY:0.5/0.5/0.5", 0xFFA3AE), ("CIExyY:1/1/1", 0xFFFFFF), ("CIExyY:0.5/0.5/0.5", 0xF7B30E),
        ("CIELab:1/1/1", 0x6C6767), ("CIELab:0.5/0.5/0.5", 0x524F4F), ("CIELuv:1/1/1", 0x16140E),
        ("CIELuv:0.5/0.5/0.5", 0x0E130E), ("TekHVC:1/1/1", 0x1A130F), ("TekHVC:0.5/0.5/0.5", 0x11130E),
        ("tekhvc:0/100/50", 0xFFFFFF),
        # And what they refused.
        ("", -1), ("#", -1), ("#12", -1), ("#12345", -1), ("#1234567890123", -1), ("#ggg", -1), ("#-12", -1),
        ("rgb:", -1), ("rgb:1/2", -1), ("rgb:1/2/3/4", -1), ("rgb:12345/1/1", -1), ("rgb:1//1", -1),
        ("rgb:-1/1/1", -1), ("rgb:+1/1/1", -1), ("rgb: 1/1/1", -1), ("rgb:１/1/1", -1), ("rgba:1/1/1/1", -1),
        ("CIEXYZ:2/2/2", -1), ("CIExyY:0.5/0/0.5", -1), ("CIEuvY:0.5/0/0.5", -1), ("CIELab:101/0/0", -1),
        ("CIELuv:-1/0/0", -1), ("TekHVC:1/50/-1", -1), ("CIELuv:0/1/1", -1), ("CIELab:1/1", -1), ("CIELab:1/1/1/1", -1),
        ("CIELab:nan/1/1", -1), ("CIELab:1/1e99/1", -1), ("CIEfoo:1/1/1", -1), (":1/1/1", -1), ("CIEXYZ:", -1),
        ("rgbi:1/1", -1), ("rgbi:2/0/0", -1), ("rgbi:-1/0/0", -1), ("rgbi:nan/0/0", -1), ("rgbi:inf/0/0", -1),
        ("rgbi:./0/0", -1), ("rgbi:1e400/0/0", -1), ("rgbi:" + "9" * 1000 + "/0/0", -1), (" red", -1), ("r e d", -1),
        ("grey 50", -1), ("no such colour", -1), ("?", -1), ("x" * 5000, -1),
    ],
)  # fmt: skip
def test_notations(text: str, color: int) -> None:
    assert parse_color(text) == color


def themed() -> Emulator:
    made = emulator()
    made.set_colors(0x111111, 0x222222, 0x333333, dark=True, palette={1: 0xCD0000, 259: 0x444444})
    return made


@pytest.mark.parametrize(
    ("data", "reply"),
    [
        (b"\x1b]10;?\x1b\\", b"\x1b]10;rgb:1111/1111/1111\x1b\\"),
        (b"\x1b]11;?\x07", b"\x1b]11;rgb:2222/2222/2222\x07"),
        (b"\x1b]12;?\x07", b"\x1b]12;rgb:3333/3333/3333\x07"),
        (b"\x1b]13;?\x07", b"\x1b]13;rgb:1111/1111/1111\x07"),
        (b"\x1b]14;?\x07", b"\x1b]14;rgb:2222/2222/2222\x07"),
        (b"\x1b]15;?;?\x07", b"\x1b]15;rgb:1111/1111/1111\x07\x1b]16;rgb:2222/2222/2222\x07"),
        (b"\x1b]17;?\x07", b"\x1b]17;rgb:4444/4444/4444\x07"),
        (b"\x1b]18;?;?;?\x07", b"\x1b]18;rgb:1111/1111/1111\x07\x1b]19;rgb:1111/1111/1111\x07"),
        (b"\x1b]10;#fff;?;red;?\x07\x1b]12;?\x07",
         b"\x1b]11;rgb:2222/2222/2222\x07\x1b]13;rgb:1111/1111/1111\x07\x1b]12;rgb:ffff/0000/0000\x07"),
        (b"\x1b]10;red\x07\x1b]110\x07\x1b]10;?\x07", b"\x1b]10;rgb:1111/1111/1111\x07"),
        (b"\x1b]17;red;blue\x07\x1b]117\x07\x1b]17;?;?;?\x07",
         b"\x1b]17;rgb:4444/4444/4444\x07\x1b]18;rgb:0000/0000/ffff\x07\x1b]19;rgb:1111/1111/1111\x07"),
        (b"\x1b]4;1;?\x1b\\", b"\x1b]4;1;rgb:cdcd/0000/0000\x1b\\"),
        (b"\x1b]4;01;?\x1b\\", b"\x1b]4;1;rgb:cdcd/0000/0000\x1b\\"),
        (b"\x1b]4;1;?;9;?;1;?\x07", b"\x1b]4;1;rgb:cdcd/0000/0000\x07" * 2),
        (b"\x1b]4;1;#f0f0f0;1;?\x07", b"\x1b]4;1;rgb:f0f0/f0f0/f0f0\x07"),
        (b"\x1b]4;1;blue\x07\x1b]104;1\x07\x1b]4;1;?\x07", b"\x1b]4;1;rgb:cdcd/0000/0000\x07"),
        (b"\x1b]4;1;blue\x07\x1b]104\x07\x1b]4;1;?\x07", b"\x1b]4;1;rgb:cdcd/0000/0000\x07"),
        (b"\x1b]4;1;blue;256;blue\x07\x1b]105\x07\x1b]4;1;?;256;?\x07",
         b"\x1b]4;1;rgb:0000/0000/ffff\x07\x1b]4;256;rgb:1111/1111/1111\x07"),
        (b"\x1b]5;0;?;4;?;5;?\x07", b"\x1b]5;0;rgb:1111/1111/1111\x07\x1b]5;4;rgb:1111/1111/1111\x07"),
        (b"\x1b]4;260;red\x07\x1b]5;4;?\x07", b"\x1b]5;4;rgb:ffff/0000/0000\x07"),
        (b"\x1b]5;1;red\x07\x1b]104;257\x07\x1b]5;1;?\x07", b"\x1b]5;1;rgb:1111/1111/1111\x07"),
        (b"\x1b]4;261;?\x07\x1b]4;999;?\x07\x1b]4;-1;?\x07\x1b]4;;?\x07\x1b]4;1\x07\x1b]20;?\x07", b""),
        # The pair that a cut leaves half is not carried out.
        (b"\x1b]4;" + b"1;?;" * 1022 + b"1;#123456\x07\x1b]4;1;?\x07", b"\x1b]4;1;rgb:cdcd/0000/0000\x07" * 1023),
    ],
)  # fmt: skip
def test_questions_and_resets(data: bytes, reply: bytes) -> None:
    made = themed()
    made.feed(data)
    assert made.take_replies() == reply


def test_mode_2031_tells_each_change_between_dark_and_light_once() -> None:
    made = themed()
    made.set_colors(0, 1, 2, dark=False)
    assert made.take_replies() == b""
    made.feed(b"\x1b[?2031h")
    for dark, told in ((False, b""), (True, b"\x1b[?997;1n"), (True, b""), (False, b"\x1b[?997;2n")):
        made.set_colors(0, 1, 2, dark=dark)
        assert made.take_replies() == told
    made.feed(b"\x1b[?2031l")
    made.set_colors(0, 1, 2, dark=True)
    assert made.take_replies() == b""


def test_a_colour_of_the_program_outlives_a_change_of_the_theme() -> None:
    made = themed()
    made.feed(b"\x1b]11;#123456\x07")
    made.set_colors(0, 0xFFFFFF, 0, dark=False)
    made.feed(b"\x1b]11;?;?\x07\x1b]111\x07\x1b]11;?\x07")
    assert made.take_replies() == (
        b"\x1b]11;rgb:1212/3434/5656\x07\x1b]12;rgb:0000/0000/0000\x07\x1b]11;rgb:ffff/ffff/ffff\x07"
    )
