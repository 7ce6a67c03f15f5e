"""Alerts in, cards and rows out."""

import msgspec
import pytest

from podium.attention.alerts import AlertKind
from podium.core.protocol.attention import Question
from podium.ui.inbox.contents import contents, same_as
from tests.ui.inbox.asking import DEPLOY, MAKE, member, names


def cards(*members: object, apart: frozenset[int] = frozenset()) -> list[list[str]]:
    return [names(card.members) for card in contents(members, apart).cards]  # type: ignore[arg-type]


def test_the_oldest_question_comes_first_and_what_ended_last_does() -> None:
    shown = contents(
        [
            member(1, "late", since=5.0),
            member(2, "early", DEPLOY, since=1.0),
            member(3, "done", None, 2.0, AlertKind.DONE),
            member(4, "failed", None, 9.0, AlertKind.FAILED),
            member(5, "rang", None, 4.0, AlertKind.BELL),
        ]
    )
    assert [names(card.members) for card in shown.cards] == [["early"], ["late"]]
    assert names(shown.ended) == ["failed", "rang", "done"]
    assert shown.questions == 2


def test_the_same_question_of_several_agents_is_one_card_with_the_age_of_the_oldest() -> None:
    asking = [member(1, "a", since=7.0), member(2, "b", DEPLOY, since=6.0), member(3, "c", since=5.0)]
    assert cards(*asking) == [["c", "a"], ["b"]]
    assert contents(asking).cards[0].first.alert.since == 5.0


def test_another_tool_that_asks_the_same_has_a_card_of_its_own() -> None:
    assert cards(member(1, "a"), member(2, "b", tool="codex")) == [["a"], ["b"]]


def test_what_is_only_told_is_never_taken_together() -> None:
    assert cards(member(1, "a", None), member(2, "b", None)) == [["a"], ["b"]]


@pytest.mark.parametrize("shown", ["another", ""])
def test_what_shows_something_else_with_it_is_another_question(shown: str) -> None:
    assert cards(member(1, "a"), member(2, "b", msgspec.structs.replace(MAKE, shown=shown))) == [["a"], ["b"]]


def test_one_by_one_each_has_a_card_and_so_has_who_joins_them() -> None:
    asking = [member(1, "a"), member(2, "b"), member(3, "c")]
    shown = contents(asking, frozenset({1, 2}))
    assert [names(card.members) for card in shown.cards] == [["a"], ["b"], ["c"]]
    assert all(card.apart for card in shown.cards)
    assert same_as(shown.cards[2], shown.cards) == {1, 2, 3}


def test_apart_they_stand_among_others_by_their_age() -> None:
    asking = [member(1, "a", since=1.0), member(2, "b", DEPLOY, since=2.0), member(3, "c", since=3.0)]
    assert cards(*asking, apart=frozenset({1})) == [["a"], ["b"], ["c"]]


def test_the_last_that_is_left_of_those_apart_is_a_card_like_others() -> None:
    (card,) = contents([member(1)], frozenset({1})).cards
    assert not card.apart
    assert same_as(card, (card,)) == {1}


@pytest.mark.parametrize(
    ("asked", "allow", "deny"),
    [
        (MAKE, True, True),
        (msgspec.structs.replace(MAKE, deny=""), True, False),
        (msgspec.structs.replace(MAKE, allow="", deny=""), False, False),
        (None, False, False),
    ],
)
def test_only_what_a_tool_has_keys_for_can_be_said(asked: Question | None, allow: bool, deny: bool) -> None:
    (card,) = contents([member(1, asked=asked)]).cards
    assert (card.can_say(allow=True), card.can_say(allow=False)) == (allow, deny)


def test_all_are_answered_only_where_the_keys_of_each_are_known() -> None:
    (card,) = contents([member(1, "a"), member(2, "b", msgspec.structs.replace(MAKE, deny=""))]).cards
    assert card.can_say(allow=True)
    assert not card.can_say(allow=False)
