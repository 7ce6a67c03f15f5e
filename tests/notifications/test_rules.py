"""Alerts and circumstances in, words and times out."""

from datetime import datetime

import pytest

from podium.attention.alerts import AlertKind
from podium.core.config.notify_settings import NotifyOf
from podium.core.instances import AlertLevel
from podium.core.protocol.attention import Question, QuestionKind
from podium.notifications.digest import MOST_NAMED, Spent, Waiting, age_text, digest_of
from podium.notifications.outbox import CALLS, CALLS_SECONDS, COLLECT, MOST_ENDED, Outbox
from podium.notifications.quiet_hours import parse_hours
from podium.notifications.rules import Circumstances, When, when_to_tell
from podium.notifications.wording import is_answerable, notice_of
from podium.workspace.views import InstanceState
from tests.notifications.notices import PERMISSION, alert, notice, view

HERE, AWAY, QUIET = Circumstances(), Circumstances(away=True), Circumstances(quiet=True)
QUESTION, DONE, FAILED, BELL = AlertKind.QUESTION, AlertKind.DONE, AlertKind.FAILED, AlertKind.BELL
NORMAL, IMPORTANT, MUTED = AlertLevel.NORMAL, AlertLevel.IMPORTANT, AlertLevel.MUTED


@pytest.mark.parametrize(
    ("kind", "level", "of", "now", "when"),
    [
        (QUESTION, NORMAL, NotifyOf.ENDS, HERE, When.NOW),
        (QUESTION, NORMAL, NotifyOf.QUESTIONS, HERE, When.NOW),
        (QUESTION, NORMAL, NotifyOf.NOTHING, HERE, When.NEVER),
        (DONE, NORMAL, NotifyOf.ENDS, HERE, When.NOW),
        (FAILED, NORMAL, NotifyOf.QUESTIONS, HERE, When.NEVER),
        (BELL, IMPORTANT, NotifyOf.ENDS, HERE, When.NEVER),
        (QUESTION, NORMAL, NotifyOf.ENDS, AWAY, When.DIGEST),
        (QUESTION, NORMAL, NotifyOf.ENDS, QUIET, When.DIGEST),
        (QUESTION, IMPORTANT, NotifyOf.ENDS, QUIET, When.NOW),
        (DONE, IMPORTANT, NotifyOf.ENDS, AWAY, When.NOW),
        (QUESTION, IMPORTANT, NotifyOf.NOTHING, HERE, When.NEVER),
        (QUESTION, MUTED, NotifyOf.ENDS, HERE, When.NEVER),
    ],
)
def test_who_is_told_when(
    kind: AlertKind, level: AlertLevel, of: NotifyOf, now: Circumstances, when: When
) -> None:
    assert when_to_tell(kind, level, of, now) is when


@pytest.mark.parametrize(
    ("hours", "at", "quiet"),
    [
        ("", "12:00", False),
        ("22:00-07:00", "21:59", False),
        ("22:00-07:00", "22:00", True),
        ("22:00-07:00", "03:00", True),
        ("22:00-07:00", "07:00", False),
        ("09:00-17:30", "17:29", True),
        ("09:00-17:30", "08:59", False),
        ("09:00-09:00", "09:00", False),
    ],
)
def test_quiet_hours(hours: str, at: str, quiet: bool) -> None:
    assert parse_hours(hours).hold(datetime.fromisoformat(f"2026-12-01T{at}:00")) is quiet


@pytest.mark.parametrize("text", ["22-7", "24:00-07:00", "22:00–07:00", "22:00-07:60", "22:00-07:00\n"])
def test_no_quiet_hours(text: str) -> None:
    with pytest.raises(ValueError):
        parse_hours(text)


# Words


def test_a_question_in_words() -> None:
    told = notice_of(alert(asked=PERMISSION), view(round=2, max_rounds=8))
    assert (told.title, told.body, told.facts) == ("atlas waits for you", "Run this? make", "Round 2/8")
    assert told.answerable


def test_how_it_ended_in_words() -> None:
    done = notice_of(alert(DONE), view(state=InstanceState.DONE, label="Done", cost_usd=1.5, seconds=61))
    assert (done.title, done.body) == ("atlas is done", "$1.50, 1:01")
    failed = notice_of(alert(FAILED), view(state=InstanceState.EXITED, label="Exited 2"))
    assert failed.title == "atlas has ended: exited 2"
    told = notice_of(alert(FAILED), view(state=InstanceState.RUNNING, reason="It said: “secret”."))
    assert (told.title, told.body, told.facts) == ("atlas reports a failure", "It said: “secret”.", "")


