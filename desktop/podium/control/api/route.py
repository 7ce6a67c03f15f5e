"""A route: one row gives the path, the call it makes, its answer, who may use it, and its text."""

from dataclasses import dataclass, field
from typing import Final

import msgspec

from podium.control.api.scope import Access
from podium.control.api.shapes import Call

INSTANCE_PATH: Final = "/api/orchestrator/{id}"
UNKNOWN_INSTANCE: Final = {404: "There is no such instance."}
"""The errors of a route about one instance."""


@dataclass(frozen=True, slots=True)
class Route:
    """Each ``{name}`` in ``path`` stands for one segment. ``errors`` are statuses with what they
    mean here, beyond those every route may answer.
    """

    method: str
    path: str
    call: type[Call]
    answer: type[msgspec.Struct]
    access: Access
    summary: str
    errors: dict[int, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    """Fields of the call that the path implies."""
    or_answer: type[msgspec.Struct] | None = None
    """Another answer it may give, when the call asks for it."""
    seconds: float | None = None
    """Seconds that its answer may take; None: ``ANSWER_SECONDS``."""

    @property
    def segments(self) -> tuple[str, ...]:
        return tuple(self.path.strip("/").split("/"))
