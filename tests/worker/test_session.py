"""A session without waiting: what its program prints, and how it ends, are the test's."""

import base64
import random
import zlib
from itertools import repeat
from pathlib import Path
from typing import Any

import msgspec
import pytest

from podium.core.protocol.frames import Bidi
from podium.core.protocol.images import MAX_PIECE_BYTES, AllowGraphics, ImageReport, ImageWanted
from podium.core.protocol.reports import (
    MAX_REPORTED_LINES,
    ClipboardReport,
    ErrorReport,
    ExitedReport,
    LinesReport,
    ProgressReport,
    ProgressState,
    ScreenReport,
    StatusReport,
    TextReport,
)
from podium.core.protocol.requests import (
    AllowClipboard,
    ClearScrollback,
    LinesWanted,
    Resize,
    ScreenWanted,
    SetBidi,
    SetColors,
    Start,
    TextWanted,
)
from podium.terminal import Emulator
from podium.worker import questions
from podium.worker.output_feed import DRAIN_BYTES
from podium.worker.program.child_watch import Ended
from tests.worker.simulation import FakeProgram, Simulation


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Simulation:
    return Simulation(monkeypatch)


def end(world: Simulation) -> None:
    """The program ends, and the session does what is left to do."""
    world.program.watch.ended = Ended(0, None)
    for _ in range(2000):
        if world.session.ended:
            return
        world.step()
    raise AssertionError("the session never came to the end of its program")


def reported(world: Simulation, kind: type) -> list[Any]:
    return [report for report in world.reports if isinstance(report, kind)]


def text(world: Simulation) -> str:
    world.session.handle(TextWanted(99))
    return reported(world, TextReport)[-1].text


def test_a_programs_questions_are_answered(world: Simulation) -> None:
    world.output(b"four\x1b[6n")
    assert world.program.written == b"\x1b[1;5R"


COLORS = SetColors(0x111111, 0x222222, 0x333333, 0x444444, tuple(range(16)), True)


def test_the_first_question_about_colours_and_size_is_answered(world: Simulation) -> None:
    world.session.handle(COLORS)
    world.session.handle(Resize(30, 8, 9, 18))
    world.output(b"\x1b]11;?\x07\x1b]4;7;?;16;?;255;?\x07\x1b]17;?\x07\x1b[?996n\x1b[14t\x1b[16t\x1b[18t")
    assert world.program.written == (
        b"\x1b]11;rgb:2222/2222/2222\x07\x1b]4;7;rgb:0000/0000/0707\x07\x1b]4;16;rgb:0000/0000/0000\x07"
        b"\x1b]4;255;rgb:eeee/eeee/eeee\x07\x1b]17;rgb:4444/4444/4444\x07\x1b[?997;1n\x1b[4;144;270t"
        b"\x1b[6;18;9t\x1b[8;8;30t"
    )


def test_a_change_between_dark_and_light_reaches_a_program_that_waits_for_it(world: Simulation) -> None:
    world.session.handle(COLORS)
    world.output(b"\x1b[?2031h")
    world.session.handle(msgspec.structs.replace(COLORS, dark=False))
    assert world.program.written == b"\x1b[?997;2n"
    world.session.handle(msgspec.structs.replace(COLORS, dark=False, background=1))
    assert world.program.written == b"\x1b[?997;2n"


def test_a_clipboard_that_is_denied_is_not_promised_nor_written(world: Simulation) -> None:
    for allowed, promised in ((False, b"\x1b[?62;22c"), (True, b"\x1b[?62;22;52c")):
        world.program.written = b""
        world.session.handle(AllowClipboard(allowed))
        world.output(b"\x1b[c\x1b]52;c;aGk=\x07")
        assert world.program.written == promised
        assert reported(world, ClipboardReport) == [ClipboardReport("c", "hi")] * allowed


def test_images_are_told_once_and_given_in_pieces(world: Simulation) -> None:
    world.session.handle(AllowGraphics(True))
    world.session.handle(Resize(20, 5, 10, 20))
    pixels = random.Random(1).randbytes(3 * 300 * 300)
    stored = base64.b64encode(zlib.compress(pixels, 0)).decode()
    world.output(f"\x1b_Ga=T,i=1,f=24,s=300,v=300,o=z;{stored}\x1b\\".encode())
    world.now += 1.0
    world.step()
    rows = [row for frame in world.frames for row in frame.changed]
    assert {strip.image for row in rows for strip in row.line.images} == {1}
    data = b""
    while not data or len(data) < reported(world, ImageReport)[-1].size:
        world.session.handle(ImageWanted(7, 1, len(data)))
        data += reported(world, ImageReport)[-1].data
    assert [len(report.data) <= MAX_PIECE_BYTES for report in reported(world, ImageReport)] == [True, True]
    assert zlib.decompress(data) == pixels
    for image, offset in ((2, 0), (-1, 0), (1, 1 << 40)):
        world.session.handle(ImageWanted(8, image, offset))
        assert reported(world, ImageReport)[-1].data == b""


