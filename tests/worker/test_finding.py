"""Output and requests in, found matches out."""

import random
import time

import pytest

from podium.core.finding.query import SearchQuery
from podium.core.protocol.finding import MAX_FINDS, Find, FindLines, FindOn, Unfind
from podium.core.protocol.reports import ErrorReport, FoundLinesReport, FoundReport, Match, Report
from podium.core.system.pipes.descriptors import new_poller
from podium.terminal import Emulator
from podium.ui.terminal.finding.results import FindResults
from podium.worker.finding.finder import Finder
from tests.worker.harness import PATIENCE


class Searching:
    """A finder over an emulator, on a clock of its own, and what a window knows of its answers."""

    def __init__(self, columns: int = 20, lines: int = 5, scrollback: int = 500) -> None:
        self.now = 100.0
        self.emulator = Emulator(columns, lines, scrollback)
        self.reports: list[Report] = []
        self.finder = Finder(self.emulator, self.reports.append, lambda: self.now)
        self.results = FindResults()
        self.request = 0

    def feed(self, data: str | bytes) -> None:
        self.emulator.feed(data if isinstance(data, bytes) else data.encode())
        self.finder.changed()

    def find(self, text: str, **how: bool) -> None:
        self.request += 1
        self.finder.handle(Find(self.request, SearchQuery(text, **how)))

    def settle(self) -> list[tuple[int, int]]:
        """Let it search to the end; the lines and columns of the matches, newest first."""
        deadline = time.monotonic() + PATIENCE
        still = 0
        while still < 3:
            assert time.monotonic() < deadline
            before = len(self.reports)
            if self.finder.descriptors():
                poller = new_poller()
                for descriptor, events in self.finder.descriptors().items():
                    poller.register(descriptor, events)
                poller.poll(2)
            else:
                self.now += 0.2
            self.finder.step()
            for report in self.reports[before:]:
                if isinstance(report, FoundReport):
                    self.results.apply(report)
                    self.finder.handle(FindOn(report.request))
            patterns = self.finder._patterns.busy
            still = 0 if self.finder.busy or patterns or len(self.reports) > before else still + 1
            if patterns or self.finder.descriptors():
                self.now += 0.02
        self.results.forget_before(self.emulator.oldest_line)
        return [(match.line, match.column) for match in reversed(self.results.matches)]

    @property
    def last(self) -> Report:
        return self.reports[-1]


@pytest.fixture
def searching():  # type: ignore[no-untyped-def]
    made = Searching()
    yield made
    made.finder.close()


def test_what_was_printed_before_and_after_is_found(searching: Searching) -> None:
    searching.feed("needle\r\n" * 3)
    searching.find("needle")
    assert searching.settle() == [(2, 0), (1, 0), (0, 0)]
    searching.feed("x\r\n" * 20 + " needle")
    assert searching.settle() == [(23, 1), (2, 0), (1, 0), (0, 0)]
    assert searching.results.complete
    assert searching.results.total == 4


def test_what_is_drawn_over_is_found_no_more(searching: Searching) -> None:
    searching.feed("needle\r\nneedle")
    searching.find("needle")
    assert len(searching.settle()) == 2
    searching.feed("\x1b[2J")
    assert searching.settle() == []
    assert searching.results.total == 0


def test_lines_that_leave_the_scrollback_are_forgotten(searching: Searching) -> None:
    searching.feed("needle\r\n" * 100)
    searching.find("needle")
    assert len(searching.settle()) == 100
    searching.feed("x\r\n" * 480)
    assert len(searching.settle()) == 24
    assert searching.results.total == 24


def test_reports_wait_until_the_last_one_was_taken_in(searching: Searching) -> None:
    searching.find("needle")
    searching.finder.step()
    assert len(searching.reports) == 1
    for _ in range(50):
        searching.feed("needle\r\n")
        searching.now += 1
        searching.finder.step()
    assert len(searching.reports) == 1
    assert not searching.finder.busy
    searching.finder.handle(FindOn(1))
    searching.finder.step()
    assert len(searching.reports) == 2


def test_a_new_width_starts_the_search_again(searching: Searching) -> None:
    searching.feed("12345678901234567890needle\r\n" * 30)
    searching.find("needle")
    assert len(searching.settle()) == 30
    searching.emulator.resize(13, 5)
    searching.finder.changed()
    found = searching.settle()
    assert len(found) == 30
    assert {column for _, column in found} == {7}
    assert searching.results.line_epoch == searching.emulator.line_epoch


