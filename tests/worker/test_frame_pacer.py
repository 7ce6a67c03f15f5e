"""Bytes and time in, frames out: a synchronized update (mode 2026) is shown whole, and as often as anything else."""

import random
import sys

import pytest

from podium.core.protocol.frames import Frame
from podium.core.protocol.reports import LinesReport, TextReport
from podium.core.protocol.requests import Acknowledge, Follow, LinesWanted, Resize, TextWanted
from podium.worker.frame_pacer import FRAME_INTERVAL, SYNCHRONIZED_LIMIT
from podium.worker.program.child_watch import Ended
from tests.terminal.mirror import Mirror
from tests.worker.harness import WorkerHarness
from tests.worker.simulation import Simulation

SEED = 20261130
BEGIN, END = b"\x1b[?2026h", b"\x1b[?2026l"
COLUMNS, LINES = 40, 6


def picture(number: int) -> bytes:
    """A whole screen that says its number in every row."""
    rows = b"".join(
        b"\x1b[%d;1H\x1b[3%dm%06d \xe6\xb8\xaf" % (row + 1, number % 8, number) for row in range(LINES)
    )
    return BEGIN + rows + END


class Window:
    """Applies frames, and notes which pictures it showed."""

    def __init__(self) -> None:
        self._mirror = Mirror()
        self.shown: list[set[str]] = []

    def on_frame(self, frame: Frame) -> None:
        self._mirror.apply(frame)
        self.shown.append({line.runs[0].text[:6] if line.runs else "" for line in self._mirror.rows})


def cut(rng: random.Random, data: bytes, largest: int) -> list[bytes]:
    pieces, at = [], 0
    while at < len(data):
        pieces.append(data[at : at + rng.randint(1, largest)])
        at += len(pieces[-1])
    return pieces


@pytest.mark.parametrize(
    ("per_second", "largest", "lowest"),
    [(300, 60, 59), (300, 200, 58), (1_000, 60, 59), (1_000, 1_000, 58), (1_000, 60_000, 3)],
)
def test_a_program_that_redraws_without_pause_is_shown_whole_sixty_times_a_second(
    monkeypatch: pytest.MonkeyPatch, per_second: int, largest: int, lowest: float
) -> None:
    rng = random.Random(SEED)
    world, window = Simulation(monkeypatch, COLUMNS, LINES), Window()
    world.session.step()
    world.on_frame = window.on_frame
    data = b"".join(picture(number) for number in range(per_second))
    byte_seconds = 1.0 / len(data)
    for piece in cut(rng, data, largest):
        world.now += len(piece) * byte_seconds
        world.output(piece)
    assert all(len(numbers) == 1 for numbers in window.shown), "a torn picture"
    assert lowest <= len(window.shown) <= 61


def test_an_update_that_never_ends_is_shown_after_half_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Simulation(monkeypatch)
    world.now += 1.0
    sent = len(world.frames)
    world.output(BEGIN + b"half a picture")
    assert len(world.frames) == sent
    begun = world.now
    deadline = world.session.next_deadline()
    assert deadline is not None
    world.now = begun + SYNCHRONIZED_LIMIT - 0.001
    world.step()
    assert len(world.frames) == sent
    world.now = begun + SYNCHRONIZED_LIMIT
    world.step()
    assert len(world.frames) == sent + 1


def test_a_new_update_gets_a_limit_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Simulation(monkeypatch)
    world.acknowledge = False  # The window is slow: the end of the first update passes unseen.
    world.now += 1.0
    world.output(b"something")
    frame = world.frames[-1]
    world.output(BEGIN + b"one")
    world.now += SYNCHRONIZED_LIMIT - 0.1
    world.output(END + BEGIN + b"two")
    world.acknowledge = True
    world.session.handle(Acknowledge(frame.number))
    sent = len(world.frames)
    world.now += 0.2
    world.step()
    assert len(world.frames) == sent, "the second update was shown by the limit of the first"
    world.output(END)
    assert len(world.frames) == sent + 1


def test_beginning_again_without_an_end_gives_no_new_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Simulation(monkeypatch)
    world.now += 1.0
    sent = len(world.frames)
    for _ in range(6):
        world.output(BEGIN + b"more")
        world.now += 0.1
    world.step()
    assert len(world.frames) > sent


