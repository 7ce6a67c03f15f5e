"""What instances do and where the person is, in; what is shown and sent, out."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from podium.attention.signals import Claim
from podium.core.config.notify_settings import Notify, NotifyOf
from podium.core.ids import InstanceId
from podium.core.instances import AlertLevel
from podium.notifications.delivery import Delivery
from podium.notifications.digest import Spent
from podium.notifications.notice import Notice
from podium.notifications.outlets.message import Message
from podium.notifications.presence import Presence
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend
from tests.workspace.instances import Time, spec


class Day:
    """A person's day with two instances, ``a`` and ``b``."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.backend = FakeBackend()
        self.time = Time()
        self.workspace = Workspace(self.backend.hub, {}, clock=self.time)
        self.local = datetime(2026, 12, 1, 12)
        self.desktop: list[str] = []
        self.sent: list[Message] = []
        self.returned: list[str] = []
        self.asked: list[float] = []
        self.presence = Presence(clock=self.time)
        self.delivery = Delivery(
            self.workspace, self, self.sent.append, self.presence, self.spent, self.time, lambda: self.local
        )
        self.delivery.returned.connect(self.returned.append)
        for id in ("a", "b"):
            self.workspace.create(spec(id))
            self.backend.run(InstanceId(id))

    def apply(self, **settings: Any) -> None:
        self.delivery.apply(msgspec.structs.replace(Notify(), **settings))

    def spent(self, since: float, receive: Callable[[Spent], None]) -> None:
        self.asked.append(since)
        receive(Spent(4.5, 1200))

    def show(self, notice: Notice) -> None:
        self.desktop.append(f"+{notice.alert.instance}")

    def withdraw(self, number: int) -> None:
        self.desktop.append(f"-{number}")

    def asks(self, id: str = "a", question: str = "Deploy?") -> None:
        self.workspace.needs.tell(InstanceId(id), Claim.WAITING, question)
        self.settle()

    def goes_on(self, id: str = "a") -> None:
        self.workspace.needs.tell(InstanceId(id), Claim.BUSY, "")
        self.settle()

    def settle(self) -> None:
        """Let what was told arrive, and have stood."""
        self.qtbot.wait(1)
        self.pass_time(0.4)

    def pass_time(self, seconds: float) -> None:
        self.time.now += seconds
        self.workspace.alerts._on_due()
        self.delivery._on_digest_due()

    def set_level(self, id: str, level: AlertLevel) -> None:
        record = self.workspace._instances[InstanceId(id)]
        record.spec = msgspec.structs.replace(record.spec, alerts=level)

    def go_away(self) -> None:
        self.pass_time(16 * 60)
        self.presence._look()
        assert self.presence.away


@pytest.fixture
def day(qtbot: QtBot, qapp: object) -> Day:
    day = Day(qtbot)
    day.apply()
    return day


def test_a_question_is_shown_and_sent_once_and_goes_when_answered(day: Day) -> None:
    day.asks()
    day.pass_time(3600)
    day.goes_on()
    assert day.desktop == ["+a", "-1"]
    assert [(message.event, message.title) for message in day.sent] == [("question", "a waits for you")]


def test_what_programs_wrote_leaves_the_machine_only_where_allowed(day: Day) -> None:
    day.asks(question="The password is hunter2?")
    assert "hunter2" not in repr(day.sent)
    day.goes_on()
    day.apply(call_text=True)
    day.asks(question="The password is hunter2?")
    assert "hunter2" in day.sent[-1].text


def test_settings_say_who_is_told(day: Day) -> None:
    day.apply(desktop=NotifyOf.NOTHING)
    day.asks()
    assert (day.desktop, len(day.sent)) == ([], 1)
    day.apply(calls=NotifyOf.NOTHING)
    day.asks("b")
    assert (day.desktop, len(day.sent)) == (["+b"], 1)


def test_a_muted_instance_calls_nobody_and_an_important_one_always(day: Day) -> None:
    day.workspace.alerts.do_not_disturb.turn_on()
    day.set_level("a", AlertLevel.MUTED)
    day.set_level("b", AlertLevel.IMPORTANT)
    day.asks("a")
    day.asks("b")
    assert day.desktop == ["+b"]
    assert [message.instance for message in day.sent] == ["b"]


def test_when_quiet_is_over_what_still_waits_is_shown(day: Day) -> None:
    quiet = day.workspace.alerts.do_not_disturb
    quiet.turn_on()
    day.asks("a")
    day.asks("b")
    day.goes_on("b")
    assert (day.desktop, day.sent) == ([], [])
    quiet.turn_off()
    assert day.desktop == ["+a"]
    day.pass_time(31)
    assert [(message.event, message.title) for message in day.sent] == [("digest", "1 waits for you")]


def test_quiet_hours_begin_and_end(day: Day) -> None:
    day.apply(quiet_hours="22:00-07:00")
    day.local = day.local.replace(hour=23)
    day.delivery._look_at_quiet()
    day.asks()
    assert day.desktop == []
    day.local = day.local.replace(hour=7)
    day.delivery._look_at_quiet()
    assert day.desktop == ["+a"]


def test_while_away_one_digest_is_sent_instead_of_a_storm(day: Day) -> None:
    day.go_away()
    day.asks("a")
    day.backend.exit(InstanceId("b"))
    day.settle()
    assert day.sent == []
    day.pass_time(31)
    (digest,) = day.sent
    assert (digest.event, digest.title) == ("digest", "1 waits for you, 1 is done")
    for _ in range(30):
        day.goes_on()
        day.asks()
        day.pass_time(40)
    assert len(day.sent) == 2


def test_who_comes_back_is_told_what_happened(day: Day) -> None:
    day.go_away()
    day.asks("a", "Deploy?")
    day.backend.exit(InstanceId("b"))
    day.settle()
    day.pass_time(600)
    day.presence.touch()
    assert "".join(day.returned) == (
        "While you were away (26 min): 1 waits for you, 1 is done.\na waits for 10 min: Deploy?\nb is done (16:00)\n"
        "$4.50 spent meanwhile\n20 min of waiting for you, all instances together"
    )
    day.pass_time(3600)
    assert len(day.sent) == 1


def test_an_absence_without_events_is_not_mentioned(day: Day) -> None:
    day.go_away()
    day.presence.touch()
    assert day.returned == []


def test_nobody_is_away_where_the_setting_says_so(day: Day) -> None:
    day.apply(away_minutes=0)
    day.pass_time(10**6)
    day.presence._look()
    day.asks()
    assert (day.presence.away, len(day.sent)) == (False, 1)


def test_nothing_is_told_before_the_settings_are_there(qtbot: QtBot, qapp: object) -> None:
    day = Day(qtbot)
    day.asks()
    assert (day.desktop, day.sent) == ([], [])


def test_who_moves_the_pointer_is_there(day: Day) -> None:
    place = [0]
    presence = Presence(lambda: place[0], day.time)
    presence.set_limit(900)
    for minute in range(30):
        day.time.now += 60
        place[0] = minute
        presence._look()
    assert not presence.away
    day.time.now += 901
    presence._look()
    assert presence.away
    place[0] = 99
    presence._look()
    assert not presence.away
