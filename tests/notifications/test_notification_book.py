"""What is to be shown and what the service says, in; calls to it and what a person did, out."""

import pytest

from podium.notifications.desktop.notification_book import (
    AskCapabilities,
    CloseNotification,
    NotificationBook,
    Notify,
    ServiceCall,
)
from podium.notifications.desktop.service import MAX_OPEN, Answered, Clicked, DesktopEvent, DesktopNotice

SERVICE = ":1.7"
CAN = frozenset({"actions"})


def notice(number: int, *, answerable: bool = True) -> DesktopNotice:
    return DesktopNotice(number, f"{number} waits for you", "Deploy?", answerable)


class Desk:
    """A book with a service that answers at once, unless it is told to wait."""

    def __init__(self, *, connected: bool = True) -> None:
        self.book = NotificationBook()
        self.waits = False
        self.calls: list[ServiceCall] = []
        self.shown: dict[int, int] = {}
        """Number → id."""
        self.next_id = 1
        if connected:
            self.book.on_connected()
            self.book.on_owner(SERVICE)

    def settle(self) -> None:
        while calls := self.book.take_calls():
            self.calls += calls
            for call in calls:
                self.answer(call)

    def answer(self, call: ServiceCall) -> None:
        match call:
            case _ if self.waits:
                pass
            case AskCapabilities():
                self.book.on_capabilities(CAN)
            case Notify(shown, _):
                self.shown[shown.number] = self.next_id
                self.book.on_notified(shown.number, self.next_id, SERVICE)
                self.next_id += 1
            case CloseNotification(id):
                self.shown = {number: one for number, one in self.shown.items() if one != id}
                self.book.on_closed(id, SERVICE)

    def show(self, *numbers: int) -> None:
        for number in numbers:
            self.book.show(notice(number))
        self.settle()

    def withdraw(self, number: int) -> None:
        self.book.withdraw(number)
        self.settle()

    def press(self, number: int, key: str, service: str = SERVICE) -> tuple[DesktopEvent, ...]:
        self.book.on_action(self.shown[number], service, key)
        self.settle()
        return self.book.take_events()

    def notified(self) -> list[int]:
        return [call.notice.number for call in self.calls if isinstance(call, Notify)]


def test_a_notice_is_shown_once_and_goes_when_it_is_withdrawn() -> None:
    desk = Desk()
    desk.show(1)
    desk.show(1)
    assert desk.calls == [AskCapabilities(), Notify(notice(1), CAN)]
    desk.withdraw(1)
    desk.withdraw(1)
    assert desk.calls[2:] == [CloseNotification(1)]
    desk.withdraw(99)
    assert not desk.shown


@pytest.mark.parametrize(
    ("key", "event"),
    [
        ("default", Clicked(1)),
        ("show", Clicked(1)),
        ("allow", Answered(1, True)),
        ("deny", Answered(1, False)),
        ("Allow", None),
        ("", None),
        ("allow\x00", None),
        ("\u202eallow", None),
        ("x" * 100_000, None),
    ],
)
def test_an_action_is_one_of_those_that_were_offered(key: str, event: DesktopEvent | None) -> None:
    desk = Desk()
    desk.show(1)
    assert desk.press(1, key) == ((event,) if event is not None else ())
    assert (1 in desk.shown) is (event is None)


@pytest.mark.parametrize("key", ["allow", "deny"])
def test_what_has_no_answer_takes_none(key: str) -> None:
    desk = Desk()
    desk.book.show(notice(1, answerable=False))
    desk.settle()
    assert desk.press(1, key) == ()


def test_one_press_is_one_event_and_none_comes_after_the_end() -> None:
    desk = Desk()
    desk.show(1, 2)
    id = desk.shown[1]
    assert desk.press(1, "allow") == (Answered(1, True),)
    desk.book.on_action(id, SERVICE, "allow")
    desk.book.on_closed(desk.shown[2], SERVICE)
    desk.book.on_action(desk.shown[2], SERVICE, "allow")
    assert desk.book.take_events() == ()


def test_signals_of_strangers_are_none() -> None:
    desk = Desk()
    desk.show(1)
    assert desk.press(1, "allow", service=":1.99") == ()
    desk.book.on_closed(1, ":1.99")
    desk.book.on_token(1, ":1.99", "stolen")
    assert desk.press(1, "default") == (Clicked(1, ""),)


@pytest.mark.parametrize(
    ("token", "taken"),
    [("abc-1_TIME2", "abc-1_TIME2"), ("a\nb", ""), ("ä", ""), ("\x00", ""), ("x" * 600, "x" * 512)],
)
def test_a_token_comes_along_where_it_is_plain(token: str, taken: str) -> None:
    desk = Desk()
    desk.show(1)
    desk.book.on_token(1, SERVICE, token)
    assert desk.press(1, "show") == (Clicked(1, taken),)


