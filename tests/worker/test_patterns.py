"""Patterns in, outcomes out, with the real process that searches for them, and with ones that fail."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from podium.core.clock import monotonic
from podium.core.finding.pattern_messages import Found, Search, SearchLines
from podium.core.protocol.reports import ErrorReport, MatchedReport, WatchingReport
from podium.core.protocol.requests import RawInput, Unwatch, Watch
from podium.core.system.pipes.descriptors import new_poller
from podium.terminal import Emulator
from podium.worker.observers import pattern_search, watches
from podium.worker.observers.pattern_process import MEMORY_BYTES
from podium.worker.observers.pattern_search import PatternSearch
from tests.worker.harness import PATIENCE, WorkerHarness

pytestmark = pytest.mark.fault("E1")


def answer(patterns: PatternSearch, pattern: str, text: str = "a" * 50) -> Found:
    found: list[Found] = []
    patterns.begin(Search(pattern, text), found.append)
    deadline = time.monotonic() + PATIENCE
    while not found:
        assert time.monotonic() < deadline
        poller = new_poller()
        for descriptor, events in patterns.descriptors().items():
            poller.register(descriptor, events)
        poller.poll(50)
        patterns.step()
    return found[0]


@pytest.fixture
def patterns():  # type: ignore[no-untyped-def]
    search = PatternSearch(monotonic)
    yield search
    search.close()


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("a+b", "xaab", "aab"),
        ("^b$", "a\nb\nc", "b"),
        ("a|x", "bc", None),
        (r"\p{Lu}\w+", "größe Ärger", "Ärger"),
        ("(?i)ÄRGER", "ärger", "ärger"),
        ("x{3}", "x" * 2000, "xxx"),
        (".+", "y" * 5000, "y" * 1024),
        ("a.b", "a" * 300_000 + "xb", "axb"),
    ],
)
def test_what_is_there_is_found(patterns: PatternSearch, pattern: str, text: str, found: str | None) -> None:
    assert answer(patterns, pattern, text) == Found(found)


def test_memory_and_time_are_bounded_and_the_next_one_is_answered(patterns: PatternSearch) -> None:
    for pattern in ("(?:(?=a){1000}){1000}", "(?:(?=(a)){1000}){1000}", "(?P<q>(?&q)*a)b"):
        assert answer(patterns, pattern).fault
        process = patterns._process
        if process is not None and sys.platform.startswith("linux"):
            peak = next(
                int(line.split()[1]) << 10
                for line in Path(f"/proc/{process.pid}/status").read_text().splitlines()
                if line.startswith("VmPeak")
            )
            assert peak <= MEMORY_BYTES
        assert answer(patterns, "a+").text == "a" * 50


def test_a_process_that_somebody_ended_costs_no_answer(patterns: PatternSearch) -> None:
    answer(patterns, "a+")
    assert patterns._process is not None
    os.kill(patterns._process.pid, signal.SIGKILL)
    os.waitid(os.P_PID, patterns._process.pid, os.WEXITED | os.WNOWAIT)
    assert answer(patterns, "a+").text == "a" * 50


def test_a_process_that_dies_of_it_is_replaced(patterns: PatternSearch) -> None:
    answer(patterns, "a+")
    assert patterns._process is not None
    os.kill(patterns._process.pid, signal.SIGSTOP)
    found: list[Found] = []
    patterns.begin(Search("b+", "b"), found.append)
    os.kill(patterns._process.pid, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while not found:
        assert time.monotonic() < deadline
        patterns.step()
        time.sleep(0.005)
    assert found[0].fault
    assert answer(patterns, "b+", "bb") == Found("bb")


def test_a_process_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern_search, "ANSWER_SECONDS", 0.2)
    patterns = PatternSearch(monotonic, ("/bin/sleep", "60"))
    assert answer(patterns, "a+").fault
    assert patterns._process is None


@pytest.mark.parametrize(
    "command", [("/nowhere/at-all",), ("/bin/true",), ("/bin/echo", "what is no answer")]
)
def test_a_process_that_is_none_is_told(command: tuple[str, ...]) -> None:
    patterns = PatternSearch(monotonic, command)
    assert answer(patterns, "a+").fault
    patterns.close()


def test_an_idle_process_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern_search, "IDLE_SECONDS", 0.1)
    patterns = PatternSearch(monotonic)
    assert answer(patterns, "a+").text
    deadline = time.monotonic() + PATIENCE
    while patterns._process is not None:
        assert time.monotonic() < deadline
        patterns.step()
        time.sleep(0.01)
    assert patterns.next_deadline() is None
    assert answer(patterns, "a+").text
    patterns.close()


def children(worker: WorkerHarness) -> set[str]:
    pid = worker.process.pid
    return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc tells who is whose child")
def test_plain_words_need_no_process_and_patterns_one() -> None:
    with WorkerHarness() as worker:
        worker.shell("echo ready; exec cat")
        worker.wait_screen("ready")
        before = children(worker)
        worker.send(Watch(1, "ready"))
        assert worker.wait_for(MatchedReport).text == "ready"
        assert children(worker) == before
        worker.send(Watch(2, "nev+er"), Watch(3, "r.ady"))
        assert worker.wait_for(MatchedReport).request == 3
        (search,) = children(worker) - before
        assert "PODIUM_" not in Path(f"/proc/{search}/environ").read_text()


def test_a_slow_pattern_makes_no_other_one_wait_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[tuple[str, Callable[[Found], None]]] = []

    class Slow(PatternSearch):
        def begin(self, wanted: Search | SearchLines, receive: Callable[[Found], None]) -> None:
            assert isinstance(wanted, Search)
            begun.append((wanted.pattern, receive))

    monkeypatch.setattr(watches, "PatternSearch", Slow)
    now = [100.0]
    reports: list[object] = []
    watching = watches.Watches(Emulator(20, 3), reports.append, lambda: now[0])
    watching.add(Watch(1, "slow+"))
    watching.step()
    watching.add(Watch(2, "quick+"))
    watching.add(Watch(3, "no pattern"))
    watching.step()
    assert [pattern for pattern, _ in begun] == ["slow+"]
    now[0] += 3.0
    begun[0][1](Found())
    now[0] += 0.3
    assert watching.next_deadline() is not None
    assert watching.next_deadline() <= now[0]  # type: ignore[operator]
    watching.step()
    assert [pattern for pattern, _ in begun] == ["slow+", "quick+"]
    begun[1][1](Found())
    # The slow one itself waits ten times as long as it took.
    watching.on_output(now[0])
    now[0] += 1.0
    watching.step()
    assert [pattern for pattern, _ in begun] == ["slow+", "quick+", "quick+"]
    begun[2][1](Found())
    now[0] += 29.0
    watching.step()
    assert [pattern for pattern, _ in begun][3:] == ["slow+"]


def test_a_pattern_that_makes_sense_is_accepted_once() -> None:
    with WorkerHarness() as worker:
        worker.shell("exec cat")
        worker.send(Watch(1, "nev+er"), Watch(2, "("), Watch(3, "plain"))
        assert worker.wait_for(WatchingReport).request == 1
        worker.send(RawInput(b"some\r"), Watch(4, "so.e"))
        assert worker.wait_for(MatchedReport).request == 4
        accepted = [report.request for report in worker.reports if isinstance(report, WatchingReport)]
        assert accepted == [1]


def test_a_watch_that_is_taken_back_in_the_middle_of_its_search_costs_the_others_nothing() -> None:
    with WorkerHarness() as worker:
        worker.shell("echo ready; exec cat")
        worker.wait_screen("ready")
        for number in range(1, 20):
            worker.send(Watch(number, "(?:(?=a){99}){99}"), Unwatch(number))
        worker.send(Watch(20, "r.ady"))
        assert worker.wait_for(MatchedReport).request == 20
        assert not [report for report in worker.reports if isinstance(report, ErrorReport)]
