"""Attention in, alerts out."""

from collections.abc import Sequence

import pytest

from podium.attention.alerts import ALERT_KINDS, BURST, BURST_SECONDS, HOLD, AlertKind, AlertPolicy, Raised
from podium.attention.signals import Attention, AttentionState, Source
from podium.core.ids import InstanceId
from podium.core.protocol.attention import Question, QuestionKind

A, B = InstanceId("a"), InstanceId("b")
MAKE = Question(QuestionKind.PERMISSION, "Run this?", "make", ("Yes", "No"))
CLEAN = Question(QuestionKind.PERMISSION, "Run this?", "make clean", ("Yes", "No"))


class Day:
    """A policy with a clock of its own; ``told`` is what was raised (+) and withdrawn (-)."""

    def __init__(self) -> None:
        self.now = 100.0
        self.policy = AlertPolicy()
        self.told: list[str] = []

    def is_(
        self, state: AttentionState, question: str = "", asked: Question | None = None, of: InstanceId = A
    ) -> None:
        before = self.policy.alert(of)
        since = self.now if before is None or before.kind != ALERT_KINDS.get(state) else before.since
        self.policy.on_attention(of, Attention(state, Source.SCREEN, since, question, asked), self.now)
        self._take()

    def asks(self, question: str = "Run it?", asked: Question | None = None, of: InstanceId = A) -> None:
        self.is_(AttentionState.WAITING, question, asked, of)

    def after(self, seconds: float) -> list[str]:
        end = self.now + seconds
        while (due := self.policy.next_deadline()) is not None and due <= end:
            self.now = max(self.now, due)
            self.policy.step(self.now)
            assert self.policy.next_deadline() != due, "it would be asked again and again"
        self.now = end
        self._take()
        return self.told

    def watch(self, instance: InstanceId | None) -> None:
        self.policy.watch(instance, self.now)
        self._take()

    def open(self) -> Sequence[tuple[str, str]]:
        return [(alert.instance, alert.kind) for alert in self.policy.open()]

    def _take(self) -> None:
        for change in self.policy.take_changes():
            self.told.append(f"{'+' if isinstance(change, Raised) else '-'}{change.alert.instance}")


@pytest.fixture
def day() -> Day:
    return Day()


def test_a_question_is_raised_once_after_it_has_stood(day: Day) -> None:
    day.asks()
    assert day.after(HOLD / 2) == []
    assert day.after(HOLD) == ["+a"]
    day.asks()
    assert day.after(3600) == ["+a"]
    assert day.open() == [("a", "question")]


def test_a_question_that_is_answered_at_once_alarms_nobody(day: Day) -> None:
    day.asks()
    day.after(HOLD / 2)
    day.is_(AttentionState.BUSY)
    assert day.after(3600) == []
    assert day.open() == []


def test_what_a_person_looks_at_is_not_raised_nor_later_when_they_look_away(day: Day) -> None:
    day.watch(A)
    day.asks()
    assert day.after(1) == []
    day.watch(None)
    assert day.after(3600) == []
    assert day.open() == [("a", "question")]


def test_who_looks_away_before_the_question_counts_is_told(day: Day) -> None:
    day.watch(A)
    day.asks()
    day.watch(B)
    assert day.after(1) == ["+a"]


def test_an_answer_and_a_look_withdraw_what_was_raised(day: Day) -> None:
    day.asks()
    day.asks(of=B)
    day.after(1)
    day.is_(AttentionState.BUSY)
    assert day.told == ["+a", "+b", "-a"]
    day.watch(B)
    assert day.told[3:] == ["-b"]
    assert day.open() == [("b", "question")]


def test_the_next_question_is_raised_too(day: Day) -> None:
    day.asks(asked=MAKE)
    day.after(1)
    day.asks("", CLEAN)
    assert day.after(1) == ["+a", "-a", "+a"]


def test_a_question_may_be_recognized_piece_by_piece(day: Day) -> None:
    day.asks("")
    day.after(1)
    day.asks("Claude needs your permission")
    day.asks("Claude needs your permission", MAKE)
    assert day.after(1) == ["+a"]
    alert = day.policy.alert(A)
    assert alert is not None
    assert (alert.question, alert.asked) == ("Claude needs your permission", MAKE)


@pytest.mark.parametrize("state", [AttentionState.DONE, AttentionState.FAILED])
def test_what_has_ended_is_open_until_it_was_seen(day: Day, state: AttentionState) -> None:
    day.is_(state)
    assert day.after(1) == ["+a"]
    assert day.open() == [("a", state.value)]
    day.watch(A)
    day.is_(state)
    day.watch(None)
    assert day.after(3600) == ["+a", "-a"]
    assert day.open() == []


def test_what_ends_before_a_persons_eyes_is_no_news(day: Day) -> None:
    day.watch(A)
    day.is_(AttentionState.DONE)
    assert day.after(1) == []
    assert day.open() == []


def test_a_bell_leaves_a_mark_and_is_never_raised(day: Day) -> None:
    day.policy.on_bell(A, day.now)
    assert day.after(3600) == []
    assert day.open() == [("a", "bell")]
    day.is_(AttentionState.BUSY)
    assert day.open() == [("a", "bell")]
    day.watch(A)
    assert day.open() == []
    day.policy.on_bell(A, day.now)
    assert day.open() == []


def test_a_bell_hides_no_question(day: Day) -> None:
    day.asks()
    day.policy.on_bell(A, day.now)
    assert day.after(1) == ["+a"]
    assert day.open() == [("a", "question")]


def test_a_storm_of_questions_waits(day: Day) -> None:
    for _ in range(50):
        day.asks()
        day.after(0.5)
        day.is_(AttentionState.BUSY)
        day.after(0.1)
    assert day.told.count("+a") == BURST
    day.asks()
    assert day.after(BURST_SECONDS).count("+a") == BURST + 1


def test_the_oldest_comes_first(day: Day) -> None:
    day.asks(of=B)
    day.after(5)
    day.asks()
    day.after(5)
    assert day.open() == [("b", AlertKind.QUESTION), ("a", AlertKind.QUESTION)]


def test_nothing_is_left_of_an_instance_that_is_removed(day: Day) -> None:
    day.asks()
    day.after(1)
    day.policy.remove(A)
    day._take()
    assert day.told == ["+a", "-a"]
    assert day.policy.alert(A) is None
    assert day.policy.next_deadline() is None
