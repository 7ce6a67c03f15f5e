"""What a tool says about a limit in, the moment it ends out."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from podium.missions.streams.limits import moment, moment_in

NOW = datetime(2026, 11, 22, 14, 0, 0, tzinfo=UTC)  # a Sunday
BERLIN = ZoneInfo("Europe/Berlin")


def at(month: int, day: int, hour: int, minute: int = 0, second: float = 0) -> float:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC).timestamp() + second


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("Please retry in 34.07s.", at(11, 22, 14, 0, 34.07)),
        ("Try again in 5 minutes", at(11, 22, 14, 5)),
        ("try again in 2 hours 30 minutes.", at(11, 22, 16, 30)),
        ("Try again in 3 days 4 hours 1 minute.", at(11, 25, 18, 1)),
        ("Your quota will reset after 18h32m8s.", at(11, 23, 8, 32, 8)),
        ("Rate limited. Retry-After: 30", at(11, 22, 14, 0, 30)),
        ('"retryDelay": "34s"', at(11, 22, 14, 0, 34)),
        ("please wait 90 seconds", at(11, 22, 14, 1, 30)),
        ("Please try again in 250ms", at(11, 22, 14, 0, 0.25)),
        (f"Claude AI usage limit reached|{int(at(11, 22, 17))}", at(11, 22, 17)),
        (f"limit, resets {int(at(11, 22, 17)) * 1000}", at(11, 22, 17)),
        ("quota resets at 2026-11-22T17:14:00Z", at(11, 22, 17, 14)),
        ("until 2026-11-22T18:14:00+01:00", at(11, 22, 17, 14)),
        ("You've hit your limit · resets 3pm (UTC)", at(11, 22, 15)),
        ("5-hour limit reached ∙ resets 6pm (Europe/Berlin)", at(11, 22, 17)),
        ("You've hit your session limit · resets 5:30pm", at(11, 22, 16, 30)),
        ("resets 1am", at(11, 23, 0)),
        ("try again at 3:05 PM.", at(11, 22, 14, 5)),
        ("try again at 16:10", at(11, 22, 15, 10)),
        ("Try again at Nov 24th, 2026 5:14 PM.", at(11, 24, 16, 14)),
        ("weekly limit · resets Nov 25, 3pm (UTC)", at(11, 25, 15)),
        ("resets Mon 9am (UTC)", at(11, 23, 9)),
        ("resets 12am (UTC)", at(11, 23, 0)),
        ("resets 11:30pm (UTC)", at(11, 22, 23, 30)),
        ("resets Mon 12:30pm (UTC)", at(11, 23, 12, 30)),
    ],
)
def test_the_end_of_a_limit_is_read(text: str, until: float) -> None:
    assert moment_in(text, NOW.timestamp(), BERLIN) == pytest.approx(until, abs=0.01)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rate limit",
        "429 Too Many Requests",
        "This request would exceed your rate limit",
        "error at 3",
        "in 2026",
        "resets 3",
        "retry in 0s",
        "retry in 999999 days",
        "Claude AI usage limit reached|1600000000",
        "until 2020-01-01T00:00:00Z",
        "resets 99pm",
        "Nov 99, 3pm",
        "resets Feb 30, 3pm (UTC)",
        "at " * 5000,
        "1" * 5000,
    ],
)
def test_what_names_no_moment_to_come_is_none(text: str) -> None:
    assert moment_in(text, NOW.timestamp(), BERLIN) is None


@pytest.mark.parametrize("as_value", [int, float, str, lambda value: int(value * 1000)])
def test_a_field_may_count_seconds_or_milliseconds(as_value: Any) -> None:
    until = at(11, 22, 17)
    value = as_value(until) if as_value is not str else str(int(until))
    assert moment(value, NOW.timestamp()) == pytest.approx(until, abs=0.01)


@pytest.mark.parametrize(
    "value", [None, True, -1, 0, float("nan"), float("inf"), 1e30, "soon", [], {}, "1", 5]
)
def test_a_field_that_can_be_no_moment_is_none(value: Any) -> None:
    assert moment(value, NOW.timestamp()) is None
