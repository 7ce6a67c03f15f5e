"""Output meant to harm: each row of the table of known attacks."""

import sys
from urllib.parse import quote

import pytest

from podium.terminal import Emulator
from podium.terminal.screen.events import ClipboardWrite, Notice, WorkingFolder
from tests.terminal.helpers import emulator, processor_seconds, shown, state

pytestmark = pytest.mark.fault(37)


@pytest.mark.parametrize(
    "data",
    [
        b"\x1b[21t", b"\x1b[20t", b"\x1b[14t", b"\x1b[16t", b"\x1b[11t", b"\x1b[13t", b"\x1b[15t",
        b"\x1b]50;?\x07", b"\x1b]4;1;?\x07", b"\x1b]10;?\x07", b"\x1b]11;?\x1b\\", b"\x1b]12;?\x07",
        b"\x1b]52;c;?\x07", b"\x1b[1;1;1;1;5;5*y", b"\x1b[i", b"\x1b[5i",
        b"\x1b]1337;Capabilities\x07", b"\x1b_Gi=31,a=q;AAAA\x1b\\", b"\x1b]99;i=1:p=icon;\x1b\\", b"\x05",
    ],
)  # fmt: skip
def test_questions_that_get_no_answer_and_print_nothing(data: bytes) -> None:
    made = emulator(20, 3, b"\x1b]0;secret\x07\x1b]1;icon\x07" + data)
    assert made.take_replies() == b""
    assert shown(made) == ["", "", ""]
    assert (made.columns, made.lines) == (20, 3)


@pytest.mark.parametrize(
    "payload", [b"x", b"m;evil", b"\nrm -rf\n", b"a" * 5000, b"\x07id\x07", b'"q' * 3000]
)
def test_refused_settings_echo_nothing(payload: bytes) -> None:
    made = emulator(40, 3, b"\x1bP$q" + payload + b"\x1b\\")
    assert made.take_replies() in (b"\x1bP0$r\x1b\\", b"")
    assert shown(made) == ["", "", ""]


def test_colours_of_the_window_are_told_only_when_they_are_set() -> None:
    made = emulator()
    made.set_colors(0xFFEEDD, 0x0D0D14, 0x6366F1, dark=True)
    made.feed(b"\x1b]10;?\x07\x1b]11;?\x1b\\\x1b]12;?\x07\x1b[?996n")
    assert made.take_replies() == (
        b"\x1b]10;rgb:ffff/eeee/dddd\x07\x1b]11;rgb:0d0d/0d0d/1414\x1b\\\x1b]12;rgb:6363/6666/f1f1\x07\x1b[?997;1n"
    )
    made.feed(b"\x1b[?2031h")
    made.set_colors(0, 0xFFFFFF, 0, dark=False)
    assert made.take_replies() == b"\x1b[?997;2n"


def test_titles_are_short_and_hold_no_controls() -> None:
    made = emulator(data=b"\x1b]0;" + b"t" * 5000 + b"\x07")
    assert made.title == "t" * 256
    made.feed("\x1b]2;a\u009bb\u202ec\nd\x1b\\".encode())
    assert made.title == "a\ufffdbcd"


def test_control_strings_never_print_and_stay_small() -> None:
    for opening in (b"\x1b]0;", b"\x1bP", b"\x1b_", b"\x1b^", b"\x1bX", b"\x1bP+q", b"\x1b]1337;File=:"):
        made = emulator(20, 2, opening)
        for _ in range(512):
            made.feed(b"A" * 16384)
        assert made._parser.string_size <= 4096
        made.feed(b"\x1b\\ok")
        assert shown(made) == ["ok", ""]