def test_one_frame_is_unacknowledged_at_a_time_and_at_most_sixty_go_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = Simulation(monkeypatch)
    world.acknowledge = False
    world.now += 1.0
    world.output(b"first")
    sent = len(world.frames)
    world.now += 1.0
    world.output(b"second")
    assert len(world.frames) == sent
    world.session.handle(Acknowledge(world.frames[-1].number - 1))
    world.step()
    assert len(world.frames) == sent, "an old acknowledgement counted"
    world.session.handle(Acknowledge(world.frames[-1].number))
    world.step()
    assert len(world.frames) == sent + 1
    world.session.handle(Acknowledge(world.frames[-1].number))
    world.output(b"third")
    assert len(world.frames) == sent + 1
    world.now += FRAME_INTERVAL
    world.step()
    assert len(world.frames) == sent + 2


def test_nothing_stops_for_pictures_while_the_window_has_one_to_paint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = Simulation(monkeypatch)
    world.acknowledge = False
    world.now += 1.0
    world.output(b"text")
    world.now += 1.0
    world.program.output.append(picture(1) + picture(2) + picture(3))
    world.step()
    assert not world.session.busy


@pytest.mark.parametrize("acknowledge", [True, False])
@pytest.mark.parametrize("unit", [BEGIN + END, b"\x1bc", END], ids=["empty updates", "resets", "ends alone"])
def test_ends_without_pictures_cost_no_steps_of_their_own(
    monkeypatch: pytest.MonkeyPatch, unit: bytes, acknowledge: bool
) -> None:
    world = Simulation(monkeypatch)
    world.acknowledge = acknowledge
    sent = len(world.frames)
    steps = 0
    for _ in range(20):
        world.now += FRAME_INTERVAL
        world.program.output.append(unit * 1000)
        world.step()
        steps += 1
        while world.session.busy:
            world.step()
            steps += 1
    assert steps <= 20 + len(world.frames) - sent
    assert len(world.frames) - sent <= 20


def test_a_size_that_changes_within_an_update_is_shown_with_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Simulation(monkeypatch)
    world.now += 1.0
    world.output(BEGIN + b"half a pic")
    sent = len(world.frames)
    world.session.handle(Resize(60, 12))
    world.step()
    assert len(world.frames) == sent
    world.output(b"ture" + END + BEGIN + b" more")
    [frame] = world.frames[sent:]
    assert (frame.columns, frame.lines) == (60, 12)
    assert "".join(run.text for row in frame.changed for run in row.line.runs) == "half a picture"


def test_places_are_followed_in_their_own_numbering_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Simulation(monkeypatch)
    world.now += 1.0
    world.output(b"x" * 100 + b"\r\n" + b"here\r\n" * 90)
    before = world.frames[-1]
    line = before.first_line - 5
    world.now += 1.0
    world.session.handle(Follow(3, before.line_epoch, ((line, 2),)))
    world.session.handle(Resize(60, 12))
    world.session.handle(Follow(4, before.line_epoch, ((0, 0),)))
    world.step()
    after = world.frames[-1]
    assert after.line_epoch != before.line_epoch
    assert after.followed == 3
    [(moved, column)] = after.places
    assert column == 2
    assert world.session._emulator.text_between((moved, 0), (moved, 59)) == "here"


def test_a_program_that_clears_by_a_reset_does_not_flicker(monkeypatch: pytest.MonkeyPatch) -> None:
    world, window = Simulation(monkeypatch, COLUMNS, LINES), Window()
    world.on_frame = window.on_frame
    for number in range(1, 5):
        world.now += 1.0
        world.output(b"\x1bc" + b"".join(b"\x1b[%d;1H%06d" % (row + 1, number) for row in range(LINES)))
    assert window.shown == [{f"{number:06}"} for number in range(1, 5)]


