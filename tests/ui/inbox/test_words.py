"""What the inbox says."""

from datetime import datetime, timedelta
from math import inf
from typing import Any

import pytest

from podium.attention.alerts import AlertKind
from podium.ui.inbox import words
from podium.ui.inbox.contents import Card, Contents
from podium.workspace.views import InstanceState
from tests.ui.inbox.asking import STILL_THERE, member

NOON = datetime(2026, 12, 1, 12, 0).timestamp()


def test_a_card_names_who_asks_or_how_many() -> None:
    assert words.heading(Card((member(1, "api"),))) == "api"
    four = Card(tuple(member(number) for number in range(4)))
    assert words.heading(four) == "4 agents in 4 instances ask the same"
    assert (words.allow_text(four), words.deny_text(four)) == ("Allow all 4", "Deny all")


def test_the_summary_counts_questions_and_instances() -> None:
    assert words.summary(Contents(), "") == ""
    one = Contents((Card((member(1),)),))
    assert words.summary(one, "2 min") == "1 question from 1 instance, oldest 2 min"
    more = Contents((Card((member(1),)), Card((member(2), member(3)))))
    assert words.summary(more, "14 min") == "3 questions from 3 instances, oldest 14 min"


def test_a_refusal_says_where_and_that_the_question_stands() -> None:
    one, two = member(1, "a"), member(2, "b")
    assert words.refusal(Card((one,)), []) == ""
    assert words.refusal(Card((one,)), [(one, STILL_THERE)]) == words.STILL_STANDS
    gone = "That question is not on its screen any more."
    assert words.refusal(Card((one,)), [(one, gone)]) == f"It was not answered. {gone}"
    both = words.refusal(Card((one, two)), [(one, STILL_THERE), (two, gone)])
    assert both == f"a: {words.STILL_STANDS} So it is with 1 more."


@pytest.mark.parametrize(
    ("kind", "view", "said", "shape"),
    [
        (AlertKind.BELL, {"state": InstanceState.RUNNING}, "Bell", InstanceState.RUNNING),
        (
            AlertKind.DONE,
            {"round": 5, "cost_usd": 3.16},
            "Done · 5 rounds · $3.16",
            InstanceState.DONE,
        ),
        (
            AlertKind.DONE,
            {"detail": "/usr/bin/make -C /srv all"},
            "Done · make -C /srv all",
            InstanceState.DONE,
        ),
        (
            AlertKind.FAILED,
            {"state": InstanceState.EXITED, "label": "Exited 2", "detail": "k6 run"},
            "Exited 2 · k6 run",
            InstanceState.EXITED,
        ),
        (
            AlertKind.FAILED,
            {"state": InstanceState.RUNNING, "label": "Running"},
            "Failed",
            InstanceState.FAILED,
        ),
    ],
)
def test_a_row_says_how_it_ended(
    kind: AlertKind, view: dict[str, Any], said: str, shape: InstanceState
) -> None:
    ended = member(1, kind=kind, asked=None, tool="", **view)
    assert (words.ending(ended), words.shape(ended)) == (said, shape)


def test_an_empty_inbox_counts_what_runs() -> None:
    assert words.running(5) == "5 instances run. You hear from them here."
    assert words.running(1) == "1 instance runs. You hear from it here."
    assert words.running(0) == "No instance runs. You hear from them here."


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (timedelta(hours=1), "until 13:00"),
        (timedelta(hours=20), "until tomorrow, 08:00"),
        (timedelta(days=3), "until Friday, 12:00"),
        (timedelta(days=30), "until 31 Dec, 12:00"),
    ],
)
def test_the_end_of_do_not_disturb_is_named_as_people_do(after: timedelta, said: str) -> None:
    assert words.until_text(NOON + after.total_seconds(), NOON) == said


def test_it_may_have_no_end() -> None:
    assert words.until_text(inf, NOON) == "until you turn it off"


def test_tomorrow_begins_in_the_morning() -> None:
    assert datetime.fromtimestamp(words.tomorrow(NOON)) == datetime(2026, 12, 2, 8, 0)
    late = NOON + 11.9 * 3600
    assert words.tomorrow(late) == words.tomorrow(NOON)


def test_a_time_of_another_day_names_it() -> None:
    assert words.clock_text(NOON, 480) == "11:52"
    assert words.clock_text(NOON, 86_400) == "Mon 12:00"
