"""Events of the terminal in, reports for a person out: at a bounded rate, and of what changes the last one."""

import pytest

from podium.core.protocol.reports import (
    BellReport,
    ClipboardReport,
    NoticeReport,
    ProgressReport,
    ProgressState,
    Report,
)
from podium.terminal.screen.events import Bell, ClipboardWrite, Event, Notice, Progress
from podium.worker.notices import Notices

NONE, NORMAL, ERROR, UNKNOWN, PAUSED = ProgressState


class World:
    def __init__(self) -> None:
        self.now = 100.0
        self.reports: list[Report] = []
        self.notices = Notices(self.reports.append, lambda: self.now)

    def after(self, seconds: float, *events: Event) -> list[Report]:
        """What is reported when ``seconds`` later these events come."""
        self.now += seconds
        before = len(self.reports)
        self.notices.report(events)
        return self.reports[before:]


@pytest.fixture
def world() -> World:
    return World()


def test_bells_and_notices_that_come_too_fast_are_dropped(world: World) -> None:
    assert world.after(0, Bell(), Bell(), Notice("a", "b"), Notice("c", "d")) == [
        BellReport(),
        NoticeReport("a", "b"),
    ]
    assert world.after(0.9, Bell(), Notice("e", "f")) == []
    assert world.after(0.2, Bell()) == [BellReport()]


def test_of_clipboard_writes_that_come_too_fast_the_last_one_waits(world: World) -> None:
    assert world.after(0, ClipboardWrite("c", "1")) == [ClipboardReport("c", "1")]
    assert world.notices.next_deadline() is None
    assert (
        world.after(0.1, ClipboardWrite("p", "2"), ClipboardWrite("c", "3"), ClipboardWrite("p", "4")) == []
    )
    assert world.notices.next_deadline() == pytest.approx(100.25)
    assert world.after(0.1) == []
    assert world.after(0.06) == [ClipboardReport("p", "4"), ClipboardReport("c", "3")]
    assert world.notices.next_deadline() is None


def test_progress_is_told_ten_times_a_second_and_to_its_end(world: World) -> None:
    assert world.after(0, Progress(1, 10)) == [ProgressReport(NORMAL, 10)]
    assert world.after(0.01, *(Progress(1, percent) for percent in range(11, 90))) == []
    assert world.notices.next_deadline() == pytest.approx(100.1)
    assert world.after(0.1) == [ProgressReport(NORMAL, 89)]
    assert world.after(1, Progress(1, 89)) == []
    assert world.after(0.01, Progress(1, 95), Progress(0, 0)) == [ProgressReport()]
    assert world.after(0.01, Progress(3, 77)) == []
    world.notices.on_program_ended()
    assert world.after(1) == []


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (Progress(1, 0), ProgressReport(NORMAL, 0)), (Progress(2, 0), ProgressReport(ERROR, 40)),
        (Progress(2, 60), ProgressReport(ERROR, 60)), (Progress(3, 0), ProgressReport(UNKNOWN)),
        (Progress(4, 0), ProgressReport(PAUSED, 40)), (Progress(0, 9), ProgressReport(NONE)),
    ],
)  # fmt: skip
def test_states_after_forty_percent(world: World, event: Progress, told: ProgressReport) -> None:
    world.after(0, Progress(1, 40))
    assert world.after(1, event) == [told]


def test_progress_that_a_program_leaves_behind_ends_with_it(world: World) -> None:
    world.after(0, Progress(2, 40))
    world.notices.on_program_ended()
    assert world.reports[-1] == ProgressReport()