def test_a_soft_reset_ends_no_update(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Simulation(monkeypatch)
    world.now += 1.0
    sent = len(world.frames)
    world.output(BEGIN + b"half\x1b[!p")
    assert len(world.frames) == sent
    world.output(END)
    assert len(world.frames) == sent + 1


@pytest.mark.parametrize(
    "begin", [b"\x1b]2;", b"\x1bP$q", b"\x1b_", b"\x1b[1;"], ids=["OSC", "DCS", "APC", "CSI"]
)
def test_a_string_without_end_within_an_update_holds_nothing_back_for_ever(
    monkeypatch: pytest.MonkeyPatch, begin: bytes
) -> None:
    world = Simulation(monkeypatch)
    world.now += 1.0
    sent = len(world.frames)
    world.output(BEGIN + b"half" + begin)
    for _ in range(16):
        world.output(b"1" * 65_536)
    assert len(world.frames) == sent
    world.now += SYNCHRONIZED_LIMIT
    world.step()
    assert len(world.frames) == sent + 1
    world.now += 1.0
    world.output(b"\x1b\\\x1b[Hwhole" + END + BEGIN)
    assert world.frames[-1].changed[0].line.runs[0].text == "whole"


def test_what_an_ended_program_left_half_drawn_is_shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Simulation(monkeypatch)
    world.now += 1.0
    world.program.output.extend([picture(1) + picture(2), BEGIN + b"\x1b[Hlast words"])
    world.program.watch.ended = Ended(0, None)
    for _ in range(10):
        world.now += FRAME_INTERVAL
        world.step()
    assert world.session.ended
    assert world.frames[-1].changed[0].line.runs[0].text.startswith("last words")


def test_what_waits_for_its_turn_is_not_on_the_screen_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Simulation(monkeypatch)
    world.now += 1.0
    world.program.output.append(picture(1) + picture(2))
    world.step()
    assert world.session.busy
    world.session.handle(TextWanted(1))
    world.session.handle(LinesWanted(2, 0, LINES))
    text, lines = [report for report in world.reports if isinstance(report, TextReport | LinesReport)]
    assert isinstance(text, TextReport)
    assert text.text.count("000001") == LINES
    assert isinstance(lines, LinesReport)
    assert [line.runs[0].text[:6] for line in lines.lines] == ["000001"] * LINES
    world.step()
    world.session.handle(TextWanted(3))
    last = world.reports[-1]
    assert isinstance(last, TextReport)
    assert last.text.count("000002") == LINES


def test_a_pane_that_comes_back_into_sight_is_shown_the_next_whole_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, window = Simulation(monkeypatch, COLUMNS, LINES), Window()
    world.on_frame = window.on_frame
    world.now += 1.0
    world.acknowledge = False
    world.output(picture(1))
    world.now += 60.0
    world.output(picture(2) + picture(3) + picture(4)[:50])
    world.acknowledge = True
    world.session.handle(Acknowledge(world.frames[-1].number))
    world.output(picture(4)[50:] + picture(5))
    assert window.shown[-1] == {"000004"}, "the first that was whole"
    world.now += FRAME_INTERVAL
    world.step()
    assert window.shown[-1] == {"000005"}


@pytest.mark.lengthy
def test_a_real_program_that_redraws_without_pause_is_shown_whole() -> None:
    """Through the worker's loop, its terminal and its messages; how often is not for a test to say."""
    script = (
        "import os\n"
        "for number in range(3000):\n"
        "    rows = ''.join(f'\\x1b[{row};1H{number:06}' for row in range(1, 7))\n"
        "    os.write(1, f'\\x1b[?2026h{rows}\\x1b[?2026l'.encode())\n"
    )
    window = Window()
    with WorkerHarness(COLUMNS, LINES) as worker:
        worker.start(sys.executable, "-c", script)
        worker.exit()
        worker.wait_screen("002999")
    for report in worker.reports:
        if isinstance(report, Frame):
            window.on_frame(report)
    drawn = [numbers for numbers in window.shown if numbers != {""}]
    assert all(len(numbers) == 1 for numbers in drawn), "a torn picture"
    assert drawn


def test_a_screen_that_does_not_change_is_sent_once(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Simulation(monkeypatch)
    world.now += 1.0
    world.output(b"text")
    sent = len(world.frames)
    for _ in range(5):
        world.now += 1.0
        world.output(b"\x07")
    assert len(world.frames) == sent
