"""Answers to the questions of agents' tools, given for a person from anywhere but their terminals."""

from collections.abc import Callable

from podium.core.ids import InstanceId
from podium.core.protocol.attention import Allow, AnsweredReport, AnswerQuestion, Deny, Question
from podium.core.protocol.reports import ErrorReport
from podium.sessions.hub import SessionHub
from podium.sessions.queries import Reply, SessionGone


def answer_question(
    hub: SessionHub,
    instance: InstanceId,
    question: Question,
    *,
    allow: bool,
    receive: Callable[[str], None],
) -> None:
    """Say yes or no to ``question`` and to no other one: its session looks whether it stands, and whether it went.

    ``receive`` is called once, at once or some seconds later: with "" when it was answered and has gone from the
    screen, else with why not, in words for a person.
    """

    def on_reply(reply: Reply | SessionGone) -> None:
        match reply:
            case AnsweredReport():
                receive("")
            case ErrorReport(message):
                receive(message)
            case SessionGone(reason):
                receive(reason)

    hub.ask(instance, on_reply, AnswerQuestion(0, question, Allow() if allow else Deny()))