def test_a_screen_that_grows_takes_lines_back_that_then_change(searching: Searching) -> None:
    searching.feed("needle\r\n" * 20)
    searching.find("needle")
    assert len(searching.settle()) == 20
    searching.emulator.resize(20, 15)
    searching.finder.changed()
    searching.feed("\x1b[H\x1b[2K")
    assert len(searching.settle()) == 19
    assert searching.results.total == 19


def test_on_the_alternate_screen_only_that_is_searched(searching: Searching) -> None:
    searching.feed("needle\r\n" * 20)
    searching.find("needle")
    searching.settle()
    searching.feed("\x1b[?1049h\x1b[2;3Hneedle")
    assert searching.settle() == [(searching.emulator.first_line + 1, 2)]
    assert searching.results.alternate
    searching.feed("\x1b[?1049l")
    assert len(searching.settle()) == 20


@pytest.mark.parametrize("more", [1, 7, 100, 255, 256, 300, 1000])
def test_the_total_is_of_the_lines_that_are_kept(searching: Searching, more: int) -> None:
    searching.feed("needle\r\n" * 504 + "needle")
    searching.find("needle")
    searching.settle()
    for count in (more, 1, more):
        searching.feed("\r\nneedle" * count)
        searching.settle()
        report = searching.reports[-1]
        assert isinstance(report, FoundReport)
        assert (report.total, report.lines) == (505, 505)


def test_clearing_the_scrollback_takes_its_matches_away(searching: Searching) -> None:
    searching.feed("needle\r\n" * 20)
    searching.find("needle")
    searching.settle()
    searching.emulator.clear_scrollback()
    searching.finder.changed()
    assert len(searching.settle()) == 4
    assert searching.results.total == 4


def test_more_matches_than_are_kept_are_counted() -> None:
    searching = Searching(80, 5, 20_000)
    searching.feed("e e e e e\r\n" * 6_000)
    searching.find("e")
    found = searching.settle()
    assert len(found) == 10_000
    assert found[0][0] == 5_999
    assert searching.results.total == 30_000


def test_a_search_that_nobody_wants_says_nothing_more(searching: Searching) -> None:
    searching.feed("needle\r\n" * 20)
    searching.find("needle")
    searching.finder.handle(Unfind(1))
    searching.settle()
    assert searching.reports == []
    assert searching.finder.next_deadline() is None


def test_searches_of_one_session_are_bounded_and_all_are_served(searching: Searching) -> None:
    searching.feed("a b c needle")
    for number in range(MAX_FINDS + 1):
        searching.finder.handle(Find(number, SearchQuery("abc"[number % 3])))
    searching.settle()
    refused = [report.request for report in searching.reports if isinstance(report, ErrorReport)]
    assert refused == [MAX_FINDS]
    served = {report.request for report in searching.reports if isinstance(report, FoundReport)}
    assert served == set(range(MAX_FINDS))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("retr(y|ied)", [(2, 0), (1, 6), (0, 4)]),
        ("^retr", [(2, 0)]),
        ("ied$", [(1, 10)]),
        ("x*", []),
        ("$", []),
        ("retry\\nbatch", []),
        ("(?s)retry.*retried", []),
        ("RETRY", [(2, 0), (0, 4)]),
        ("ret\\w+", [(2, 0), (1, 6), (0, 4)]),
    ],
)
def test_patterns_are_applied_to_each_line(
    searching: Searching, text: str, found: list[tuple[int, int]]
) -> None:
    searching.feed("the retry\r\nbatch retried\r\nretry it")
    searching.find(text, regex=True)
    assert searching.settle() == found


@pytest.mark.fault("E1")
@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("retr(y|ied", "Bracket is not closed"),
        ("[a-", "Square bracket is not closed"),
        ("a)", "Bracket was never opened"),
        ("*", "Nothing to repeat"),
        ("(?:(?=a){1000}){1000}", "memory"),
        (r"(?:x|xx|\w)+(?:\w|x)+\d\d", "too long"),
    ],
)
def test_a_pattern_that_is_none_or_a_bomb_is_refused_and_the_next_one_found(
    searching: Searching, pattern: str, fault: str
) -> None:
    searching.feed("x" * 60 + " needle 7")
    searching.find(pattern, regex=True)
    searching.settle()
    assert isinstance(searching.last, ErrorReport)
    assert fault in searching.last.message or "too long or too much memory" in searching.last.message
    searching.find(r"needle \d", regex=True)
    assert len(searching.settle()) == 1


def test_a_newer_pattern_does_not_wait_for_one_that_takes_for_ever(searching: Searching) -> None:
    searching.feed("x" * 60)
    searching.find(r"(?:x|xx|\w)+(?:\w|x)+\d\d", regex=True)
    searching.finder.step()
    searching.finder.handle(Unfind(1))
    searching.now += 0.5
    searching.finder.step()
    assert not searching.finder._patterns.busy
    searching.find("x+", regex=True)
    assert len(searching.settle()) == 1


