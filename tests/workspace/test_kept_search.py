"""Kept lines in, matches out: what a session would have found in them, with none."""

import random

import pytest

from podium.core.finding.query import SearchQuery
from podium.core.protocol.finding import Find, FindLines
from podium.core.protocol.frames import Line, Run
from podium.core.protocol.reports import ErrorReport, FoundLinesReport, FoundReport, Match
from podium.terminal import Emulator
from podium.workspace.kept_search import KeptLines, answer_find
from tests.worker.test_finding import Searching


def kept(data: str, columns: int = 10) -> tuple[KeptLines, Emulator]:
    emulator = Emulator(columns, 5, 500)
    emulator.feed(data.encode())
    first, lines, _ = emulator.lines_between(0, 1000)
    return KeptLines(lines, columns, first, emulator.line_epoch), emulator


def places(lines: KeptLines, text: str, **how: bool) -> list[Match]:
    report = answer_find(lines, Find(1, SearchQuery(text, **how)))
    assert isinstance(report, FoundReport)
    assert report.complete
    assert report.total == len(report.matches)
    return list(report.matches)


@pytest.mark.parametrize("seed", range(6))
def test_kept_lines_give_what_their_session_gives(seed: int) -> None:
    chance = random.Random(seed)
    words = ["needle", "漢字", "e\u0301tude", "x" * 17, "a b", "👩🏽‍💻", "nee\x1b[1mdle\x1b[m", "a\u200bb"]
    data = "\r\n".join(" ".join(chance.choices(words, k=chance.randint(1, 9))) for _ in range(40))
    lines, emulator = kept(data, chance.choice([7, 10, 24, 80]))
    searching = Searching()
    searching.emulator = emulator
    searching.finder._emulator = emulator
    for text in ("needle", "漢字", "étude", "b a", "ab"):
        searching.find(text)
        searching.results.clear()
        searching.settle()
        assert sorted(places(lines, text)) == searching.results.matches
    searching.finder.close()


def test_words_and_patterns() -> None:
    lines, _ = kept("the retry\r\nretried\r\nretry it")
    assert places(lines, "retr(y|ied)$", regex=True) == [Match(1, 0, 1, 7), Match(0, 4, 0, 9)]
    assert places(lines, "RETRY", word=True) == [Match(2, 0, 2, 5), Match(0, 4, 0, 9)]
    assert places(lines, "RETRY", case=True) == []


@pytest.mark.parametrize("pattern", ["(", "(?:(?=a){1000}){1000}"])
def test_a_bad_pattern_is_refused(pattern: str) -> None:
    lines, _ = kept("a")
    assert isinstance(answer_find(lines, Find(1, SearchQuery(pattern, regex=True))), ErrorReport)


def test_lines_are_given_newest_first() -> None:
    lines = KeptLines([Line((Run("needle"),)), Line(), Line((Run("a needle"),))], 20, 100, 4)
    report = answer_find(lines, FindLines(1, SearchQuery("needle"), 1))
    assert isinstance(report, FoundLinesReport)
    assert [(line.number, line.text, line.spans) for line in report.lines] == [(102, "a needle", ((2, 8),))]
    assert (report.total, report.line_epoch, report.more) == (2, 4, False)
