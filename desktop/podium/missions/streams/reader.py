"""Reads one run of an agent by the rules of its adapter."""

import time
from collections.abc import Callable, Mapping

from podium.core.adapters.model import Adapter
from podium.core.pricing import Prices
from podium.missions.streams.updates import AgentReport, SessionTotals, Update


class AgentReader:
    """Bytes in, updates and a report out. Never raises for what a tool prints, and holds a bounded amount of it.

    ``previous`` only for a run that resumes or forks a session. ``model`` is the one that was asked for, for
    tools that do not say which they use. Without ``prices`` a cost that the tool does not tell stays unknown.
    """

    def __init__(
        self,
        adapter: Adapter,
        previous: SessionTotals | None = None,
        *,
        model: str = "",
        prices: Prices | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        raise NotImplementedError

    def feed(self, data: bytes) -> list[Update]:
        """Take what arrived on stdout, cut anywhere."""
        raise NotImplementedError

    def feed_stderr(self, data: bytes) -> list[Update]:
        """Take what arrived on stderr, cut anywhere."""
        raise NotImplementedError

    def end(
        self, exit_code: int | None, signal: int | None = None, reports: Mapping[str, bytes] | None = None
    ) -> AgentReport:
        """The run is over. ``signal``: the number of the signal that ended it, and ``exit_code`` is None (a
        negative ``exit_code`` is taken for a signal too). ``reports``: what ``AgentCommand.read_reports`` gave.
        """
        raise NotImplementedError