def test_links_only_to_known_schemes() -> None:
    for target, kept in (
        ("https://example.org/a", True), ("http://x", True), ("mailto:a@b", True), ("HTTPS://X", True),
        ("file:///etc/passwd", True), ("file://elsewhere/etc/passwd", False), ("file:///a%0ab", False),
        ("file:///a%2", False), ("mailto:a@b.c?attach=/etc/passwd", False), ("javascript:alert(1)", False),
        ("ssh://x", False),
        ("https://" + "x" * 2100, False), ("https://a\u202eb", False),
    ):  # fmt: skip
        made = emulator(data=b"\x1b]8;id=1;" + target.encode() + b"\x07x\x1b]8;;\x07y")
        assert (made.cell(0, 0).link == target) == kept
        assert made.cell(0, 0).char == "x"
        assert made.cell(1, 0).link == ""


def test_sgr_reset_keeps_the_link() -> None:
    made = emulator(data=b"\x1b]8;;http://x\x07\x1b[1ma\x1b[0mb")
    assert (made.cell(1, 0).link, made.cell(1, 0).bold) == ("http://x", False)


def test_a_remote_folder_is_only_text() -> None:
    made = emulator(
        data=b"\x1b]7;file://evil.example/tmp/a%20b\x07\x1b]7;http://x/y\x07\x1b]7;file://[bad/x\x07"
    )
    assert made.take_events() == [WorkingFolder("evil.example", "/tmp/a b")]


def test_notices_are_clean_and_bounded() -> None:
    made = emulator(
        data=b"\x1b]9;" + b"n" * 1000 + "\u202e\x01".encode() + b"\x07\x1b]777;notify;T\x02;B\x07"
    )
    first, second = made.take_events()
    assert isinstance(first, Notice)
    assert first.body == "n" * 256
    assert second == Notice("T", "B")


def test_events_are_bounded() -> None:
    made = emulator(data=b"\x07" * 10_000)
    assert len(made.take_events()) == 256
    assert made.take_events() == []


def test_the_clipboard_is_only_written() -> None:
    made = emulator(
        data=b"\x1b]52;c;aGVsbG8=\x07\x1b]52;p;eA==\x07\x1b]52;c;!!!\x07\x1b]52;c;"
        + b"A" * (1 << 20)
        + b"\x07"
    )
    assert made.take_events() == [ClipboardWrite("c", "hello"), ClipboardWrite("p", "x")]
    assert made.take_replies() == b""


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"a\x9b31mb", "a\ufffd31mb"),
        ("a\u009b31mb".encode(), "a\ufffd31mb"),
        (b"a\xc0\x9bb", "a\ufffd\ufffdb"),
        (b"\xe0\x80\x9bx", "\ufffd\ufffd\ufffdx"),
        (b"\xed\xa0\x80x", "\ufffd\ufffd\ufffdx"),
        (b"\xf4\x90\x80\x80x", "\ufffd" * 4 + "x"),
        (b"\xe6\x97\x1b[1mx", "\ufffdx"),
        (b"\xff\xfe", "\ufffd\ufffd"),
    ],
)
def test_bad_utf8_is_shown_and_never_obeyed(data: bytes, line: str) -> None:
    made = emulator(20, 1, data)
    assert shown(made) == [line]


def test_marks_on_one_cell_are_bounded() -> None:
    made = emulator(data=b"e" + "\u0301".encode() * 1000 + b"x")
    assert made.cell(0, 0).char == "e" + "\u0301" * 16
    assert made.cell(1, 0).char == "x"


def test_spoofing_controls_are_kept_visible_but_not_copied() -> None:
    made = emulator(20, 1, "a\u202eb\u2066c".encode())
    assert "\u202e" in made.display[0]
    assert made.text_between() == "abc"


def test_joiners_are_copied_where_they_join() -> None:
    made = emulator(20, 1, "pay\u200dpal 👨\u200d👩".encode())
    assert made.text_between() == "paypal 👨\u200d👩"


JOINED = (
    "report\u200c.txt",
    "PDF\u200cها",
    "گزارش\u200cها",
    "👨\u200d👩\u200d👧",
    "🏳\ufe0f\u200d🌈",
    "a\u200db",
)