def test_what_the_person_sets_about_the_direction_of_lines_is_what_a_program_is_told(
    world: Simulation,
) -> None:
    for setting, told in (
        (SetBidi(), 2),
        (SetBidi(int(Bidi.IMPLICIT)), 1),
        (SetBidi(allowed=False), 4),
        (SetBidi(), 2),
    ):
        world.program.written = b""
        world.session.handle(setting)
        world.output(b"\x1b[8$p")
        assert world.program.written == b"\x1b[8;%d$y" % told


def test_progress_is_over_with_its_program(world: Simulation) -> None:
    world.output(b"\x1b]9;4;1;30\x07")
    end(world)
    assert reported(world, ProgressReport) == [ProgressReport(ProgressState.NORMAL, 30), ProgressReport()]
    assert world.reports.index(ProgressReport()) < world.reports.index(reported(world, ExitedReport)[0])


def test_the_last_output_is_on_the_screen_when_the_exit_is_told(world: Simulation) -> None:
    world.program.output.extend([b"one\r\n"] * 50 + [b"last"])
    end(world)
    assert isinstance(world.reports[-1], ExitedReport) or reported(world, ExitedReport)
    assert text(world).rstrip().endswith("last")


def test_a_grandchild_that_prints_for_ever_does_not_delay_the_exit(world: Simulation) -> None:
    world.program.read_output = repeat(b"x" * 60_000).__next__  # type: ignore[method-assign]
    end(world)
    assert len(reported(world, ExitedReport)) == 1
    assert DRAIN_BYTES == 4 << 20


def test_the_next_program_is_read_to_its_own_end(world: Simulation) -> None:
    world.program.read_output = lambda: None  # type: ignore[assignment, method-assign]
    end(world)
    world.session.handle(Start(("again",), "/", {}))
    again = world.session.program
    assert isinstance(again, FakeProgram)
    again.output.append(b"second")
    world.step()
    assert "second" in text(world)


def test_modes_that_a_program_left_on_are_off_after_its_end(world: Simulation) -> None:
    world.output(b"\x1b[?1049h\x1b[?25lfull screen")
    end(world)
    assert world.frames[-1].cursor.visible
    assert "full screen" not in text(world)


def test_a_title_is_told_at_once_and_then_ten_times_a_second(world: Simulation) -> None:
    def titles() -> list[str]:
        return [report.title for report in reported(world, StatusReport) if report.title]

    world.output(b"\x1b]2;one\x07")
    assert titles() == ["one"]
    world.output(b"\x1b]2;two\x07\x1b]2;three\x07")
    assert titles() == ["one"]
    deadline = world.session.next_deadline()
    assert deadline is not None
    assert deadline <= world.now + 0.1
    world.now += 0.1
    world.step()
    assert titles() == ["one", "three"]


def test_an_answer_holds_so_many_lines_and_no_more(world: Simulation) -> None:
    world.output(b"line\r\n" * 3000)
    world.session.handle(LinesWanted(1, 0, 3000))
    assert len(reported(world, LinesReport)[-1].lines) == MAX_REPORTED_LINES


@pytest.mark.parametrize(
    ("first", "count", "numbers"),
    [(None, 0, (41, 10)), (-5, 5, (36, 5)), (-5, 100, (36, 5)), (-1000, 3, (0, 3)), (7, 2, (7, 2))],
)
def test_a_screen_comes_with_the_lines_that_were_asked_for(
    world: Simulation, first: int | None, count: int, numbers: tuple[int, int]
) -> None:
    world.output(b"line\r\n" * 50)
    world.session.handle(ScreenWanted(3, first, count))
    screen, lines = reported(world, ScreenReport)[-1], reported(world, LinesReport)[-1]
    assert (screen.request, screen.first_line, screen.lines) == (3, 41, 10)
    assert (lines.request, lines.first, len(lines.lines)) == (3, *numbers)


def test_a_fault_in_an_answer_is_told_to_the_one_who_asked_and_ends_nothing(
    world: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(questions, "screen_report", broken)
    world.session.handle(ScreenWanted(5))
    assert [report.request for report in reported(world, ErrorReport)] == [5]
    assert not world.session.ended


def test_a_cleared_screen_is_saved_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    saved = []
    world = Simulation(monkeypatch)
    monkeypatch.setattr(world.session._saver, "save_soon", lambda: saved.append(True))
    world.output(b"text")
    assert not saved
    world.session.handle(ClearScrollback(reset=True))
    assert saved
    assert text(world).strip() == ""


def test_what_a_program_prints_while_it_floods_is_parsed_a_few_milliseconds_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = Simulation(monkeypatch)
    feed = Emulator.feed
    untils: list[float] = []

    def slow(self: Emulator, data: bytes, until: float, frame_due: float) -> int:
        untils.append(until - world.now)
        return feed(self, data[:1000], until, frame_due)

    monkeypatch.setattr(Emulator, "feed", slow)
    world.program.output.append(b"x" * 5000)
    world.step()
    assert world.session.busy
    assert not world.session.reads_output
    for _ in range(4):
        world.step()
    assert not world.session.busy
    assert all(0 < seconds <= 0.005 + 1e-9 for seconds in untils)
