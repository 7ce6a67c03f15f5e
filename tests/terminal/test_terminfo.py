"""Podium's terminfo entry: what is shipped is what its source says, and every capability does what it promises."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from podium.core.protocol.requests import KeyAction, KeyInput, Modifier, MouseInput
from podium.core.resources import resource
from podium.terminal import Emulator
from podium.terminal.parsing.terminfo import capabilities
from podium.terminal.screen.state import MAX_REPLIES
from tests.terminal.helpers import emulator, position, shown

curses = pytest.importorskip("curses")
FOLDER = resource("terminfo")
CAPABILITIES = capabilities()
PADDING = re.compile(rb"\$<\d+/?>")


@pytest.fixture(scope="module", autouse=True)
def entry() -> None:
    before = {name: os.environ.get(name) for name in ("TERMINFO", "TERMINFO_DIRS")}
    os.environ["TERMINFO"] = str(FOLDER)
    with Path(os.devnull).open("wb") as nowhere:
        curses.setupterm("podium", nowhere.fileno())
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def text(name: str, *parameters: int) -> bytes:
    """A capability with its parameters, as a program sends it."""
    value = curses.tigetstr(name)
    assert value is not None, name
    return PADDING.sub(b"", curses.tparm(value, *parameters) if parameters else value)


def test_the_compiled_entry_is_what_its_source_says() -> None:
    for name, value in CAPABILITIES.items():
        if name in ("TN", "name", "RGB"):
            continue
        if value is None:
            assert curses.tigetflag(name) == 1, name
        elif curses.tigetstr(name) is not None if curses.tigetnum(name) < 0 else False:
            assert curses.tigetstr(name).decode("latin-1") == value, name
        else:
            assert curses.tigetnum(name) == int(value), name


@pytest.mark.skipif(shutil.which("tic") is None, reason="there is no tic")
def test_the_source_compiles_without_a_complaint(tmp_path: Path) -> None:
    with_source = ["tic", "-x", "-o", str(tmp_path), str(FOLDER / "podium.ti")]  # type: ignore[operator]
    done = subprocess.run(with_source, capture_output=True, check=True)
    assert done.stderr == b""
    assert (tmp_path / "p" / "podium").stat().st_size > 1000


FILLED = b"abcdefghij" * 3 + b"klmnopqrs"

SCREENS: list[tuple[str, tuple[int, ...], bytes, list[str], tuple[int, int]]] = [
    # Capability, parameters, what comes before, and what is shown with the cursor where.
    ("cup", (1, 3), b"", ["", "", "", ""], (3, 1)), ("home", (), b"ab", ["ab", "", "", ""], (0, 0)),
    ("hpa", (4,), b"\n", ["", "", "", ""], (4, 1)), ("vpa", (2,), b"ab", ["ab", "", "", ""], (2, 2)),
    ("cuu", (2,), b"\n\n\n", ["", "", "", ""], (0, 1)), ("cuu1", (), b"\n\n", ["", "", "", ""], (0, 1)),
    ("cud", (2,), b"", ["", "", "", ""], (0, 2)), ("cud1", (), b"ab", ["ab", "", "", ""], (2, 1)),
    ("cuf", (3,), b"", ["", "", "", ""], (3, 0)), ("cuf1", (), b"a", ["a", "", "", ""], (2, 0)),
    ("cub", (2,), b"abc", ["abc", "", "", ""], (1, 0)), ("cub1", (), b"abc", ["abc", "", "", ""], (2, 0)),
    ("cr", (), b"abc", ["abc", "", "", ""], (0, 0)), ("nel", (), b"abc", ["abc", "", "", ""], (0, 1)),
    ("ht", (), b"a", ["a", "", "", ""], (8, 0)), ("cbt", (), b"\x1b[10G", ["", "", "", ""], (8, 0)),
    ("ind", (), b"a\x1b[4Hb", ["", "", "b", ""], (1, 3)), ("indn", (2,), b"\r\n\r\nc", ["c", "", "", ""], (1, 2)),
    ("ri", (), b"a\x1b[H", ["", "a", "", ""], (0, 0)), ("rin", (2,), b"a", ["", "", "a", ""], (1, 0)),
    ("clear", (), FILLED, ["", "", "", ""], (0, 0)),
    ("ed", (), FILLED + b"\x1b[2;3H", ["abcdefghij", "ab", "", ""], (2, 1)),
    ("el", (), b"abcdef\x1b[3G", ["ab", "", "", ""], (2, 0)),
    ("el1", (), b"abcdef\x1b[3G", ["   def", "", "", ""], (2, 0)),
    ("ech", (2,), b"abcdef\x1b[2G", ["a  def", "", "", ""], (1, 0)),
    ("dch", (2,), b"abcdef\x1b[2G", ["adef", "", "", ""], (1, 0)),
    ("dch1", (), b"abcdef\x1b[2G", ["acdef", "", "", ""], (1, 0)),
    ("ich", (2,), b"abc\x1b[2G", ["a  bc", "", "", ""], (1, 0)),
    ("il", (1,), b"a\r\nb\x1b[2G", ["a", "", "b", ""], (0, 1)), ("il1", (), b"a", ["", "a", "", ""], (0, 0)),
    ("dl", (1,), b"a\r\nb\x1b[H", ["b", "", "", ""], (0, 0)), ("dl1", (), b"a\r\nb", ["a", "", "", ""], (0, 1)),
    ("rep", (ord("x"), 4), b"", ["xxxx", "", "", ""], (4, 0)), ("bel", (), b"a", ["a", "", "", ""], (1, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "parameters", "before", "screen", "cursor"), SCREENS)
def test_what_moves_and_erases(
    name: str, parameters: tuple[int, ...], before: bytes, screen: list[str], cursor: tuple[int, int]
) -> None:
    made = emulator(10, 4, before + text(name, *parameters))
    assert (shown(made), position(made)) == (screen, cursor)


def attributes(made: Emulator) -> Any:
    return made.terminal.pen.attributes


def test_colours_and_the_rest_of_the_attributes() -> None:
    plain = attributes(emulator())
    for name, parameters, sgr in (
        ("setaf", (3,), b"33"), ("setaf", (12,), b"94"), ("setaf", (200,), b"38;5;200"), ("setab", (3,), b"43"),
        ("setab", (12,), b"104"), ("setab", (200,), b"48;5;200"), ("setrgbf", (1, 2, 3), b"38;2;1;2;3"),
        ("setrgbb", (1, 2, 3), b"48;2;1;2;3"), ("Setulc", (0x102030,), b"58:2::16:32:48"), ("Smulx", (3,), b"4:3"),
        ("Smol", (), b"53"), ("dim", (), b"2"), ("invis", (), b"8"),
        ("sgr", (0, 1, 0, 1, 1, 1, 0, 0, 0), b"1;2;4;5"), ("sgr", (1, 0, 0, 0, 0, 0, 1, 0, 0), b"7;8"),
    ):  # fmt: skip
        expected = attributes(emulator(data=b"\x1b[" + sgr + b"m"))
        assert attributes(emulator(data=text(name, *parameters))) == expected != plain, name
        assert attributes(emulator(data=text(name, *parameters) + text("sgr0"))) == plain, name
    assert attributes(emulator(data=b"\x1b[31;42m" + text("op"))) == plain
    for on, off, sgr in (
        ("smul", "rmul", b"4"), ("smso", "rmso", b"7"), ("sitm", "ritm", b"3"), ("smxx", "rmxx", b"9"),
        ("Smol", "Rmol", b"53"), ("bold", "sgr0", b"1"), ("rev", "sgr0", b"7"), ("blink", "sgr0", b"5"),
    ):  # fmt: skip
        assert attributes(emulator(data=text(on))) == attributes(emulator(data=b"\x1b[" + sgr + b"m")), on
        assert attributes(emulator(data=text(on) + text(off))) == plain, off


def test_modes_margins_tabs_titles_and_palette() -> None:
    made = emulator(20, 5)
    for on, off, mode in (
        ("smcup", "rmcup", 1049), ("smkx", "rmkx", 1), ("cnorm", "civis", 25), ("smam", "rmam", 7), ("BE", "BD", 2004),
        ("fe", "fd", 1004),
    ):  # fmt: skip
        made.feed(text(on))
        assert mode in made.modes, on
        made.feed(text(off))
        assert mode not in made.modes, off
    made.feed(text("cvvis") + text("smam") + text("XM", 1) + text("Sync", 1))
    assert {25, 12, 7, 1006, 1000} <= made.modes
    assert made.synchronized
    made.feed(text("Sync", 2) + text("XM", 0) + text("cnorm"))
    assert not {2026, 1000, 1006, 12} & made.modes
    made.feed(text("flash"))
    assert 5 not in made.modes
    made.feed(text("smir") + b"ab\rc" + text("rmir") + b"d")
    assert shown(made)[0] == "cdb"
    made.feed(text("smacs") + b"q" + text("rmacs") + b"q")
    assert shown(made)[0] == "cd─q"
    made.feed(text("csr", 1, 3))
    assert (made.terminal.top, made.terminal.bottom) == (1, 3)
    made.feed(text("cup", 2, 4) + text("sc") + text("home") + text("rc"))
    assert position(made) == (4, 2)
    made.feed(text("tbc") + text("hpa", 5) + text("hts") + text("cr") + text("ht"))
    assert position(made)[0] == 5
    made.feed(text("tsl") + b"title" + text("fsl"))
    assert made.title == "title"
    made.feed(text("dsl"))
    assert made.title == ""
    made.feed(text("initc", 9, 1000, 500, 0))
    assert made.terminal.palette == {9: 0xFF7F00}
    made.feed(text("oc"))
    assert made.terminal.palette == {}
    made.feed(text("Ss", 4))
    assert made.terminal.cursor_style == 4
    made.feed(text("Se"))
    assert made.terminal.cursor_style == 0
    made.feed(b"x\r\n" * 9 + text("E3"))
    assert made.scrollback_length == 0
    made.feed(text("rs2") + b"\x1b[31m" + text("rs1"))
    assert (shown(made), position(made), attributes(made)) == ([""] * 5, (0, 0), attributes(emulator()))


def test_what_is_asked_is_answered_in_the_form_that_is_promised() -> None:
    made = emulator(20, 5, b"ab" + text("u7") + text("u9") + text("RV") + text("XR"))
    replies = made.take_replies().decode()
    version, name = (curses.tigetstr(one).decode() for one in ("rv", "xr"))
    assert re.fullmatch(r"\x1b\[1;3R\x1b\[\?[0-9;]+c" + version + name, replies)
    made.feed(text("Ms").replace(b"%p1%s", b"c").replace(b"%p2%s", b"aGk="))
    assert [event.text for event in made.take_events()] == ["hi"]  # type: ignore[union-attr]


HELD = (Modifier.SHIFT, Modifier.CONTROL, Modifier.CONTROL | Modifier.SHIFT, Modifier.ALT)
KEYS: dict[str, KeyInput] = {
    "kbs": KeyInput("Backspace"), "kcbt": KeyInput("Backtab", "", Modifier.SHIFT), "kdch1": KeyInput("Delete"),
    "kich1": KeyInput("Insert"), "knp": KeyInput("PageDown"), "kpp": KeyInput("PageUp"), "khome": KeyInput("Home"),
    "kend": KeyInput("End"), "kcuu1": KeyInput("Up"), "kcud1": KeyInput("Down"), "kcub1": KeyInput("Left"),
    "kcuf1": KeyInput("Right"),
    **{f"kf{number}": KeyInput(f"F{number}") for number in range(1, 13)},
    **{f"kf{12 * group + number}": KeyInput(f"F{number}", "", held)
       for group, held in enumerate(HELD, 1)
       for number in range(1, 13)},
    **{f"kf{60 + number}": KeyInput(f"F{number}", "", Modifier.ALT | Modifier.SHIFT) for number in range(1, 4)},
    **{f"k{name}{suffix}": KeyInput(key, "", held)
       for name, key in (("DC", "Delete"), ("END", "End"), ("HOM", "Home"), ("LFT", "Left"), ("NXT", "PageDown"),
                         ("PRV", "PageUp"), ("RIT", "Right"), ("UP", "Up"), ("DN", "Down"))
       for suffix, held in (("", Modifier.SHIFT), ("5", Modifier.CONTROL))},
    "kIC": KeyInput("Insert", "", Modifier.SHIFT), "kri": KeyInput("Up", "", Modifier.SHIFT),
    "kind": KeyInput("Down", "", Modifier.SHIFT),
}  # fmt: skip


def test_keys_send_what_the_entry_says() -> None:
    made = emulator(data=text("smkx"))
    sent = {name: made.encode_key(key) for name, key in KEYS.items()}
    assert sent == {name: text(name) for name in KEYS}
    named = {name for name, value in CAPABILITIES.items() if name.startswith("k") and value is not None}
    assert named - set(KEYS) == {"kmous", "kxIN", "kxOUT"}
    made.feed(text("XM", 1) + text("fe"))
    assert made.encode_mouse(MouseInput(0, 1, 4, 2)).startswith(text("kmous"))
    assert (made.encode_focus(True), made.encode_focus(False)) == (text("kxIN"), text("kxOUT"))
    made.feed(text("BE"))
    assert made.encode_paste("x") == text("PS") + b"x" + text("PE")
    assert KeyAction.PRESS == 1


def hexed(*names: str) -> bytes:
    return b"\x1bP+q" + b";".join(name.encode().hex().encode() for name in names) + b"\x1b\\"


@pytest.mark.parametrize(
    ("asked", "reply"),
    [
        (hexed("TN"), b"\x1bP1+r544E=706F6469756D\x1b\\"), (hexed("Co", "colors"),
         b"\x1bP1+r436F=323536\x1b\\\x1bP1+r636F6C6F7273=323536\x1b\\"), (hexed("RGB"), b"\x1bP1+r524742=38\x1b\\"),
        (hexed("Tc"), b"\x1bP1+r5463\x1b\\"), (hexed("ku", "kcuu1"),
         b"\x1bP1+r6B75=1B4F41\x1b\\\x1bP1+r6B63757531=1B4F41\x1b\\"), (hexed("kb"), b"\x1bP1+r6B62=7F\x1b\\"),
        (b"\x1bP+q4d73\x1b\\", b"\x1bP1+r4D73=1B5D35323B25703125733B257032257307\x1b\\"),
        (hexed("k1", "k;"), b"\x1bP1+r6B31=1B4F50\x1b\\\x1bP1+r6B3B=1B5B32317E\x1b\\"),
        (hexed("#2"), b"\x1bP1+r2332=1B5B313B3248\x1b\\"),
        (hexed("nonsense"), b"\x1bP0+r\x1b\\"), (b"\x1bP+q\x1b\\", b"\x1bP0+r\x1b\\"),
        (b"\x1bP+q5\x1b\\", b"\x1bP0+r\x1b\\"), (b"\x1bP+qzz\x1b\\", b"\x1bP0+r\x1b\\"),
        (b"\x1bP+q54 4e\x1b\\", b"\x1bP0+r\x1b\\"), (b"\x1bP+q" + b"54" * 2000 + b"\x1b\\", b"\x1bP0+r\x1b\\"),
        (hexed("\nrm -rf /\n"), b"\x1bP0+r\x1b\\"), (hexed("setaf"), b"\x1bP0+r\x1b\\"),
        (b"\x1bP+q544e;" + b"x" * 5000 + b"\x1b\\", b""), (b"\x1bP+q544e\x07\x18", b""),
    ],
)  # fmt: skip
def test_programs_may_ask_the_terminal_itself(asked: bytes, reply: bytes) -> None:
    made = emulator(10, 3, asked)
    assert made.take_replies() == reply
    assert shown(made) == ["", "", ""]
    assert all(len(one) <= 64 for one in reply.split(b"\x1b\\"))


def test_many_questions_get_so_many_answers() -> None:
    made = emulator(data=hexed(*["TN"] * 500))
    assert made.take_replies().count(b"\x1bP") == 64
    made.feed(hexed(*["TN"] * 64) * 1000)
    assert len(made.take_replies()) <= MAX_REPLIES
