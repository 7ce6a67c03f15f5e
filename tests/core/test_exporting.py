"""A terminal's output in, documents out; terminal output comes back as the same screen."""

import json
import random
import unicodedata
from html.parser import HTMLParser

import pytest

from podium.core.exporting.document import DocumentStyle, ExportFormat, screen_page, writer_for
from podium.core.exporting.html import html_part
from podium.core.exporting.pages import LinePage, LinesRenumbered, PageReader, TerminalLines
from podium.core.exporting.rows import selected_rows
from podium.core.instances import ThemeName
from podium.core.protocol.cell_colors import CellColors
from podium.core.protocol.frames import Attributes, Line, Run
from podium.core.themes import load_theme
from podium.terminal import Emulator
from tests.terminal.inputs import piece

THEME = load_theme(ThemeName.INDIGO).dark
STYLE = DocumentStyle("a <shell>", THEME, {})


def page(made: Emulator, first: int, count: int) -> LinePage:
    start, lines, entries = made.lines_between(first, count)
    return LinePage(
        made.line_epoch, start, tuple(lines), {entry.number: entry.attributes for entry in entries}
    )


def lines_of(made: Emulator) -> TerminalLines:
    return TerminalLines(made.columns, made.lines, made.oldest_line, page(made, made.first_line, made.lines))


def export(made: Emulator, format: ExportFormat, at_once: int = 7) -> str:
    """The document, read in small pages so that wrapped lines are cut anywhere."""
    lines = lines_of(made)
    writer, reader = writer_for(format, lines, STYLE), PageReader(lines)
    parts = [writer.begin()]
    while (wanted := reader.next_range()) is not None:
        parts.append(writer.add(reader.take(page(made, wanted[0], min(wanted[1], at_once)))))
    parts += (writer.add(screen_page(format, lines)), writer.end())
    return "".join(parts)


def emulator(data: str, columns: int = 10, lines: int = 4, scrollback: int = 100) -> Emulator:
    made = Emulator(columns, lines, scrollback)
    made.feed(data.encode())
    return made


TEXTS = {
    "lines": ("one\r\ntwo", "one\ntwo\n"),
    "nothing": ("", ""),
    "blanks at the ends of lines": ("one   \r\n  two \r\n\r\nx", "one\n  two\n\nx\n"),
    "a wrapped line": ("abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz\n"),
    "a wrapped line cut by pages": ("abcdefghij" * 12 + "!", "abcdefghij" * 12 + "!\n"),
    "blanks inside a wrapped line": ("abcdefgh          xyz", "abcdefgh          xyz\n"),
    "a wrapped line of blanks at its end": ("abc" + " " * 22 + "\r\nx", "abc\nx\n"),
    "a wide character that did not fit": ("abcdefghi漢字", "abcdefghi漢字\n"),
    "a soft hyphen": ("Do\u00adnau", "Do\u00adnau\n"),
    "what hides": ("a\u202eb\u200bc", "abc\n"),
    "clusters": ("e\u0301 👨\u200d👩\u200d👧 x", "e\u0301 👨\u200d👩\u200d👧 x\n"),
    "colours and links": ("\x1b[31mred\x1b[m \x1b]8;;https://a.example/\x07link\x1b]8;;\x07", "red link\n"),
}


@pytest.mark.parametrize(("data", "expected"), TEXTS.values(), ids=TEXTS)
def test_text(data: str, expected: str) -> None:
    assert export(emulator(data), ExportFormat.TEXT) == expected


def test_text_has_all_lines_of_the_scrollback() -> None:
    made = emulator("".join(f"line {n}\r\n" for n in range(90)))
    assert export(made, ExportFormat.TEXT) == "".join(f"line {n}\n" for n in range(90))