def test_lines_are_given_newest_first_with_their_matches(searching: Searching) -> None:
    searching.feed("one needle\r\n" + "x\r\n" * 100 + "needle, needle " + "y" * 700 + "needle")
    searching.finder.handle(FindLines(9, SearchQuery("needle"), 50))
    searching.settle()
    (report,) = [report for report in searching.reports if isinstance(report, FoundLinesReport)]
    assert [line.number for line in report.lines] == [101, 0]
    assert report.lines[1].text == "one needle"
    assert report.lines[1].spans == ((4, 10),)
    assert report.lines[0].text[slice(*report.lines[0].spans[1])] == "needle"
    assert len(report.lines[0].text) == 500
    assert report.total == 4
    assert not report.more


def test_of_many_lines_the_newest_are_given_and_all_are_counted(searching: Searching) -> None:
    searching.feed("needle\r\n" * 300)
    searching.finder.handle(FindLines(9, SearchQuery("needle"), 100))
    searching.settle()
    reports = [report for report in searching.reports if isinstance(report, FoundLinesReport)]
    numbers = [line.number for report in reports for line in report.lines]
    assert numbers == list(range(299, 199, -1))
    assert [report.more for report in reports] == [True, True, False]
    assert reports[-1].total == 300


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_the_end_is_what_a_new_search_finds(seed: int) -> None:
    """Output, resizes, clearing and screens switched, in between the slices of a search."""
    chance = random.Random(seed)
    searching = Searching(20, 5, 300)
    searching.find("needle")
    pieces = [
        "needle ",
        "x" * 50 + "needle" + "x" * 9,
        "漢字needle漢",
        "\r\n",
        "nee\x1b[1mdle\x1b[m\r\n" * 400,
        "\x1b[H\x1b[2Jneedle",
        "line\r\n" * 30,
        "\x1b[3;7Hneedle\x1b[K",
        "\x1b[?1049h\x1b[Hneedle",
        "\x1b[?1049l",
        "\x1bM\x1b[L",
    ]
    for _ in range(60):
        match chance.randrange(8):
            case 0:
                searching.emulator.resize(chance.randint(5, 60), chance.randint(2, 12))
                searching.finder.changed()
            case 1:
                searching.settle()
            case 2 if chance.random() < 0.2:
                searching.emulator.clear_scrollback()
                searching.finder.changed()
            case 3:
                searching.now += chance.random() / 4
                searching.finder.step()
                for report in searching.reports:
                    assert isinstance(report, FoundReport)
                    searching.results.apply(report)
                    searching.finder.handle(FindOn(1))
                searching.reports.clear()
            case _:
                searching.feed(chance.choice(pieces))
    searching.reports.clear()
    searching.feed("")
    found = searching.settle()
    fresh = Searching()
    fresh.emulator = searching.emulator
    fresh.finder = Finder(fresh.emulator, fresh.reports.append, lambda: fresh.now)
    fresh.find("needle")
    assert found == fresh.settle()
    assert searching.results.total == fresh.results.total == len(found)


def test_the_current_match_stays_while_others_come_and_go() -> None:
    results = FindResults()

    def report(first: int, stop: int | None, *lines: int) -> FoundReport:
        return FoundReport(
            1, 0, False, first, stop, tuple(Match(line, 2, line, 5) for line in lines), 9, 9, True
        )

    results.apply(report(0, None, 30, 20, 10))
    assert results.begin(50)
    assert (results.number, results.current) == (1, Match(30, 2, 30, 5))
    results.step(older=True)
    assert results.number == 2
    results.apply(report(25, None, 60, 50, 40))
    assert results.current == Match(20, 2, 20, 5)
    assert results.number == 4
    results.step(older=False)
    assert results.current == Match(40, 2, 40, 5)
    results.forget_before(45)
    assert results.current == Match(50, 2, 50, 5)
    assert results.number == 2
    results.step(older=True)
    assert results.number == 1
    results.step(older=False)
    assert results.current == Match(50, 2, 50, 5)
    assert results.marks(50, 20) == ((2, 5, True),)
    assert results.marks(51, 20) == ()


def test_a_match_over_three_rows_marks_all_of_them() -> None:
    results = FindResults()
    results.apply(FoundReport(1, 0, False, 0, None, (Match(3, 6, 5, 4),), 1, 9, True))
    assert [results.marks(line, 8) for line in (2, 3, 4, 5, 6)] == [
        (),
        ((6, 8, False),),
        ((0, 8, False),),
        ((0, 4, False),),
        (),
    ]
