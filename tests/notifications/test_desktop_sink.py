"""Notices and clicks in, what the desktop is told and who is to be shown or answered, out."""

from typing import Any

import msgspec
import pytest

from podium.attention.alerts import Alert, AlertKind
from podium.core.ids import InstanceId
from podium.notifications.desktop.service import (
    Answered,
    Clicked,
    DesktopEvent,
    DesktopNotice,
    TellEvent,
)
from podium.notifications.desktop_sink import MAX_BODY, MAX_TITLE, DesktopSink
from tests.notifications.notices import PERMISSION, alert, notice


class Screen:
    """The desktop's service, and the alert that the one instance has now."""

    def __init__(self) -> None:
        self.notices: dict[int, DesktopNotice] = {}
        self.now: Alert | None = None
        self.done: list[tuple[Any, ...]] = []
        self.sink = DesktopSink(self._make, lambda _: self.now, lambda receive, event: receive(event))
        self.sink.show_requested.connect(lambda id, token: self.done.append(("show", id, token)))
        self.sink.answer_requested.connect(
            lambda alert, allow: self.done.append((alert.number, alert.asked, allow))
        )

    def _make(self, tell: TellEvent) -> "Screen":
        self._tell = tell
        return self

    def show(self, notice: DesktopNotice) -> None:
        self.notices[notice.number] = notice

    def withdraw(self, number: int) -> None:
        self.notices.pop(number, None)

    def close(self) -> None:
        self.notices.clear()

    def ask(self, number: int = 1, body: str | None = None, **changes: Any) -> None:
        self.now = alert(number=number, asked=PERMISSION, **changes)
        told = msgspec.structs.replace(notice(number=number), alert=self.now, answerable=True)
        self.sink.show(told if body is None else msgspec.structs.replace(told, body=body))

    def happens(self, *events: DesktopEvent) -> list[tuple[Any, ...]]:
        for event in events:
            self._tell(event)
        return self.done


@pytest.fixture
def screen(qapp: object) -> Screen:
    return Screen()


def test_a_click_shows_and_a_button_answers_the_question_as_it_was_shown(screen: Screen) -> None:
    screen.ask()
    assert screen.notices[1].answerable
    assert screen.happens(Clicked(1, "token"), Answered(1, True), Answered(1, False)) == [
        ("show", "a", "token"),
        (1, PERMISSION, True),
        (1, PERMISSION, False),
    ]


OTHER = msgspec.structs.replace(PERMISSION, subject="rm -rf /")


@pytest.mark.parametrize(
    "now",
    [
        None,
        alert(number=2, asked=PERMISSION),
        alert(number=1, asked=OTHER),
        alert(number=1, asked=None),
        alert(AlertKind.DONE, number=3),
    ],
)
def test_a_late_answer_to_what_is_no_longer_asked_only_shows(screen: Screen, now: Alert | None) -> None:
    screen.ask()
    screen.now = now
    assert screen.happens(Answered(1, True, "t")) == [("show", "a", "t")]


def test_a_click_on_what_was_withdrawn_meanwhile_shows_and_answers_nothing(screen: Screen) -> None:
    screen.ask()
    screen.sink.withdraw(1)
    screen.now = None
    assert screen.happens(Clicked(1), Answered(1, True)) == [("show", "a", ""), ("show", "a", "")]


def test_numbers_that_were_never_told_are_nothing(screen: Screen) -> None:
    assert screen.happens(Clicked(5), Answered(-1, True)) == []


def test_nothing_happens_after_the_end(screen: Screen) -> None:
    screen.ask()
    screen.sink.close()
    assert screen.notices == {}
    assert screen.happens(Clicked(1), Answered(1, True)) == []


@pytest.mark.parametrize(
    "body",
    [
        "Claude needs your permission",  # Not in the words of the screen: what it would run is not to be seen.
        "Run this?",
        "Run this? " + "x" * MAX_BODY + " make",
    ],
)
def test_only_what_can_be_read_whole_can_be_answered_from_there(screen: Screen, body: str) -> None:
    screen.ask(body=body)
    assert not screen.notices[1].answerable


def test_texts_are_plain_short_lines(screen: Screen) -> None:
    told = notice(number=1, name="x" * 50)
    dirty = "\x1b]0;a\x07b\nc\u202ed\u200be\0" + "f" * 5000
    screen.sink.show(msgspec.structs.replace(told, title=dirty, body=dirty))
    shown = screen.notices[1]
    for text, most in ((shown.title, MAX_TITLE), (shown.body, MAX_BODY)):
        assert text.isprintable()
        assert len(text) == most
        assert text.startswith("]0;ab cdef")
        assert text.endswith("f…")


def test_late_clicks_are_remembered_within_bounds(screen: Screen) -> None:
    for number in range(1, 1000):
        screen.ask(number)
    assert screen.happens(Clicked(1)) == []
    assert screen.happens(Clicked(999)) == [("show", "a", "")]


def test_an_answer_that_did_not_take_is_told_and_offers_none(screen: Screen) -> None:
    screen.ask()
    assert screen.now is not None
    screen.sink.show_unanswered(screen.now, "Its program is not reading.")
    assert screen.notices[1] == DesktopNotice(1, "atlas was not answered", "Its program is not reading.")
    gone = msgspec.structs.replace(screen.now, number=77, instance=InstanceId("b"))
    screen.sink.show_unanswered(gone, "x")
    assert screen.notices[77].title == "b was not answered"