def test_text_is_what_is_copied() -> None:
    rng = random.Random(7)
    for _ in range(150):
        made = Emulator(12, 4, 50)
        made.feed(b"".join(piece(rng) for _ in range(rng.randint(1, 60))))
        copied = made.text_between(
            (made.oldest_line, 0), (made.first_line + made.lines - 1, made.columns - 1)
        )
        assert (
            export(made, ExportFormat.TEXT).rstrip()
            == "\n".join(line.rstrip(" ") for line in copied.split("\n")).rstrip()
        )


# Terminal output


def same_lines(one: Emulator, other: Emulator) -> None:
    """Cells and wrapping, from the oldest line to the last with text."""

    def content(made: Emulator) -> list[object]:
        count = made.first_line + made.lines - made.oldest_line
        found = page(made, made.oldest_line, count)
        rows = [
            ([(run.text, run.width, found.attributes(run.attribute)) for run in line.runs], line)
            for line in found.lines
        ]
        cells: list[object] = []
        for number, (runs, line) in enumerate(rows):
            follows = number + 1 < len(rows) and bool(rows[number + 1][0])
            split = _split(runs)
            while line.filler and split and split[-1][0] == " ":
                split.pop()  # No output draws a line under the column that a wide character left.
            cells.append(([(text, look) for text, _, look in split], line.wrapped and follows))
        while cells and cells[-1] == ([], False):
            cells.pop()
        return cells

    assert content(other) == content(one)


def _split(runs: list[tuple[str, int, Attributes]]) -> list[tuple[str, int, Attributes]]:
    """One entry a cell, so that it does not matter how runs were cut."""
    cells: list[tuple[str, int, Attributes]] = []
    for text, width, look in runs:
        cells += [(text, width, look)] if width < 0 else [(char, width, look) for char in text]
    blank = Attributes()
    while cells and cells[-1][0] == " " and cells[-1][2] == blank:
        cells.pop()
    return cells


ANSI = {
    "styles": "\x1b[1;31mbold\x1b[0;4:3;58:5:3mwave\x1b[m \x1b[38;2;1;2;3;48;5;200mrgb\x1b[m",
    "a background to the edge": "\x1b[44m  x\x1b[K\x1b[m\r\nplain",
    "a coloured line that wraps": "\x1b[44mabcdefghijkl\x1b[m\r\nplain",
    "one that wraps while it scrolls": "\r\n" * 9 + "\x1b[44mabcdefghijkl\x1b[m\r\nplain",
    "one that wrapped in the middle of the screen": "\r\n" * 9
    + "\x1b[1;1H\x1b[44mabcdefghijkl\x1b[m\x1b[4;1Hx",
    "a wide one in the middle of the screen": "\r\n" * 9
    + "\x1b[1;1H\x1b[44mabcdefghi漢字漢字漢字\x1b[m\x1b[4;1Hx",
    "a wide character that did not fit, coloured": "\r\n" * 9 + "\x1b[41mabcdefghi漢字漢字漢字x\x1b[m",
    "a full line that does not wrap": "abcdefghij\r\nk",
    "a wrapped line whose rest was erased": "abcdefghijkl\x1b[2K\r\nx",
    "clusters": "e\u0301 👨\u200d👩\u200d👧 👍🏽 🇩🇪 ☁\ufe0f",
    "a link": "\x1b]8;;https://a.example/?a&b\x07link\x1b]8;;\x07 x",
    "scrollback and a cleared screen": "".join(f"line {n}\r\n" for n in range(30)) + "\x1b[H\x1b[2Jtop",
    "hidden and reverse": "\x1b[8msecret\x1b[m\x1b[7mr\x1b[m",
}


@pytest.mark.parametrize("data", ANSI.values(), ids=ANSI)
def test_terminal_output_shows_the_same_again(data: str) -> None:
    made = emulator(data)
    again = emulator(export(made, ExportFormat.ANSI))
    same_lines(made, again)
    assert again.display == made.display


def by_itself(run: Run) -> bool:
    """Whether a cluster is what its text makes anywhere: a mark may have lost its base, or the room it needs."""
    if run.width > 0:
        return True
    if unicodedata.category(run.text[0]).startswith("M"):
        return False
    found = page(emulator(f"x {run.text} x", columns=20), 0, 1).lines[0].runs
    return [(one.text, one.width) for one in found if one.width < 0] == [(run.text, run.width)]


