"""Bytes in, screen out: what the recorded xterm cases do not cover."""

import pytest

from podium.terminal.screen.events import Bell, Notice, ProgramStatus, Progress, PromptMark
from tests.terminal.helpers import emulator, shown


def test_an_empty_screen() -> None:
    made = emulator(5, 2)
    assert made.display == ["     ", "     "]
    cell = made.cell(0, 0)
    assert (cell.char, cell.fg, cell.bg, cell.underline, cell.underline_color) == (
        " ",
        "default",
        "default",
        0,
        "default",
    )
    with pytest.raises(IndexError):
        made.cell(5, 0)
    with pytest.raises(IndexError):
        made.cell(-1, 0)


@pytest.mark.parametrize(
    ("sgr", "field", "value"),
    [
        (b"1", "bold", True), (b"2", "dim", True), (b"3", "italic", True), (b"5", "blink", True), (b"6", "blink", True),
        (b"7", "reverse", True), (b"8", "hidden", True), (b"9", "strike", True), (b"53", "overline", True),
        (b"4", "underline", 1), (b"21", "underline", 2), (b"4:0", "underline", 0), (b"4:1", "underline", 1),
        (b"4:2", "underline", 2), (b"4:3", "underline", 3), (b"4:4", "underline", 4), (b"4:5", "underline", 5),
        (b"4:3;24", "underline", 0), (b"4:9", "underline", 0), (b"1;2;22", "bold", False), (b"2;22", "dim", False),
        (b"31", "fg", 1), (b"97", "fg", 15), (b"44", "bg", 4), (b"105", "bg", 13), (b"38;5;200", "fg", 200),
        (b"48;5;17", "bg", 17), (b"38;2;1;2;3", "fg", "#010203"), (b"48;2;255;0;16", "bg", "#ff0010"),
        (b"38:5:200", "fg", 200), (b"38:2:1:2:3", "fg", "#010203"), (b"38:2::1:2:3", "fg", "#010203"),
        (b"38:2:9:1:2:3:0:1", "fg", "#010203"), (b"58:5:9", "underline_color", 9), (b"58;5;9", "underline_color", 9),
        (b"58:2::1:2:3", "underline_color", "#010203"), (b"58;2;1;2;3", "underline_color", "#010203"),
        (b"58;5;9;59", "underline_color", "default"), (b"31;39", "fg", "default"), (b"41;49", "bg", "default"),
        (b"1;", "bold", False), (b"58;5;1", "blink", False), (b"58;5;1", "bold", False), (b"99;1", "bold", True),
        (b"38;5;1;4", "underline", 1), (b"38;2;1;2;3;1", "bold", True), (b"7;27", "reverse", False),
        (b"0000000001", "bold", True), (b"1:2", "bold", False),
    ],
)  # fmt: skip
def test_graphic_rendition(sgr: bytes, field: str, value: object) -> None:
    made = emulator(data=b"\x1b[" + sgr + b"mx")
    assert getattr(made.cell(0, 0), field) == value


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("日", 2), ("é", 1), ("e\u0301", 1), ("👍", 2), ("👍🏽", 2), ("👨\u200d👩\u200d👧", 2),
        ("🏃🏽\u200d♂\ufe0f", 2),
        ("🇩🇪", 2), ("🇩🇪🇫🇷", 4), ("☁\ufe0f", 2), ("☁", 1), ("a\u200bb", 2), ("❤\ufe0f", 2), ("1\ufe0f\u20e3", 2),
        ("각", 2), ("ﾊﾟ", 2), ("🏳\ufe0f\u200d🌈", 2), ("\u00ad", 1), ("─", 1), ("👩\u200dx", 3),
    ],
)  # fmt: skip
def test_width_by_grapheme_cluster(text: str, columns: int) -> None:
    made = emulator(20, 1, text.encode())
    assert made.cursor.x == columns
    assert "".join(made.display).rstrip() == text
    byte_by_byte = emulator(20, 1)
    for byte in text.encode():
        byte_by_byte.feed(bytes([byte]))
    assert byte_by_byte.display == made.display


def test_without_mode_2027_code_points_stand_alone() -> None:
    made = emulator(20, 1, b"\x1b[?2027l" + "🇩🇪👍🏽".encode())
    assert made.cursor.x == 8
    assert 2027 not in made.modes