@pytest.mark.parametrize("name", JOINED)
def test_joiners_are_part_of_a_folders_name_and_of_a_links_target(name: str) -> None:
    made = emulator(data=f"\x1b]7;file://host/home/{quote(name)}\x07".encode())
    made.feed(f"\x1b]7;file://host/home/{name}\x07\x1b]8;;https://host/{name}\x07x".encode())
    assert made.take_events() == [WorkingFolder("host", f"/home/{name}")] * 2
    assert made.lines_between(0, 1)[2][-1].attributes.link == f"https://host/{name}"


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\xad", "\ufeff", "\u200c\u2066"])
def test_what_hides_makes_no_folder_and_no_link(hidden: str) -> None:
    made = emulator(data=f"\x1b]7;file://host/a{quote(hidden)}b\x07".encode())
    made.feed(f"\x1b]7;file://host/a{hidden}b\x07\x1b]8;;https://host/a{hidden}b\x07x".encode())
    assert made.take_events() == []
    assert not any(entry.attributes.link for entry in made.lines_between(0, 1)[2])


def test_replies_are_bounded() -> None:
    made = emulator()
    for _ in range(40):
        made.feed(b"\x1b[c" * 2000)
    assert len(made.take_replies()) <= 64 * 1024


def test_a_flood_of_colours_does_not_grow_the_tables() -> None:
    made = Emulator(80, 24, 100)
    for start in range(0, 40_000, 100):
        made.feed(
            b"".join(
                b"\x1b[38;2;%d;%d;%dmx" % (n >> 16 & 255, n >> 8 & 255, n & 255)
                for n in range(start, start + 100)
            )
        )
    styles = made.terminal.styles
    assert len(styles.styles) <= 4096
    assert sum(len(look.renditions) for look in styles.styles) <= 8192


def test_more_colours_than_there_are_signs_are_shown_plain() -> None:
    made = emulator(20, 4)
    styles = made.terminal.styles
    styles.styles += [styles.default] * (sys.maxunicode + 1 - len(styles.styles))
    styles.limit = 2 * len(styles.styles)
    made.feed(b"\x1b[31mx")
    assert (made.cell(0, 0).char, made.cell(0, 0).fg) == ("x", "default")


def test_selective_erasing_of_a_huge_screen_ends() -> None:
    made = emulator(
        1000, 1000, b"\x1b#8" + b"".join(b'\x1b[%d;9H\x1b[1"qP\x1b[0"q' % (y + 1) for y in range(1000))
    )
    cost = processor_seconds(lambda: made.feed(b"\x1b[1;1;1000;1000${\x1b[?2J" * 3))
    assert cost < 6, "three take less than one, and took a dozen when each cell was looked at"
    assert [made.cell(x, 999).char for x in range(7, 10)] == [" ", "P", " "]