def has_base(data: bytes) -> bool:
    """Whether it does not begin with a mark, which joins what happens to stand before it."""
    text = data.decode("utf-8", "replace")
    return not unicodedata.category(text[0]).startswith("M")


def test_any_terminal_output_shows_the_same_again() -> None:
    rng = random.Random(15)
    compared = 0
    for _ in range(200):
        made = Emulator(10, 4, 60)
        made.feed(b"".join(filter(has_base, (piece(rng) for _ in range(rng.randint(1, 80))))))
        if all(by_itself(run) for line in page(made, 0, 100).lines for run in line.runs):
            same_lines(made, emulator(export(made, ExportFormat.ANSI)))
            compared += 1
    assert compared > 120


def test_a_link_of_another_scheme_is_left_out() -> None:
    run = Run("x", 1)
    table = {1: Attributes(link="javascript:alert(1)")}
    lines = TerminalLines(10, 1, 0, LinePage(0, 0, (Line((run,)),), table))
    for format in ExportFormat:
        writer = writer_for(format, lines, STYLE)
        document = writer.begin() + writer.add(screen_page(format, lines)) + writer.end()
        assert "javascript" not in document
    # A worker is not trusted: controls in its text go too.
    wild = LinePage(
        0,
        0,
        (
            Line(
                (
                    Run(
                        "a\x1b]52;c;eA==\x07b\x9b",
                    ),
                )
            ),
        ),
        {},
    )
    writer = writer_for(ExportFormat.ANSI, lines, STYLE)
    assert writer.add(wild) + writer.end() == "a]52;c;eA==b"


# HTML


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.spans: list[tuple[str, str]] = []
        self.title = ""
        self._in: list[str] = []
        self._style = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self._in.append(tag)
        self._style = dict(attrs).get("style") or ""
        if tag == "a":
            self.spans.append(("href", dict(attrs)["href"] or ""))

    def handle_endtag(self, tag: str) -> None:
        assert self._in.pop() == tag

    def handle_data(self, data: str) -> None:
        if "title" in self._in:
            self.title += data
        elif "pre" in self._in:
            self.text += data
            if self._in[-1] in ("span", "a"):
                self.spans.append((data, self._style))


def read(document: str) -> Reader:
    reader = Reader()
    reader.feed(document)
    reader.close()
    assert not reader._in
    return reader


def test_html_has_the_colours_of_the_theme_in_its_spans() -> None:
    made = emulator("\x1b[1;31mred\x1b[m <b>&\x1b[44m x\x1b[m \x1b[4;9mlines", columns=40)
    found = read(export(made, ExportFormat.HTML))
    assert found.title == "a <shell>"
    assert found.text.strip("\n") == "red <b>& x lines"
    styles = dict(found.spans)
    assert styles["red"] == f"color:{THEME.ansi[1]};font-weight:bold"
    assert styles[" x"] == f"background:{THEME.ansi[4]}"
    assert styles["lines"] == f"text-decoration:underline line-through {THEME.foreground}"


def test_html_hides_what_is_hidden_and_links_what_is_linked() -> None:
    made = emulator('\x1b[8mpw\x1b[m\x1b]8;;https://a.example/?a&b"\x07link\x1b]8;;\x07', columns=40)
    found = read(export(made, ExportFormat.HTML))
    assert ("pw", f"color:{THEME.background}") in found.spans
    assert ("href", 'https://a.example/?a&b"') in found.spans


SELECTIONS = {
    "all of it": ((0, 0), (1, 9), False, "red wrapped line"),
    "from the middle": ((0, 4), (1, 2), False, "wrapped l"),
    "one row": ((0, 0), (0, 5), False, "red wr"),
    "a block": ((0, 1), (2, 3), True, "ed \n li\n漢字"),
    "half of a wide character": ((2, 0), (2, 0), False, "漢"),
    "blanks behind the text": ((2, 0), (3, 9), False, "漢字x\ny"),
}


