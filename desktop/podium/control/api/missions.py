"""The missions of the instances, and their files."""

from typing import Annotated, Final

from msgspec import Meta

from podium.control.api.route import Route
from podium.control.api.scope import Access
from podium.control.api.shapes import Answer, Call


class ListMissions(Call, frozen=True):
    pass


class CheckMission(Call, frozen=True, kw_only=True):
    """``file`` is the absolute path of a mission file."""

    file: Annotated[str, Meta(min_length=1, max_length=4096)]


class MissionInfo(Answer, frozen=True):
    """A mission that an instance has; ``file`` is the path of its file."""

    instance: str
    name: str
    file: str
    state: str


class MissionsInfo(Answer, frozen=True):
    missions: tuple[MissionInfo, ...]


class MissionFault(Answer, frozen=True):
    """``key`` is where in the file, ``fix`` what to write instead."""

    file: str
    key: str
    reason: str
    fix: str


class MissionChecked(Answer, frozen=True):
    """``ok`` with what the mission is, or all errors in its file."""

    ok: bool
    name: str = ""
    folder: str = ""
    agents: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    max_rounds: int | None = None
    faults: tuple[MissionFault, ...] = ()
    terms: tuple[str, ...] = ()
    """What the file lets happen, a line for each thing, every character visible: commands, permissions, limits, files
    from outside the project, the first lines of prompts. What the repository makes git run is asked in the terminal."""
    agreed: bool = False
    """Whether the person has agreed to as much already; else the mission asks in its terminal before it runs."""


ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "GET",
        "/api/missions",
        ListMissions,
        MissionsInfo,
        Access.READ,
        "The missions of the instances.",
    ),
    Route(
        "POST",
        "/api/missions/check",
        CheckMission,
        MissionChecked,
        Access.READ,
        "Check a mission file; reports all errors at once.",
    ),
)
