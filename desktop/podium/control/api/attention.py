"""Who needs a person, and answers: to one instance, or to all that ask the same."""

from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta

from podium.control.api.route import INSTANCE_PATH, UNKNOWN_INSTANCE, Route
from podium.control.api.scope import Access
from podium.control.api.shapes import Answer, Call, Done, InstanceCall, Payload, Text, Time
from podium.core.protocol.attention import MAX_OPTIONS

MAX_INSTANCES: Final = 256
"""Instances that one call may answer."""

_Id = Annotated[str, Meta(max_length=64)]
Option = Annotated[int, Meta(ge=1, le=MAX_OPTIONS)] | Annotated[str, Meta(min_length=1, max_length=256)]


class Reply(StrEnum):
    ALLOW = "allow"
    DENY = "deny"
    OPTION = "option"
    TEXT = "text"


class AnswerInstance(InstanceCall, frozen=True, kw_only=True):
    """Answer the question that stands on its screen, with the keys that its tool takes.

    They are typed when the screen is still, and only if it still asks the same; answered when the question has gone
    from the screen. ``answer`` says what kind of answer it is; with ``option`` or ``text`` it may be left out.
    ``option`` is an option's number from 1, or the words it begins with. ``text`` is typed as one text, also of several
    lines, and submitted with Return; it is also taken at the prompt of a tool that asks nothing and does not work.
    ``question``: answer no other question than this one, as ``attention.question`` gave it.
    """

    answer: Reply | None = None
    option: Option | None = None
    text: Text | None = None
    question: str | None = None


class AnswerSeveral(Call, frozen=True, kw_only=True):
    """Answer the same question of several instances: those in ``instances``, or all that ask the same as ``like``.

    The same tool has to ask the same in the same words; those that ask something else are not answered. Each is
    answered as by itself, all at the same time.
    """

    instances: Annotated[tuple[_Id, ...], Meta(max_length=MAX_INSTANCES)] = ()
    like: _Id | None = None
    answer: Reply | None = None
    option: Option | None = None
    text: Text | None = None
    question: str | None = None


class AttentionInfo(Answer, frozen=True):
    """Whether its program needs a person: ``busy``, ``waiting``, ``quiet``, ``done``, ``failed`` or ``none``.

    ``source`` is what says so: ``events``, ``hook``, ``status``, ``notice``, ``progress``, ``prompt``, ``title``,
    ``screen`` or ``output``; ``since`` is from when on it has been so (seconds since 1970), ``seconds`` for how long.
    """

    state: str
    source: str
    since: float
    seconds: float
    question: str
    kind: str
    """Of a question on its screen: ``permission``, ``trust`` or ``choice``; "" for none."""
    subject: str
    options: tuple[str, ...]
    answers: tuple[str, ...]
    """What the question on its screen takes: of ``allow``, ``deny``, ``option`` and ``text``."""
    tool: str
    """The tool whose screen it is, by its adapter's name; "" where none is known."""


class GivenAnswer(Answer, frozen=True):
    """What came of one answer: ``taken``, or the ``reason`` why not."""

    id: str
    taken: bool
    reason: str = ""


class GivenAnswers(Answer, frozen=True):
    """In the order of ``instances``, or the longest waiting first."""

    answers: tuple[GivenAnswer, ...]


class AttentionChanged(Payload, frozen=True):
    """Its state, its source or its question is another; see AttentionInfo. At most ten a second of one instance."""

    state: str
    source: str
    since: Time
    question: str = ""
    kind: str = ""


ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "POST",
        f"{INSTANCE_PATH}/answer",
        AnswerInstance,
        Done,
        Access.WRITE,
        "Answer what an agent's tool asks on its screen, or give it a text at its prompt.",
        {
            409: "It asks nothing that can be answered so, or did not take the answer.",
            422: "The answer is none.",
            **UNKNOWN_INSTANCE,
        },
    ),
    Route(
        "POST",
        "/api/orchestrator/attention/answers",
        AnswerSeveral,
        GivenAnswers,
        Access.WRITE,
        "Answer the same question of several instances; says of each whether it was taken.",
        {409: "The instance to be like asks nothing.", 422: "The answer is none.", **UNKNOWN_INSTANCE},
    ),
)

EVENTS: Final[dict[str, type[Payload]]] = {
    "attention:changed": AttentionChanged,
}