@pytest.mark.parametrize(("first", "last", "block", "text"), SELECTIONS.values(), ids=SELECTIONS)
def test_a_selection_as_a_part_of_somebody_s_page(
    first: tuple[int, int], last: tuple[int, int], block: bool, text: str
) -> None:
    made = emulator("\x1b[31mred\x1b[m wrapped line\r\n漢字x  \r\ny")
    rows = selected_rows(page(made, 0, 4), made.columns, first, last, block)
    part = html_part(rows, CellColors(THEME))
    assert part.startswith('<meta charset="utf-8"><pre style="background:')
    assert "<html" not in part
    shown = "\n".join(line.rstrip() for line in read(part).text.split("\n"))
    assert shown == "\n".join(line.rstrip() for line in text.split("\n"))
    assert shown == made.text_between(first, last, block)


# Recordings


def test_a_recording_plays_the_same_screen() -> None:
    made = emulator("".join(f"\x1b[3{n % 8}mline {n} that wraps\x1b[m\r\n" for n in range(12)))
    header, *events = map(json.loads, export(made, ExportFormat.CAST).splitlines())
    assert (header["version"], header["width"], header["height"]) == (2, 10, 4)
    assert header["theme"]["palette"].count(":") == 15
    times = [event[0] for event in events]
    assert times == sorted(times)
    assert times[0] == 0
    assert {event[1] for event in events} == {"o"}
    again = emulator("".join(event[2] for event in events))
    same_lines(made, again)
    assert again.display == made.display


# Pages


def test_lines_that_are_dropped_meanwhile_are_counted_and_left_out() -> None:
    made = emulator("".join(f"line {n}\r\n" for n in range(40)), scrollback=20)
    reader = PageReader(lines_of(made))
    first, count = reader.next_range() or (0, 0)
    assert (first, count) == (made.oldest_line, 20)
    taken = reader.take(page(made, first, 5))
    made.feed("".join(f"new {n}\r\n" for n in range(10)).encode())
    wanted = reader.next_range()
    assert wanted == (first + 5, 15)
    rest = reader.take(page(made, *wanted))
    assert reader.next_range() is None
    assert reader.dropped == 5
    assert len(taken.lines) + len(rest.lines) + reader.dropped == 20
    assert reader.share == 1.0


def test_when_all_that_was_asked_for_is_dropped_reading_goes_on() -> None:
    made = emulator("".join(f"line {n}\r\n" for n in range(40)), scrollback=20)
    reader = PageReader(lines_of(made))
    made.feed(b"x\r\n" * 100)
    wanted = reader.next_range()
    assert wanted is not None
    assert reader.take(page(made, *wanted)).lines == ()
    assert reader.next_range() is None
    assert reader.dropped == 20


def test_another_numbering_ends_it() -> None:
    made = emulator("a line that wraps\r\n" * 20)
    reader = PageReader(lines_of(made))
    made.resize(20, 4)
    wanted = reader.next_range()
    assert wanted is not None
    with pytest.raises(LinesRenumbered):
        reader.take(page(made, *wanted))


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.txt", "text"),
        ("b.HTML", "html"),
        ("c.ansi", "ansi"),
        ("d.cast", "cast"),
        ("e", None),
        ("f.log", None),
    ],
)
def test_a_file_name_says_its_format(name: str, format: str | None) -> None:
    assert ExportFormat.of_name(name) == format


@pytest.mark.parametrize("columns", [3, 4, 5, 7])
def test_a_syllable_that_did_not_fit_comes_back_as_a_whole(columns: int) -> None:
    made = emulator("\x1b[44ma👩மி漢字\x1b[mமிमी☁\ufe0fx", 40)
    made.resize(columns, 20)
    copy = Emulator(columns, 20)
    copy.feed(export(made, ExportFormat.ANSI).encode())
    for y in range(20):
        assert copy.line(y) == made.line(y)
    assert copy.text_between() == made.text_between()
