"""Podium itself: its health, and the description of its API."""

from typing import Final

import msgspec

from podium.control.api.route import Route
from podium.control.api.scope import Access
from podium.control.api.shapes import Answer, Call


class GetHealth(Call, frozen=True):
    pass


class OpenApi(Call, frozen=True):
    """The description of the API; answered without the window."""


class Health(Answer, frozen=True, kw_only=True):
    status: str = "ok"
    version: str
    pid: int
    mode: str
    """``window`` or ``serve``."""
    isolated: bool
    """Whether each instance has a process of its own."""
    uptime: float
    instances: int
    epoch: str
    """The events' epoch; another one means that Podium was started anew."""


ROUTES: Final[tuple[Route, ...]] = (
    Route("GET", "/api/health", GetHealth, Health, Access.READ, "Whether Podium is well."),
    Route(
        "GET",
        "/api/openapi.json",
        OpenApi,
        msgspec.Struct,
        Access.READ,
        "This description.",
    ),
)
