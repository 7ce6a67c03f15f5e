"""Requests of a window to a session about searching its text."""

from typing import TypeAlias

import msgspec

from podium.core.finding.query import SearchQuery

MAX_FINDS = 16
"""Searches of one session at a time."""
MAX_FOUND_LINES = 2000
"""Lines that one FindLines gives."""


class Find(msgspec.Struct, frozen=True, tag="find"):
    """Look for a query in scrollback and screen, the newest lines first, and go on with what is printed later. On the
    alternate screen only what it shows is searched.

    Answered by FoundReports until an Unfind, each of which waits for a FindOn; or by an ErrorReport when it makes no
    sense.
    """

    request: int
    query: SearchQuery


class FindOn(msgspec.Struct, frozen=True, tag="findOn"):
    """The last FoundReport of a Find was taken in; the next may come."""

    request: int


class Unfind(msgspec.Struct, frozen=True, tag="unfind"):
    request: int


class FindLines(msgspec.Struct, frozen=True, tag="findLines"):
    """Ask for the ``most`` newest lines with a match in scrollback and visible screen, newest first. Answered by
    FoundLinesReports, or an ErrorReport.
    """

    request: int
    query: SearchQuery
    most: int = MAX_FOUND_LINES


FindRequest: TypeAlias = Find | FindOn | Unfind | FindLines