def test_a_cluster_is_not_joined_across_a_cursor_movement() -> None:
    made = emulator(20, 1, "🇩".encode() + b"\x1b[1;1H\x1b[2C" + "🇪".encode())
    assert made.cell(0, 0).char == "🇩"
    assert made.cell(2, 0).char in ("🇪", " ")


def test_wide_cells_have_an_empty_right_half() -> None:
    made = emulator(10, 1, "日x".encode())
    assert [made.cell(x, 0).char for x in range(4)] == ["日", "", "x", " "]
    assert made.display == ["日x       "]


def test_cursor_shapes() -> None:
    made = emulator()
    for style, (shape, blinking) in enumerate(
        [(0, False), (0, True), (0, False), (1, True), (1, False), (2, True), (2, False)]
    ):
        made.feed(b"\x1b[%d q" % style)
        assert (made.terminal.cursor_shape, made.terminal.cursor_blinking) == (shape, blinking)
    made.feed(b"\x1b[9 q")
    assert made.terminal.cursor_shape == 2


def test_cursor_visibility_and_private_modes() -> None:
    made = emulator(data=b"\x1b[?25l\x1b[?1;2004;1004h\x1b[?31337h")
    assert not made.cursor.visible
    assert {1, 2004, 1004} <= made.modes
    assert 31337 not in made.modes
    made.feed(b"\x1b[?1s\x1b[?1l\x1b[?1r")
    assert 1 in made.modes


def test_synchronized_output() -> None:
    made = emulator(data=b"\x1b[?2026h")
    assert made.synchronized
    made.feed(b"\x1b[?2026l")
    assert not made.synchronized
    ended = made.updates
    made.feed(b"\x1b[?2026l\x1b[?2026h\x1b[?2026h")
    assert made.updates == ended, "an update that did not run has ended, or one has ended by beginning again"
    made.reset_after_exit()
    assert not made.synchronized
    assert made.updates > ended


def test_titles_and_their_stack() -> None:
    made = emulator(data=b"\x1b]0;both\x07\x1b]1;icon\x07\x1b]2;window\x1b\\")
    assert (made.title, made.icon_name) == ("window", "icon")
    made.feed(b"\x1b[22;0t\x1b]2;other\x07\x1b[23;0t")
    assert made.title == "window"
    made.feed(b"\x1b]133;A\x07\x1b]22;x\x07\x1b]21;y\x07")
    assert (made.title, made.icon_name) == ("window", "icon")


def test_palette_of_the_program() -> None:
    made = emulator(data=b"\x1b]4;1;#123456;2;rgb:ff/00/80\x07\x1b]10;#abc\x07\x1b]12;red\x07")
    assert made.terminal.palette == {1: 0x123456, 2: 0xFF0080, 256: 0xA0B0C0, 258: 0xFF0000}
    made.feed(b"\x1b]4;1;?\x07")
    assert made.take_replies() == b"\x1b]4;1;rgb:1212/3434/5656\x07"
    made.feed(b"\x1b]104;1\x07\x1b]110\x07\x1b]112\x07")
    assert made.terminal.palette == {2: 0xFF0080}
    made.feed(b"\x1b]104\x07")
    assert made.terminal.palette == {}


