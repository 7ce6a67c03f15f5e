"""Places followed across a change of width: they stay on their text, in the engine and in a view's state."""

import random

import msgspec

from podium.core.protocol.frames import Frame
from podium.core.protocol.reports import LinesReport
from podium.core.protocol.requests import Follow
from podium.terminal import Emulator
from podium.terminal.output.frames import FrameSource
from podium.ui.terminal.selection.selection import Point, SelectionMode
from podium.ui.terminal.view_state import ViewState


class Rig:
    """An emulator and the state of its view, with requests and frames that travel when a test says so."""

    def __init__(self, columns: int = 40, lines: int = 6, scrollback: int = 5000, data: bytes = b"") -> None:
        self.emulator = Emulator(columns, lines, scrollback)
        self.emulator.feed(data)
        self.source = FrameSource(self.emulator)
        self.state = ViewState()
        self.number = 0
        self.show()

    def frame(self) -> Frame:
        self.number += 1
        return self.source.take(self.number)

    def show(self, frame: Frame | None = None) -> None:
        """Apply a frame, and have the view fetch what it shows."""
        self.state.apply_frame(frame or self.frame())
        self.fetch()

    def fetch(self) -> None:
        wanted = self.state.line_requests.next_range(0.0) or (0, 0)
        first, lines, attributes = self.emulator.lines_between(*wanted)
        self.state.model.add_lines(LinesReport(0, self.emulator.line_epoch, first, tuple(lines), attributes))

    def tell(self) -> None:
        if not self.state.is_followed:
            self.carry_out(self.state.follow_request())

    def carry_out(self, request: Follow) -> None:
        if request.line_epoch == self.emulator.line_epoch:
            self.emulator.follow(request.number, request.places)

    def resize(self, columns: int, lines: int = 6) -> None:
        self.tell()
        self.emulator.resize(columns, lines)
        self.show()

    @property
    def top(self) -> str:
        """The text of the first line in the view."""
        self.fetch()
        line = self.state.rows()[0].line
        assert line is not None
        return "".join(run.text for run in line.line.runs)


def numbered(count: int, length: int = 10) -> bytes:
    return b"".join(b"%04d " % n + b"word " * (length + n % 23) + b"\r\n" for n in range(count))


def test_the_reader_stays_where_they_read() -> None:
    rig = Rig(data=numbered(300))
    for top in (5, 300, 600):
        rig.state.viewport.move_to(top)
        text = rig.top
        for columns in (130, 40, 13, 40, 200, 39, 40):
            rig.resize(columns)
            if columns >= 40:
                assert text.strip()[:20] in rig.top
        assert rig.top == text
        assert rig.state.viewport.top == top, "the first width shows it at the edge again"


def test_output_that_arrives_meanwhile_moves_nothing() -> None:
    rig = Rig(data=numbered(300))
    rig.state.viewport.move_to(400)
    text = rig.top
    for columns in (90, 40, 120, 40):
        rig.tell()
        rig.emulator.feed(numbered(20))
        rig.emulator.resize(columns, 6)
        rig.emulator.feed(numbered(20))
        rig.show()
        rig.show()
    assert rig.top == text


def test_a_trimmed_scrollback_shows_its_oldest_line() -> None:
    rig = Rig(scrollback=100, data=numbered(300))
    rig.state.viewport.move_to(rig.emulator.oldest_line + 20)
    text = rig.top
    rig.tell()
    rig.emulator.feed(numbered(2))
    rig.resize(120)
    assert text.strip() in rig.top
    # Many narrow lines leave no room for it.
    rig.resize(5)
    assert rig.state.viewport.top == rig.emulator.oldest_line
    rig.emulator.feed(numbered(300))
    rig.resize(80)
    assert rig.state.viewport.top == rig.emulator.oldest_line


def test_at_the_bottom_the_view_stays_at_the_bottom() -> None:
    rig = Rig(data=numbered(50))
    assert rig.state.is_followed
    for columns in (100, 20, 40):
        rig.resize(columns)
        assert rig.state.viewport.at_bottom
    assert rig.emulator.terminal.followed == []


def test_what_is_scrolled_while_the_new_width_is_on_its_way_counts() -> None:
    rig = Rig(data=numbered(300))
    rig.state.viewport.move_to(300)
    rig.tell()
    rig.emulator.resize(120, 6)
    frame = rig.frame()
    rig.state.viewport.move_to(297)
    late = rig.state.follow_request()
    expected = Rig(data=numbered(300))
    expected.state.viewport.move_to(300)
    expected.resize(120)
    rig.show(frame)
    assert rig.state.viewport.top == expected.state.viewport.top - 3
    # The session is beyond that numbering, and is told anew.
    rig.carry_out(late)
    assert rig.emulator.terminal.follow_number != late.number
    text = rig.top
    rig.resize(200)
    assert text.strip()[:30] in rig.top


def test_several_widths_before_a_frame() -> None:
    rig = Rig(data=numbered(300))
    rig.state.viewport.move_to(300)
    text = rig.top
    rig.tell()
    for columns in (20, 77, 40):
        rig.emulator.resize(columns, 6)
    rig.show()
    assert rig.top == text


