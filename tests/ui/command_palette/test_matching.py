"""What a query means, and which letters it found."""

from typing import Any

import pytest

from podium.ui.command_palette.entries import Entry, EntryKind, plain
from podium.ui.command_palette.marked_text import moved
from podium.ui.command_palette.matching import find, fold, joined, read_query
from podium.ui.command_palette.model import Heading, Refused, rows_for


def entry(title: str, kind: EntryKind = EntryKind.COMMAND, **more: Any) -> Entry:
    return Entry(kind=kind, id=title, title=title, **more)


def titles(query: str, *entries: Entry, used: tuple[str, ...] = ()) -> list[str]:
    return [hit.entry.title for hit in find(read_query(query), entries, used)]


def marked(query: str, title: str) -> str:
    (hit,) = find(read_query(query), [entry(title)])
    return "|".join(title[start:end] for start, end in hit.title)


def test_the_beginning_of_a_title_counts_more_than_of_a_word_and_that_more_than_the_middle() -> None:
    assert titles("re", entry("Zoom pane"), entry("Previous"), entry("Do restart"), entry("Restart")) == [
        "Restart",
        "Do restart",
        "Previous",
    ]


def test_words_come_in_any_order_and_must_all_be_there() -> None:
    assert titles("shell new", entry("New shell…"), entry("New mission…")) == ["New shell…"]


@pytest.mark.parametrize(
    ("query", "title", "letters"),
    [
        ("re", "Restart", "Re"),
        ("RE", "api-refactor", "re"),
        ("nw", "Next waiting", "N|w"),
        ("restrat", "Restart", "Rest|rt"),
        ("shell new", "New shell…", "New|shell"),
        ("größe", "GRÖSSE GRÖßE", "GRÖßE"),
    ],
)
def test_the_letters_that_were_found_are_marked(query: str, title: str, letters: str) -> None:
    assert marked(query, title) == letters


def test_short_words_may_not_be_mistyped() -> None:
    assert titles("rew", entry("Restart"), entry("Rename")) == []
    assert titles("renmae", entry("Restart"), entry("Rename")) == ["Rename"]


def test_details_and_further_words_are_searched_after_titles() -> None:
    known = (entry("Copy", detail="the selected text"), entry("Paste", words="clipboard"), entry("Selection"))
    assert titles("select", *known) == ["Selection", "Copy"]
    assert titles("clip", *known) == ["Paste"]
    (hit,) = find(read_query("selected"), known[:1])
    assert (hit.title, hit.detail) == ((), ((4, 12),))


def test_what_was_chosen_last_comes_first_among_what_is_alike() -> None:
    known = (entry("Start a"), entry("Start b"), entry("Start c"))
    assert titles("start", *known) == ["Start a", "Start b", "Start c"], "in the order they came in"
    assert titles("start", *known, used=("command:Start c", "command:Start b"))[:2] == ["Start c", "Start b"]


def test_a_sign_in_front_names_the_kind() -> None:
    known = (entry("Restart"), entry("restart-me", EntryKind.INSTANCE))
    assert titles("> rest", *known) == ["Restart"]
    assert titles("@rest", *known) == ["restart-me"]
    assert titles("@", *known) == ["restart-me"]


def test_lowering_keeps_each_letter_in_its_place() -> None:
    assert len(fold("İstanbul")) == len("İstanbul")
    assert joined([(4, 6), (0, 2), (1, 3), (3, 4)]) == ((0, 6),)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [("restart", [(0, 2), (5, 7)]), ("re…rt", [(0, 2), (3, 5)]), ("rest…", [(0, 2)]), ("…", [])],
)
def test_marks_move_with_the_text_when_it_is_elided(shown: str, expected: list[tuple[int, int]]) -> None:
    assert list(moved(((0, 2), (5, 7)), "restart", shown)) == expected


def test_names_hide_nothing_and_end_somewhere() -> None:
    assert plain("a\x1b[31m\n\u202eb") == "a\\x1b[31m ⏎ \\u202eb"
    assert plain("<b>x</b>") == "<b>x</b>"
    assert len(plain("x" * 10_000)) == 301


def test_kinds_keep_their_order_unless_another_one_is_meant_clearly() -> None:
    known = (
        entry("api-refactor", EntryKind.INSTANCE),
        entry("Restart"),
        entry("copied", EntryKind.INSTANCE, detail="renamed"),
    )
    rows = rows_for(read_query("re"), known, (), show_refused=False)
    assert [row.text for row in rows if isinstance(row, Heading)] == ["Instances", "Commands"]
    rows = rows_for(read_query("re"), known[1:], (), show_refused=False)
    assert [row.text for row in rows if isinstance(row, Heading)] == ["Commands", "Instances"]


def test_what_cannot_be_done_is_counted_and_shown_on_demand() -> None:
    known = (entry("Restart"), entry("Resume", refusal="There is no instance."))
    hidden = rows_for(read_query("re"), known, (), show_refused=False)
    shown = rows_for(read_query("re"), known, (), show_refused=True)
    assert hidden[-1] == Refused(1, open=False)
    assert len(shown) == len(hidden) + 1
    assert rows_for(read_query("restart"), known, (), show_refused=False)[-1] != Refused(1, open=False)
