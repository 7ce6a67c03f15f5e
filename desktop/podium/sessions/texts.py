"""Joins text that comes in parts for those who ask for it."""

from collections.abc import Callable

from podium.core.protocol.reports import ErrorReport, StaleReport, TextReport
from podium.sessions.queries import Receive, Reply, SessionGone

NoText = ErrorReport | SessionGone | StaleReport


def whole_text(receive: Callable[[str, NoText | None], None]) -> Receive:
    """Gather the answer to a TextWanted; call ``receive`` once, with all that came and why that is not all of it."""
    parts: list[str] = []

    def gather(reply: Reply | SessionGone) -> None:
        match reply:
            case TextReport():
                parts.append(reply.text)
                if not reply.more:
                    receive("".join(parts), None)
            case ErrorReport() | SessionGone() | StaleReport():
                receive("".join(parts), reply)

    return gather