def test_what_is_withdrawn_before_the_service_has_answered_is_closed_when_it_does() -> None:
    desk = Desk()
    desk.show(1)
    desk.waits = True
    desk.show(2)
    desk.withdraw(2)
    assert CloseNotification(2) not in desk.calls
    desk.book.on_notified(2, 2, SERVICE)
    desk.settle()
    assert desk.calls[-1] == CloseNotification(2)


def test_nothing_is_asked_for_twice_while_a_service_hangs_and_all_stays_bounded() -> None:
    desk = Desk()
    desk.show(0)
    desk.waits = True
    for number in range(1, 1000):
        desk.show(number)
    assert len(desk.notified()) <= 1 + MAX_OPEN
    assert len(desk.calls) <= 3 * MAX_OPEN
    assert len(desk.book._entries) <= 2 * MAX_OPEN


def test_a_service_that_hangs_holds_up_no_other_one() -> None:
    desk = Desk()
    desk.show(0)
    desk.waits = True
    for number in range(1, 100):
        desk.show(number)
        desk.withdraw(number)
    desk.waits = False
    desk.book.on_owner(":1.8")
    desk.show(200)
    assert desk.notified()[-1] == 200


def test_the_oldest_goes_for_one_too_many() -> None:
    desk = Desk()
    desk.show(*range(MAX_OPEN + 2))
    assert sorted(desk.shown) == list(range(2, MAX_OPEN + 2))


def test_what_still_waits_is_shown_when_a_service_appears() -> None:
    desk = Desk(connected=False)
    desk.show(1, 2, 3)
    desk.withdraw(2)
    assert desk.calls == []
    desk.book.on_connected()
    assert desk.book.take_calls() == (AskCapabilities(),)  # The bus starts a service for it, if it has one.
    desk.book.on_no_capabilities()
    desk.settle()
    assert desk.calls == []
    desk.book.on_owner(SERVICE)
    desk.settle()
    assert sorted(desk.shown) == [1, 3]


def test_a_service_that_is_not_there_is_asked_again_for_the_next_one() -> None:
    desk = Desk()
    desk.book.on_owner("")
    desk.waits = True
    desk.show(1)
    desk.book.on_no_capabilities()
    desk.show(2)
    assert desk.calls == [AskCapabilities(), AskCapabilities()]


def test_the_answer_of_a_service_that_was_started_for_it_is_waited_for() -> None:
    desk = Desk()
    desk.book.on_owner("")
    desk.waits = True
    desk.show(1)
    desk.book.on_owner(":1.8")
    desk.settle()
    assert desk.calls == [AskCapabilities()]


def test_another_service_knows_nothing_of_what_the_last_one_showed() -> None:
    desk = Desk()
    desk.show(1)
    desk.book.on_owner("")
    desk.book.on_owner(":1.8")
    desk.settle()
    # Its ids begin anew: an action of the first one it shows is none of what was shown before.
    desk.book.on_action(1, ":1.8", "allow")
    assert desk.book.take_events() == ()
    desk.withdraw(1)
    assert desk.notified() == [1]
    assert not [call for call in desk.calls if isinstance(call, CloseNotification)]


def test_what_a_service_failed_at_is_not_tried_again() -> None:
    desk = Desk()
    desk.show(1)
    desk.waits = True
    desk.show(2)
    desk.book.on_not_notified(2, reached=True)
    desk.book.on_owner("")
    desk.book.on_owner(SERVICE)
    desk.waits = False
    desk.settle()
    assert desk.notified() == [1, 2]


@pytest.mark.parametrize("wanted", [True, False])
def test_what_came_too_late_for_a_service_is_for_the_next_one(wanted: bool) -> None:
    desk = Desk()
    desk.show(1)
    desk.waits = True
    desk.show(2)
    if not wanted:
        desk.withdraw(2)
    desk.book.on_not_notified(2, reached=False)
    assert desk.book.take_calls() == ()
    desk.waits = False
    desk.book.on_owner("")
    desk.book.on_owner(SERVICE)
    desk.settle()
    assert desk.notified() == ([1, 2, 2] if wanted else [1, 2])


def test_the_end_of_the_bus_ends_what_it_carried() -> None:
    desk = Desk()
    desk.show(1)
    desk.book.on_disconnected()
    desk.show(2)
    assert desk.notified() == [1]
    desk.book.on_connected()
    desk.book.on_owner(SERVICE)
    desk.settle()
    assert desk.notified() == [1, 2]


def test_all_go_at_the_end() -> None:
    desk = Desk()
    desk.show(1, 2)
    desk.book.withdraw_all()
    desk.settle()
    assert not desk.shown
