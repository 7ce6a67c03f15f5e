"""An answer to a card goes to all who ask on it, and each says what became of it."""

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from podium.core.ids import InstanceId
from podium.core.protocol.attention import Question
from podium.ui.inbox.answers import InboxAnswers
from podium.ui.inbox.contents import Card
from tests.ui.inbox.asking import STILL_THERE, member


class Sessions:
    """Keeps what was asked of them until the test has it answered."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bool]] = []
        self._receivers: dict[str, Callable[[str], None]] = {}

    def ask(self, id: InstanceId, question: Question, allow: bool, receive: Callable[[str], None]) -> None:
        self.asked.append((id, question.subject, allow))
        self._receivers[id] = receive

    def reply(self, id: str, reason: str = "") -> None:
        self._receivers.pop(id)(reason)


def card(*numbers: int) -> Card:
    return Card(tuple(member(number) for number in numbers))


def test_one_answer_is_given_to_all_and_over_when_all_have_said_so(qtbot: QtBot) -> None:
    sessions = Sessions()
    answers, four = InboxAnswers(sessions.ask), card(1, 2, 3, 4)
    answers.give(four, allow=True)
    assert sessions.asked == [(f"i{number}", "make test", True) for number in (1, 2, 3, 4)]
    batch = answers.batch(four)
    assert batch is not None
    assert batch.word == "Allowing…"
    for number in (3, 1, 2):
        sessions.reply(f"i{number}")
        assert batch.word == "Allowing…"
    sessions.reply("i4")
    assert batch.word == "Allowed all 4"
    qtbot.waitUntil(lambda: not answers.batches)
    assert [answers.refusal(one) for one in four.members] == ["", "", "", ""]


def test_who_did_not_take_it_is_known(qtbot: QtBot) -> None:
    sessions = Sessions()
    answers, two = InboxAnswers(sessions.ask), card(1, 2)
    answers.give(two, allow=False)
    sessions.reply("i1", STILL_THERE)
    sessions.reply("i2")
    (batch,) = answers.batches
    assert batch.word == "Denied 1 of 2"
    qtbot.waitUntil(lambda: not answers.batches)
    assert answers.refusal(two.members[0]) == STILL_THERE
    answers.keep({2})
    assert answers.refusal(two.members[0]) == ""


def test_while_an_answer_is_on_its_way_no_other_is_given() -> None:
    sessions = Sessions()
    answers = InboxAnswers(sessions.ask)
    answers.give(card(1, 2), allow=True)
    answers.give(card(2), allow=False)
    assert len(sessions.asked) == 2
    assert answers.busy() == {1, 2}


def test_a_card_without_keys_is_not_answered() -> None:
    sessions = Sessions()
    answers = InboxAnswers(sessions.ask)
    answers.give(Card((member(1, asked=None),)), allow=True)
    assert sessions.asked == []
    assert answers.batches == ()


def test_sessions_that_are_gone_say_so_at_once(qtbot: QtBot) -> None:
    answers, one = (
        InboxAnswers(lambda _id, _question, _allow, receive: receive("It has no session.")),
        card(1),
    )
    answers.give(one, allow=True)
    qtbot.waitUntil(lambda: not answers.batches)
    assert answers.refusal(one.members[0]) == "It has no session."
    answers.give(one, allow=True)
    assert len(answers.batches) == 1  # It may be tried again.


def test_a_card_stays_while_its_alert_is_about_to_go_and_no_longer(qtbot: QtBot) -> None:
    sessions = Sessions()
    answers, one = InboxAnswers(sessions.ask), card(1)
    answers.keep({1})
    changes: list[int] = []
    answers.give(one, allow=True)
    sessions.reply("i1")
    answers.changed.connect(lambda: changes.append(len(answers.batches)))
    qtbot.waitUntil(lambda: changes == [0])  # Its tool asks the same again: it is a question like others.
    answers.give(one, allow=True)
    assert len(sessions.asked) == 2


def test_an_answer_that_took_at_last_leaves_no_refusal(qtbot: QtBot) -> None:
    sessions = Sessions()
    answers, one = InboxAnswers(sessions.ask), card(1)
    answers.give(one, allow=True)
    sessions.reply("i1", STILL_THERE)
    qtbot.waitUntil(lambda: not answers.batches)
    answers.give(one, allow=True)
    sessions.reply("i1")
    qtbot.waitUntil(lambda: not answers.batches)
    assert answers.refusal(one.members[0]) == ""
