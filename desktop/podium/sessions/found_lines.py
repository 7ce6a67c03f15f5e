"""Joins the lines a session found, which come in parts, and asks several sessions for theirs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from podium.core.finding.query import SearchQuery
from podium.core.ids import InstanceId
from podium.core.protocol.finding import FindLines, Unfind
from podium.core.protocol.reports import ErrorReport, FoundLine, FoundLinesReport
from podium.core.protocol.requests import Request
from podium.sessions.hub import SessionHub
from podium.sessions.queries import PendingQuery, Receive, Reply, SessionGone


@dataclass(frozen=True, slots=True)
class FoundLines:
    """What was found in one instance: the newest lines with matches, newest first, and the number of all matches."""

    lines: tuple[FoundLine, ...]
    total: int
    line_epoch: int = 0


Failure = ErrorReport | SessionGone


def whole_find(receive: Callable[[FoundLines | Failure], None]) -> Receive:
    """Gather the answer to a FindLines; call ``receive`` once, with all of it or why there is none."""
    parts: list[FoundLine] = []

    def gather(reply: Reply | SessionGone) -> None:
        match reply:
            case FoundLinesReport():
                parts.extend(reply.lines)
                if not reply.more:
                    receive(FoundLines(tuple(parts), reply.total, reply.line_epoch))
            case ErrorReport() | SessionGone():
                receive(reply)

    return gather


class WideSearch:
    """One query put to several instances. Nothing comes of it after ``cancel``."""

    def __init__(
        self,
        hub: SessionHub,
        instances: Sequence[InstanceId],
        send: Callable[[InstanceId, Request], bool],
    ) -> None:
        self._hub = hub
        self._send = send
        self._pending: dict[InstanceId, PendingQuery] = {}
        self.waiting = set(instances)
        """Those that have not answered yet."""

    def begin(
        self,
        query: SearchQuery,
        most: int,
        receive: Callable[[InstanceId, FoundLines | Failure], None],
    ) -> None:
        """Ask all of them; ``receive`` is called once for each, for one without a session at once."""

        def take(instance: InstanceId, found: FoundLines | Failure) -> None:
            if instance in self.waiting:
                self.waiting.discard(instance)
                receive(instance, found)

        for instance in tuple(self.waiting):
            pending = self._hub.ask(
                instance,
                whole_find(partial(take, instance)),
                FindLines(0, query, most),
                send=partial(self._send, instance),
            )
            if pending is not None and pending.waits:
                self._pending[instance] = pending

    def cancel(self) -> None:
        """Drop what is still searched."""
        self.waiting.clear()
        for instance, pending in self._pending.items():
            if pending.waits:
                pending.cancel()
                self._send(instance, Unfind(pending.number))
        self._pending.clear()