def test_overwriting_a_mark_costs_as_much_in_a_wide_row() -> None:
    def cost(columns: int) -> float:
        row = b"\x1b[H" + "e\u0301".encode() * columns
        made = emulator(columns, 2, row)
        seconds = min(processor_seconds(lambda: made.feed(row * (10_000 // columns))) for _ in range(3))
        assert made.cell(columns - 1, 0).char == "e\u0301"
        return seconds

    assert cost(1000) < 3 * cost(100)


def link(number: int) -> bytes:
    return b"\x1b]8;;https://example.org/%s%d\x07" % (b"x" * 2000, number)


def test_links_of_the_scrollback_are_bounded_and_the_newest_stay() -> None:
    made = emulator(20, 2, scrollback=1000)
    made.terminal.scrollback.link_limit = 50_000
    for number in range(500):
        made.feed(link(number) + b"a\x1b]8;;\x07" + link(number + 1000) + b"b\x1b]8;;\x07c\r\n")
    kept = made.terminal.scrollback
    assert sum(len(line[0].link) + len(line[1].link) for line in map(made.line, range(499))) <= 50_000
    assert kept.link_text == sum(line.links for line in kept.lines(0, 10_000)) <= 50_000
    assert made.line(498)[0].link.endswith("x498")
    assert "".join(cell.char for cell in made.line(0)).rstrip() == "abc"
    for size in ((30, 5), (2, 3), (40, 10)):
        made.resize(*size)
        assert kept.link_text == sum(line.links for line in kept.lines(0, 10_000)) <= 50_000
    made.clear_scrollback()
    assert (kept.link_text, len(kept.linked)) == (0, 0)


def test_lines_that_left_the_scrollback_leave_their_links_behind_too() -> None:
    made = emulator(20, 2, scrollback=10)
    for number in range(300):
        made.feed(link(number) + b"a\x1b]8;;\x07\r\n")
    assert len(made.terminal.scrollback.linked) <= 10


def test_every_mode_a_dead_program_left_on_is_reset() -> None:
    fresh = emulator(20, 4)
    numbers = "1 5 6 12 45 47 66 67 69 9 1000 1002 1003 1004 1005 1006 1015 1047 1049 2004"
    modes = b"".join(b"\x1b[?%dh" % int(number) for number in numbers.split())
    left_on = (
        modes + b"\x1b[?2026h\x1b[?2031h\x1b[?7l\x1b[?25l\x1b[?1007l\x1b[?1035l\x1b[?2027l\x1b[3;9s\x1b[2;3r"
        b'\x1b[4h\x1b[20h\x1b[1;31;44m\x1b[1"q\x1bV\x1b[2*x\x1b)0\x0e\x1bN\x1b=\x1b[>4;2m\x1b[>31u\x1b[5 q'
        b"\x1b[3g\x1b7\x1b]4;1;#fff\x07\x1b]10;#fff\x07\x1b]11;#fff\x07\x1b]12;#fff\x07\x1b]8;;https://x\x07\x1bP"
    )
    made = emulator(20, 4, left_on)
    made.reset_after_exit()
    made.take_replies()
    made.feed(b"\x1b[2J\x1b[H\x1b8\tq#" + b"z" * 25)
    fresh.feed(b"\x1b[2J\x1b[H\x1b8\tq#" + b"z" * 25)
    assert state(made) == state(fresh)
    for name in ("keypad_application", "modify_other_keys", "reverse_wrap", "graphemes", "iso_protection"):
        assert getattr(made.terminal, name) == getattr(fresh.terminal, name), name
    # By name: compiled objects have no __dict__.
    for name in (
        "application_cursor",
        "application_keypad",
        "newline",
        "backspace",
        "number_lock",
        "kitty",
        "modify_other_keys",
    ):
        assert getattr(made._key_modes(), name) == getattr(fresh._key_modes(), name), name


def test_what_a_dead_program_left_on_is_reset() -> None:
    made = emulator(
        20, 4, b"text\x1b[?1049h\x1b[?25l\x1b[?1003h\x1b[?1006h\x1b[?2004h\x1b[?1004h\x1b[31;1mX\x1b[2;3r"
    )
    made.feed(
        b"\x1b[>5u\x1b[?1h\x1b=\x1b[4h\x1b[20h\x1b[?7l\x1b(0\x1b[?2026h\x1b]4;1;#123456\x07\x1b[6 q\x1b]0;half"
    )
    made.reset_after_exit()
    assert not made.alternate_screen
    assert not made.synchronized
    assert made.cursor.visible
    assert made.modes == {7, 25, 1007, 1035, 1243, 2027}
    assert shown(made)[0] == "text"
    made.feed(b"\r\nplain q\x1b[?u")
    assert shown(made)[:2] == ["text", "plain q"]
    assert made.cell(0, 1).fg == "default"
    assert made.take_replies() == b"\x1b[?0u"
    assert made.terminal.palette == {}
    assert made.terminal.cursor_shape == 0
    assert made.encode_paste("x") == b"x"
