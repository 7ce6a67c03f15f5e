"""Searching: lines with matches in one instance's screen and scrollback, or in those of all."""

from typing import Annotated, Final

from msgspec import Meta

from podium.control.api.route import INSTANCE_PATH, UNKNOWN_INSTANCE, Route
from podium.control.api.scope import Access
from podium.control.api.shapes import Answer, Call, InstanceCall
from podium.core.finding.query import MAX_QUERY
from podium.core.protocol.finding import MAX_FOUND_LINES

SearchText = Annotated[str, Meta(min_length=1, max_length=MAX_QUERY)]
LineLimit = Annotated[int, Meta(ge=1, le=MAX_FOUND_LINES)]
_DEFAULT_LIMIT: Final = 200


class FindInInstance(InstanceCall, frozen=True, kw_only=True):
    """``case``: capital letters are not small ones. ``word``: whole words alone. ``regex``: the text is a regular
    expression, applied to each line as it was before the terminal wrapped it. The newest ``limit`` lines are given.
    """

    text: SearchText
    case: bool = False
    word: bool = False
    regex: bool = False
    limit: LineLimit = MAX_FOUND_LINES


class FindInAll(Call, frozen=True, kw_only=True):
    """As in one instance; ``limit`` is for each of them."""

    text: SearchText
    case: bool = False
    word: bool = False
    regex: bool = False
    limit: LineLimit = _DEFAULT_LIMIT


class LineFound(Answer, frozen=True):
    """A line with matches; ``line`` is the absolute number of its first row, as in the scrollback's route.

    ``text`` is at most 500 characters with the first match among them, ``spans`` the start and end of each match in
    it, counted in characters.
    """

    line: int
    text: str
    spans: tuple[tuple[int, int], ...]


class FoundInInstance(Answer, frozen=True):
    """The newest lines with matches, newest first, and how many ``matches`` there are in all. The numbers hold within
    one ``lineEpoch``. ``reason`` says why an instance was not searched.
    """

    id: str
    name: str
    matches: int
    lines: tuple[LineFound, ...]
    line_epoch: int = 0
    reason: str = ""


class FoundInAll(Answer, frozen=True):
    """The instances in the window's order, those without a match too."""

    matches: int
    instances: tuple[FoundInInstance, ...]


ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "GET",
        f"{INSTANCE_PATH}/find",
        FindInInstance,
        FoundInInstance,
        Access.READ,
        "Search an instance's screen and scrollback; the newest lines come first.",
        {409: "It has no session to ask, or too many searches run.", **UNKNOWN_INSTANCE},
    ),
    Route(
        "GET",
        "/api/find",
        FindInAll,
        FoundInAll,
        Access.READ,
        "Search the screens and scrollbacks of all instances.",
        {409: "Too many searches run."},
    ),
)