def test_names_and_questions_hide_nothing() -> None:
    told = notice_of(alert(question="a\x1b[31m\u202e\nb" + "x" * 9999), view(name="e\u202eve\x07"))
    assert told.title.isprintable()
    assert told.body.isprintable()
    assert len(told.body) <= 300


@pytest.mark.parametrize(
    ("asked", "answerable"),
    [
        (None, False),
        (PERMISSION, True),
        (Question(QuestionKind.TRUST, "Trust?", allow="1", deny="2"), True),
        (Question(QuestionKind.CHOICE, "Which?", allow="1", deny="2"), False),
        (Question(QuestionKind.PERMISSION, "Run?", allow="1"), False),
    ],
)
def test_only_a_yes_or_no_can_be_answered(asked: Question | None, answerable: bool) -> None:
    assert is_answerable(alert(asked=asked)) is answerable


# Digests


def test_a_digest_says_who_waits_what_ended_and_the_cost() -> None:
    digest = digest_of(
        [Waiting("atlas", 840, "Deploy?"), Waiting("borea", 20)],
        [
            notice(DONE, name="cobra", state=InstanceState.DONE, round=5, max_rounds=5, cost_usd=3.16),
            notice(FAILED, name="delta", state=InstanceState.EXITED, label="Exited 2"),
        ],
        Spent(4.121, 1080),
    )
    assert digest is not None
    assert digest.title == "2 wait for you, 1 is done, 1 has failed"
    assert digest.lines == (
        "atlas waits for 14 min: Deploy?",
        "borea waits",
        "cobra is done (Round 5/5, $3.16)",
        "delta has ended: exited 2",
        "$4.12 spent meanwhile",
        "18 min of waiting for you, all instances together",
    )


def test_a_digest_of_nothing_is_none() -> None:
    assert digest_of([], [], Spent(3.0, 60)) is None


def test_a_digest_has_an_end() -> None:
    digest = digest_of([Waiting(f"n{n}", 0) for n in range(64)], [], Spent())
    assert digest is not None
    assert len(digest.lines) == MOST_NAMED + 1
    assert digest.lines[-1] == f"and {64 - MOST_NAMED} more"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "just now"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (3 * 86400, "3 days"),
    ],
)
def test_ages(seconds: float, text: str) -> None:
    assert age_text(seconds) == text


# The outbox


def test_an_alert_is_sent_at_once_until_there_were_too_many() -> None:
    outbox = Outbox()
    sent = [outbox.add(notice(number=number), When.NOW, 100.0 + number) for number in range(CALLS + 5)]
    assert sent == [True] * CALLS + [False] * 5
    due = outbox.due(HERE)
    assert due == 100.0 + CALLS_SECONDS
    assert outbox.take(due) == ()
    assert outbox.due(HERE) is None


def test_what_is_never_sent_is_in_no_digest() -> None:
    outbox = Outbox()
    assert not outbox.add(notice(), When.NEVER, 0.0)
    assert outbox.due(HERE) is None


def test_the_first_digest_comes_soon_and_the_next_after_the_period() -> None:
    outbox = Outbox(period=900)
    outbox.add(notice(DONE), When.DIGEST, 100.0)
    outbox.add(notice(FAILED, 2), When.DIGEST, 110.0)
    assert outbox.due(AWAY) == 100.0 + COLLECT
    assert [one.alert.number for one in outbox.take(130.0)] == [1, 2]
    outbox.add(notice(number=3), When.DIGEST, 140.0)
    assert outbox.due(AWAY) == 1030.0
    assert outbox.due(HERE) == 170.0


def test_an_answered_question_needs_no_digest() -> None:
    outbox = Outbox()
    outbox.add(notice(), When.DIGEST, 100.0)
    outbox.withdraw(1)
    assert outbox.due(AWAY) is None


def test_quiet_holds_the_digest_back() -> None:
    outbox = Outbox()
    outbox.add(notice(), When.DIGEST, 100.0)
    assert outbox.due(QUIET) is None
    assert outbox.due(HERE) == 100.0 + COLLECT


def test_the_outbox_has_an_end() -> None:
    outbox = Outbox()
    for number in range(MOST_ENDED + 10):
        outbox.add(notice(DONE, number), When.DIGEST, 100.0)
    assert len(outbox.take(200.0)) == MOST_ENDED
