"""Cards come and go, and the selection stays; a key answers nothing that has just come under it."""

from podium.attention.alerts import AlertKind
from podium.ui.inbox.contents import Card
from podium.ui.inbox.selection import SETTLE, Selection
from tests.ui.inbox.asking import member


class Time:
    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now

    def settle(self) -> None:
        self.now += SETTLE


def card(*numbers: int) -> Card:
    return Card(tuple(member(number) for number in numbers))


def test_the_first_one_is_chosen_and_nothing_where_there_is_nothing() -> None:
    selection = Selection(Time())
    selection.show([])
    assert selection.entry is None
    assert not selection.settled()
    selection.show([card(1), card(2)])
    assert selection.entry == card(1)


def test_it_stays_on_its_card_when_others_come_before_it_and_go() -> None:
    selection = Selection(Time())
    selection.show([card(1), card(2), card(3)])
    selection.step(1)
    selection.show([card(7), card(1), card(2), card(3)])
    assert selection.entry == card(2)
    selection.show([card(2)])
    assert selection.entry == card(2)


def test_it_goes_on_to_what_takes_the_place_of_its_card() -> None:
    selection = Selection(Time())
    selection.show([card(1), card(2), card(3)])
    selection.step(1)
    selection.show([card(1), card(3)])
    assert selection.entry == card(3)
    selection.show([card(1)])
    assert selection.entry == card(1)


def test_it_goes_from_the_last_question_to_one_that_is_left_and_not_to_what_ended() -> None:
    ended = member(9, kind=AlertKind.DONE)
    selection = Selection(Time())
    selection.show([card(1), card(2), ended])
    selection.step(1)
    selection.show([card(1), ended])
    assert selection.entry == card(1)
    selection.show([ended])
    now: object = selection.entry
    assert now == ended


def test_it_stays_with_most_of_those_that_were_on_its_card() -> None:
    selection = Selection(Time())
    selection.show([card(1, 2, 3), card(4)])
    selection.show([card(4), card(1), card(2, 3)])
    assert selection.entry == card(2, 3)


def test_a_card_takes_an_answer_only_when_it_has_been_there_for_a_moment() -> None:
    time = Time()
    selection = Selection(time)
    selection.show([card(1)])
    assert not selection.settled()
    time.settle()
    assert selection.settled()


def test_a_card_that_comes_under_the_selection_takes_no_answer_at_once() -> None:
    time = Time()
    selection = Selection(time)
    selection.show([card(1), card(2)])
    time.settle()
    selection.show([card(2)])
    assert not selection.settled()
    time.settle()
    assert selection.settled()


def test_neither_does_a_card_that_others_join() -> None:
    time = Time()
    selection = Selection(time)
    selection.show([card(1)])
    time.settle()
    selection.show([card(1, 2)])
    assert not selection.settled()


def test_a_question_of_which_more_becomes_known_takes_no_answer_at_once() -> None:
    time = Time()
    selection = Selection(time)
    selection.show([Card((member(1, asked=None),))])
    time.settle()
    selection.show([card(1)])
    assert selection.entry == card(1)
    assert not selection.settled()
    time.settle()
    assert selection.settled()


def test_who_moves_to_a_card_that_stands_for_long_need_not_wait() -> None:
    time = Time()
    selection = Selection(time)
    selection.show([card(1), card(2)])
    time.settle()
    selection.show([card(1), card(2), card(3)])
    selection.step(1)
    assert selection.settled()
    selection.step(1)
    assert not selection.settled()


def test_what_leaves_others_alone_does_not_make_them_wait_again() -> None:
    time = Time()
    selection = Selection(time)
    selection.show([card(1, 2), card(3)])
    time.settle()
    selection.show([card(1), card(3)])
    assert selection.settled()


def test_it_does_not_leave_the_list() -> None:
    selection = Selection(Time())
    selection.show([card(1), card(2)])
    selection.step(-1)
    assert selection.index == 0
    selection.step(5)
    assert selection.index == 1
    selection.choose(9)
    assert selection.index == 1


def test_cards_that_are_put_together_take_no_answer_at_once() -> None:
    time = Time()
    selection = Selection(time)
    selection.show([card(1), card(2)])
    time.settle()
    selection.show([card(1, 2)])
    assert not selection.settled()


def test_neither_does_a_card_elsewhere_that_others_have_just_joined() -> None:
    time = Time()
    selection = Selection(time)
    selection.show([card(3), card(1)])
    time.settle()
    selection.show([card(3), card(1, 2)])
    assert selection.settled()
    selection.step(1)
    assert not selection.settled()
