"""Watches, taps and news of output, with a real worker: what happens in, what is told out."""

import signal

import pytest

from podium.core.protocol.reports import (
    ErrorReport,
    LinesReport,
    MatchedReport,
    OutputReport,
    ScreenReport,
    TappedReport,
    WatchingReport,
)
from podium.core.protocol.requests import (
    RawInput,
    Resize,
    ScreenWanted,
    SendSignal,
    Tap,
    TapCredit,
    Untap,
    Unwatch,
    Watch,
)
from podium.terminal import Emulator
from tests.worker.harness import WorkerHarness


@pytest.fixture
def worker():  # type: ignore[no-untyped-def]
    with WorkerHarness() as harness:
        yield harness


def test_text_that_is_there_already(worker: WorkerHarness) -> None:
    worker.shell("printf 'ready to go\\n'; exec cat")
    worker.wait_screen("ready")
    worker.send(Watch(1, r"ready to \w+"))
    assert worker.wait_for(MatchedReport) == MatchedReport(1, "ready to go")


@pytest.mark.lengthy
def test_text_that_comes_later_even_if_it_scrolls_by_at_once(worker: WorkerHarness) -> None:
    worker.shell("read x; seq 200; echo needle; seq 300; exec cat")
    worker.send(Watch(7, r"^needle$"))
    worker.wait_for(WatchingReport)
    worker.send(RawInput(b"go\r"))
    assert worker.wait_for(MatchedReport) == MatchedReport(7, "needle")


def test_a_hidden_pane_is_watched_too() -> None:
    with WorkerHarness(acknowledge=False) as worker:
        worker.shell("read x; echo one; echo two; read y; echo three; exec cat")
        worker.send(Watch(1, "three"), RawInput(b"a\r"), RawInput(b"b\r"))
        assert worker.wait_for(MatchedReport).request == 1


@pytest.mark.lengthy
def test_quiet(worker: WorkerHarness) -> None:
    worker.shell("for i in 1 2 3 4 5 6; do echo $i; sleep 0.1; done; exec cat")
    worker.send(Watch(1, quiet=1.5))  # Long beside the pauses, which a busy machine stretches.
    worker.wait_for(MatchedReport)
    assert "6" in worker.screen()


def test_a_watch_that_is_taken_back_says_nothing(worker: WorkerHarness) -> None:
    worker.shell("read x; echo first; echo second; exec cat")
    worker.send(Watch(1, "first"), Watch(2, "second"), Unwatch(1), RawInput(b"go\r"))
    assert worker.wait_for(MatchedReport).request == 2
    assert not [
        report for report in worker.reports if isinstance(report, MatchedReport) and report.request == 1
    ]


@pytest.mark.parametrize("pattern", ["(", "[a", "*", "(?P<x>a)(?P<x>"])
def test_what_is_no_pattern_is_said(worker: WorkerHarness, pattern: str) -> None:
    worker.send(Watch(3, pattern))
    assert worker.wait_for(ErrorReport).request == 3


def test_a_pattern_that_goes_wild_ends_and_the_worker_lives(worker: WorkerHarness) -> None:
    worker.shell(f"echo {'a' * 60}b; exec cat")
    worker.wait_screen("aab")
    worker.send(Watch(1, r"^(a|a|aa)*$(?<!x)c|(a*)*(a*)*(a*)*(a*)*$(?<=zzz)"))
    answer = worker.wait_for(ErrorReport)
    assert (answer.request, "too long" in answer.message) == (1, True)
    worker.send(Watch(2, "aab"))
    assert worker.wait_for(MatchedReport).request == 2


def test_too_many_watches_are_refused(worker: WorkerHarness) -> None:
    worker.send(*(Watch(number, "never") for number in range(80)))
    assert worker.wait_for(ErrorReport).request == 64


def tapped(worker: WorkerHarness, number: int = 1) -> list[TappedReport]:
    return [
        report for report in worker.reports if isinstance(report, TappedReport) and report.request == number
    ]


