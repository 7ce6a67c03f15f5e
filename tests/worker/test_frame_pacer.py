"""Bytes and time in, frames out: a synchronized update (mode 2026) is shown whole, and as often as anything else."""

import random
import sys

import pytest

from podium.core.protocol.frames import Frame
from podium.core.protocol.requests import Acknowledge
from podium.worker.frame_pacer import FRAME_INTERVAL, SYNCHRONIZED_LIMIT
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
