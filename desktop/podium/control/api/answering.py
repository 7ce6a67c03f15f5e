"""Answers to what an agent's tool asks on its screen."""

from enum import StrEnum
from typing import Final

from podium.control.api.route import INSTANCE_PATH, UNKNOWN_INSTANCE, Route
from podium.control.api.scope import Access
from podium.control.api.shapes import Done, InstanceCall


class Reply(StrEnum):
    ALLOW = "allow"
    DENY = "deny"


class AnswerInstance(InstanceCall, frozen=True, kw_only=True):
    """Say yes or no to the question that stands on its screen, with the keys that its tool takes.

    The keys are typed when the screen is still, and only if it still asks the same; answered when the question has gone
    from the screen. ``question``: refuse to answer any other than this one, as ``attention.question`` gave it.
    """

    answer: Reply
    question: str | None = None


ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "POST",
        f"{INSTANCE_PATH}/answer",
        AnswerInstance,
        Done,
        Access.WRITE,
        "Say yes or no to what an agent's tool asks on its screen.",
        {409: "It asks nothing that can be answered so, or did not take the answer.", **UNKNOWN_INSTANCE},
    ),
)
