"""Instances in, a table out: as wide as the terminal, and safe to print there."""

from typing import Any

import pytest

from podium.control.ctl.tables import answers, display_width, instances

HEADS = ["ID", "NAME", "KIND", "STATE", "NEEDS", "ROUND", "COST", "AGE", "QUESTION"]


def one(id: str = "api", **more: Any) -> dict[str, Any]:
    attention = {"state": more.pop("needs", "waiting"), "seconds": more.pop("age", 75.0)}
    return {
        "id": id,
        "name": id,
        "kind": "shell",
        "word": "Waiting for you",
        "round": None,
        "maxRounds": None,
        "costUsd": None,
        "costSimulated": False,
        "costEstimated": False,
        "seconds": 3600.0,
        "question": "",
        "attention": attention,
        **more,
    }


def lines(*listed: dict[str, Any], width: int | None = None) -> list[str]:
    return instances({"instances": listed}, width).split("\n")


def test_a_row_says_what_it_needs_since_when_and_what_it_asks() -> None:
    head, row = lines(one(question="Do you want to proceed? make", costUsd=0.5, round=2, maxRounds=5))
    assert head.split() == HEADS
    assert row.split("  ")[0] == "api"
    assert [part.strip() for part in row.split("  ") if part.strip()] == [
        "api",
        "api",
        "shell",
        "Waiting for you",
        "waiting",
        "2/5",
        "$0.50",
        "1:15",
        "Do you want to proceed? make",
    ]


def test_what_nothing_is_known_of_shows_how_long_it_has_run() -> None:
    row = lines(one(needs="none"))[1]
    assert "1:00:00" in row
    assert "none" not in row


LONG = one("x" * 64, name="n" * 64, question="Do you want to run this? " + "y" * 900)


@pytest.mark.parametrize("width", [200, 120, 80, 60, 40, 20, 8, 1])
def test_no_row_is_wider_than_the_terminal(width: int) -> None:
    shown = lines(LONG, one("b", question="漢字" * 200), one("c", question="e\u0301" * 300), width=width)
    assert all(display_width(line) <= width for line in shown), shown
    assert len(shown) == 4


def test_what_is_cut_says_so_and_a_question_gets_what_is_left() -> None:
    row = lines(LONG, width=120)[1]
    assert row.endswith("…")
    assert "Do you want to run" in row
    assert display_width(row) == 120


def test_where_no_terminal_is_nothing_is_cut() -> None:
    row = lines(LONG)[1]
    assert row.endswith("y" * 900)
    assert "x" * 64 in row


@pytest.mark.parametrize("width", [None, 80])
@pytest.mark.parametrize("bad", ["\x1b[2J", "\x9b2J", "\r", "\n", "\u202e", "\x07", "\u2028", "\u200b"])
def test_no_text_of_a_program_drives_the_terminal(bad: str, width: int | None) -> None:
    shown = lines(one(name=f"a{bad}b", question=f"Which{bad}one?", word=f"Wait{bad}s"), width=width)
    assert len(shown) == 2
    assert bad not in shown[1].removesuffix("\n")
    assert all(char.isprintable() for char in shown[1])


def test_columns_of_wide_characters_stand_under_each_other() -> None:
    shown = lines(one("a", name="漢字"), one("b", name="abcd"))
    assert len({display_width(line[: line.index("Waiting")]) for line in shown[1:]}) == 1


def test_nobody_there_is_a_head_alone() -> None:
    assert lines(width=80)[0].split() == HEADS


def test_each_of_several_answers_is_told_on_a_line_of_its_own() -> None:
    given = {
        "answers": [
            {"id": "one", "taken": True, "reason": ""},
            {"id": "two", "taken": False, "reason": "It asks\x1b[2J something else now."},
        ]
    }
    assert answers(given) == "one: answered\ntwo: not answered. It asks [2J something else now."