def test_events_of_the_program() -> None:
    made = emulator(20, 4, b"\r\n\x1b]133;A\x07\x1b]133;D;3\x1b\\\x1b]9;done\x07\x1b]9;4;1;40\x07\x07")
    made.feed(
        b"\x1b]777;notify;Title;Body\x07\x1b]99;;Hi\x1b\\\x1b]7501;state=busy:app=x:kind=k:msg=aGk=\x07"
    )
    assert made.take_events() == [
        PromptMark("A", 1), PromptMark("D", 1, 3), Notice("", "done"), Progress(1, 40), Bell(),
        Notice("Title", "Body"), Notice("Hi", ""), ProgramStatus("busy", "x", "k", "hi"),
    ]  # fmt: skip
    made.feed(b"\x1b]7501;?\x07")
    assert made.take_replies() == b"\x1b]7501;?\x1b\\"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (b"\x1b[c", b"\x1b[?62;22;52c"), (b"\x1b[0c", b"\x1b[?62;22;52c"), (b"\x1bZ", b"\x1b[?62;22;52c"),
        (b"\x1b[>c", b"\x1b[>61;4000;0c"), (b"\x1b[=c", b"\x1bP!|00000000\x1b\\"), (b"\x1b[1c", b""),
        (b"\x1b[>q", b"\x1bP>|podium 0.1\x1b\\"), (b"\x1b[5n", b"\x1b[0n"), (b"\x1b[2;3H\x1b[6n", b"\x1b[2;3R"),
        (b"\x1b[?6n", b"\x1b[?1;1R"), (b"\x1b[?2026$p", b"\x1b[?2026;2$y"), (b"\x1b[?2027$p", b"\x1b[?2027;1$y"),
        (b"\x1b[?9999$p", b"\x1b[?9999;0$y"), (b"\x1b[?1016$p", b"\x1b[?1016;2$y"),
        (b"\x1b[4$p", b"\x1b[4;2$y"), (b"\x1b[?99999999$p", b"\x1b[?65535;0$y"),
        (b"\x1b[1;4:3;38;5;9m\x1bP$qm\x1b\\", b"\x1bP1$r0;1;4:3;91m\x1b\\"), (b"\x1b[>4;2m\x1b[?4m", b"\x1b[>4;2m"),
        (b"\x1b[?u", b"\x1b[?0u"), (b"\x1b[?6n\x18", b"\x1b[?1;1R"), (b"\x1b[?4m\x1b[>4m", b"\x1b[>4;0m"),
    ],
)  # fmt: skip
def test_answers(question: bytes, answer: bytes) -> None:
    assert emulator(20, 4, question).take_replies() == answer


def test_replies_are_handed_out_once() -> None:
    made = emulator(data=b"\x1b[5n")
    assert made.take_replies() == b"\x1b[0n"
    assert made.take_replies() == b""


@pytest.mark.parametrize(
    "data",
    [
        b"\x1b[?6n", b"\x1b[?4m", b"\x1b[?1r", b"\x1b[1;2A", b"\x1b[1;2;3H", b"\x1b[;;;H", b"\x1b[5K",
        "\x1b[³m".encode(),
        b"\x1b[" + b"9" * 1_000_000 + b"m", b"\x1b[?6h\x1b[6n", "日".encode() + b"\x1b[1;2Hx\x1b[1;1Hy", b"\x1b*0",
        b"\x1b[=5u\x1b[!p\x1b[\"q", b"\x1b[-5m", b"\x1b[:m", b"\x1b[;:;m", b"\x1b[58:m\x1b[38:2:m\x1b[4:m",
        b"\x1b[?1;2;3", b"\x1b]", b"\x1b]0", b"\x1b]0;", b"\x1b];\x07", b"\x1b]999999999999;x\x07", b"\x1bP\x1b\\",
        b"\x1b[?c",
    ],
)  # fmt: skip
def test_what_broke_pyte_breaks_nothing(data: bytes) -> None:
    made = emulator(10, 3, b"ok\r\n")
    made.feed(data)
    made.feed(b"\x1b\\\x18\x1b[mrest")
    assert len(made.display) == 3
    assert "rest" in "".join(made.display) or "³" in data.decode("utf-8", "replace")


def test_modify_other_keys_does_not_underline() -> None:
    made = emulator(data=b"\x1b[>4;2mx\x1b[?4my")
    assert made.cell(0, 0).underline == made.cell(1, 0).underline == 0


def test_a_full_reset_leaves_the_title_alone() -> None:
    made = emulator(data=b"\x1b]2;name\x07\x1b[31mx\x1bc")
    assert made.title == "name"
    assert shown(made)[0] == ""


def test_selective_erasing_takes_whole_characters_and_their_marks() -> None:
    text = 'a日e\u0301\x1b[1"q語f\u0301\x1b[0"q本g'
    made = emulator(12, 1, f"{text}\x1b[1;3H\x1b[?K".encode())
    assert [made.cell(x, 0).char for x in range(10)] == [
        "a",
        " ",
        " ",
        " ",
        "語",
        "",
        "f\u0301",
        " ",
        " ",
        " ",
    ]
    # What DECSERA leaves keeps its look.
    made = emulator(12, 1, f"\x1b[41m{text}\x1b[1;3;1;8${{".encode())
    assert [made.cell(x, 0).char for x in range(10)] == [
        "a",
        " ",
        " ",
        " ",
        "語",
        "",
        "f\u0301",
        " ",
        " ",
        "g",
    ]
    assert {made.cell(x, 0).bg for x in range(10)} == {1}