def test_a_session_that_was_told_nothing_leaves_the_view_as_far_up() -> None:
    rig = Rig(data=numbered(300))
    rig.state.viewport.move_to(300)
    up = rig.emulator.first_line - 300
    rig.emulator.resize(41, 6)
    rig.show()
    assert rig.emulator.first_line - rig.state.viewport.top == up


def test_another_session_begins_at_the_bottom() -> None:
    rig = Rig(data=numbered(300))
    rig.state.viewport.move_to(300)
    rig.tell()
    other = Rig(data=numbered(90))
    other.emulator.resize(50, 6)
    rig.state.apply_frame(other.source.take(1))
    assert rig.state.viewport.at_bottom
    assert rig.state.is_followed


def select(rig: Rig, first: tuple[int, int], last: tuple[int, int], mode: SelectionMode) -> None:
    rig.state.selection.begin(*first, False, mode)
    rig.state.selection.extend(*last, False)


def copied(rig: Rig) -> str:
    """What copying takes: the session's text of the range."""
    wanted = rig.state.selection.text_range()
    return rig.emulator.text_between(wanted.first, wanted.last, wanted.block) if wanted is not None else ""


def test_a_selection_stays_on_its_text() -> None:
    rng = random.Random(3)
    parts = ("word", "漢字", " ", "का", "👍🏽", "x" * 30)
    data = "".join("".join(rng.choices(parts, k=rng.randint(1, 30))).strip() + ".\r\n" for _ in range(120))
    for mode in (SelectionMode.CHARACTERS, SelectionMode.WORDS, SelectionMode.LINES):
        for _ in range(10):
            rig = Rig(data=data.encode())
            top = rng.randint(0, rig.emulator.first_line - 1)
            rig.state.viewport.move_to(top)
            lines = sorted((rng.randint(top, top + 5), rng.randint(top, top + 5)))
            select(rig, (lines[0], rng.randint(0, 39)), (lines[1], rng.randint(0, 39)), mode)
            text = copied(rig)
            for columns in (77, 23, 120, 40):
                rig.resize(columns)
                assert copied(rig) == text, (mode, columns)


def test_whole_lines_stay_selected_to_the_edge() -> None:
    rig = Rig(data=b"one\r\ntwo\r\nthree")
    select(rig, (0, 1), (1, 1), SelectionMode.LINES)
    rig.resize(60)
    assert rig.state.selection.span(1) == (0, 60)
    assert copied(rig) == "one\ntwo"


def test_a_block_is_dropped() -> None:
    rig = Rig(data=numbered(20))
    select(rig, (2, 3), (4, 9), SelectionMode.BLOCK)
    rig.resize(60)
    assert rig.state.selection.is_empty


def test_a_selection_made_too_late_to_be_followed_is_dropped() -> None:
    rig = Rig(data=numbered(20))
    rig.emulator.resize(60, 6)
    frame = rig.frame()
    rig.state.selection.select(Point(3, 0), Point(4, 2))
    rig.show(frame)
    assert rig.state.selection.is_empty


def test_a_selection_whose_text_the_program_has_changed_is_dropped() -> None:
    rig = Rig(data=b"one\r\ntwo\r\nthree")
    rig.state.selection.select(Point(0, 0), Point(0, 3))
    rig.tell()
    rig.emulator.resize(60, 6)
    rig.emulator.feed(b"\x1b[H\x1b[2Jother")
    rig.show()
    assert rig.state.selection.is_empty


def test_the_alternate_screen_follows_nothing() -> None:
    rig = Rig(data=numbered(30) + b"\x1b[?1049hfull screen")
    rig.state.selection.select(Point(rig.emulator.first_line, 0), Point(rig.emulator.first_line, 4))
    assert rig.state.is_followed
    rig.resize(60)
    assert rig.state.selection.is_empty
    assert rig.state.viewport.at_bottom


def test_only_the_first_frame_of_an_epoch_says_where_places_went() -> None:
    rig = Rig(data=numbered(30))
    rig.emulator.follow(7, [(3, 0), (10**12, 10**9), (0, 5)])
    rig.emulator.feed(b"x")
    assert rig.frame().followed == 0
    rig.emulator.resize(50, 6)
    frame = rig.frame()
    assert frame.followed == 7
    assert len(frame.places) == 3
    last = frame.first_line + frame.lines
    assert all(0 <= line <= last and 0 <= column <= 50 for line, column in frame.places)
    rig.emulator.feed(b"x")
    assert rig.frame().places == ()


def test_impossible_places_are_made_possible() -> None:
    rig = Rig(data=numbered(30))
    select(rig, (2, 3), (4, 9), SelectionMode.CHARACTERS)
    request = rig.state.follow_request()
    rig.emulator.resize(50, 6)
    frame = rig.frame()
    places = ((-5, -(10**9)), (10**12, 10**9), (3, 51), (0, 0))
    rig.show(msgspec.structs.replace(frame, followed=request.number, places=places[: len(request.places)]))
    bounds = rig.state.selection.bounds()
    assert bounds is None or (bounds[0] >= (0, 0) and bounds[1].column <= 50)
    assert rig.state.selection.places() == ((0, 0), (frame.first_line + 5, 50), (3, 50), (0, 0))