def mirror(worker: WorkerHarness, columns: int = 80, lines: int = 24) -> str:
    """What a terminal shows that got all of the tap."""
    copy = Emulator(columns, lines)
    for report in tapped(worker):
        copy.feed(report.data)
    return copy.text_between().rstrip("\n")


def test_a_tap_begins_with_the_screen_and_goes_on_raw(worker: WorkerHarness) -> None:
    worker.shell("printf '\\033[31mred\\n'; read x; printf '\\033[32mgreen\\n'; exec cat")
    worker.wait_screen("red")
    worker.send(Tap(1, 1 << 20))
    first = worker.wait_for(TappedReport)
    assert first.redraw
    assert b"red" in first.data
    worker.send(RawInput(b"x\r"))
    worker.wait_until(
        lambda: any(b"\x1b[32mgreen" in r.data for r in tapped(worker) if not r.redraw), "green"
    )
    assert mirror(worker) == worker.screen()


def test_a_reader_without_credit_gets_a_redraw_when_it_has_some(worker: WorkerHarness) -> None:
    worker.shell("read x; seq 20000; echo end; exec cat")
    worker.send(Tap(1, 4000))
    worker.wait_for(TappedReport)
    worker.send(RawInput(b"x\r"))
    worker.wait_screen("end")
    assert sum(len(report.data) for report in tapped(worker)) < 20_000
    worker.send(TapCredit(1, 1 << 20))
    worker.wait_until(lambda: mirror(worker) == worker.screen(), "the same screen")
    assert any(report.redraw for report in tapped(worker)[1:])


def test_another_size_is_drawn_anew(worker: WorkerHarness) -> None:
    worker.shell("echo hello; exec cat")
    worker.wait_screen("hello")
    worker.send(Tap(1, 1 << 20))
    worker.wait_for(TappedReport)
    worker.send(Resize(40, 10))
    assert worker.wait_for(TappedReport).redraw


def test_a_tap_that_is_closed_gets_nothing_more(worker: WorkerHarness) -> None:
    worker.shell("read x; echo more; exec cat")
    worker.send(Tap(1, 1 << 20))
    worker.wait_for(TappedReport)
    worker.send(Untap(1), Tap(2, 1 << 20), RawInput(b"x\r"))
    worker.wait_until(lambda: any(b"more" in report.data for report in tapped(worker, 2)), "the other's")
    assert not any(b"more" in report.data for report in tapped(worker, 1))


def test_the_screen_with_its_rows(worker: WorkerHarness) -> None:
    worker.shell("printf '\\033]2;name\\007'; seq 30; printf '\\033[1mbold'; exec cat")
    worker.wait_screen("bold")
    worker.send(ScreenWanted(5))
    head = worker.wait_for(ScreenReport)
    rows = worker.wait_for(LinesReport)
    assert (head.request, rows.request) == (5, 5)
    assert (head.columns, head.lines, head.title) == (80, 24, "name")
    assert rows.first == head.first_line == 7
    assert rows.lines[0].runs[0].text == "8"
    assert len(rows.lines) == 24
    assert (head.cursor.x, head.cursor.y) == (4, 23)
    assert rows.attributes[0].attributes.style == 1


def test_news_of_output_come_with_the_last_line(worker: WorkerHarness) -> None:
    worker.shell("echo first; echo last; exec cat")
    news = worker.wait_for(OutputReport)
    sizes = news.size
    while sizes < 13:
        news = worker.wait_for(OutputReport)
        sizes += news.size
    assert sizes == 13
    assert news.line == "last"


def test_a_signal_reaches_the_job_in_the_foreground(worker: WorkerHarness) -> None:
    worker.shell("trap 'echo caught' USR1; echo ready; while :; do sleep 0.05; done")
    worker.wait_screen("ready")
    worker.send(SendSignal(signal.SIGUSR1))
    worker.wait_screen("caught")


def test_a_signal_for_nobody_is_refused(worker: WorkerHarness) -> None:
    worker.send(SendSignal(signal.SIGUSR1))
    worker.wait_for(ErrorReport)
