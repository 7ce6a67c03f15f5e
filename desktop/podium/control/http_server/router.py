"""From a method and a path to the route that is meant.

aiohttp's own dispatcher answers otherwise: it takes a parameter where a path that is spelled out lacks the method, so
that ``DELETE /api/orchestrator/instances`` would remove an instance of that name instead of being refused with 405,
and a path with a slash at its end is unknown to it.
"""

from dataclasses import dataclass
from urllib.parse import unquote

from podium.control.api.route import Route
from podium.control.api.routes import ROUTES


@dataclass(frozen=True, slots=True)
class Match:
    route: Route
    parameters: dict[str, str]


class Router:
    """Finds the route of a request."""

    def __init__(self, routes: tuple[Route, ...] = ROUTES) -> None:
        self._by_length: dict[int, list[Route]] = {}
        for route in routes:
            self._by_length.setdefault(len(route.segments), []).append(route)
        for found in self._by_length.values():
            # What is spelled out goes before what a parameter could also be.
            found.sort(key=lambda route: tuple(part.startswith("{") for part in route.segments))

    def find(self, method: str, raw_path: str) -> Match | frozenset[str]:
        """The route of a path as it stands on the wire, or the methods of that path (none: there is no such path)."""
        # Split first: a slash that was written %2F is part of a segment.
        segments = [unquote(segment) for segment in raw_path.strip("/").split("/")]
        methods: set[str] = set()
        best: tuple[str, ...] | None = None
        for route in self._by_length.get(len(segments), ()):
            parameters = _match(route.segments, segments)
            if parameters is None or (best is not None and route.segments != best):
                continue
            best = route.segments
            if route.method == method:
                return Match(route, {**route.defaults, **parameters})
            methods.add(route.method)
        return frozenset(methods)


def _match(pattern: tuple[str, ...], segments: list[str]) -> dict[str, str] | None:
    parameters: dict[str, str] = {}
    for part, segment in zip(pattern, segments, strict=True):
        if part.startswith("{"):
            parameters[part[1:-1]] = segment
        elif part != segment:
            return None
    return parameters
