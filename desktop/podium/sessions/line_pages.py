"""Joins lines that come in parts for those who ask for them."""

from collections.abc import Callable

from podium.core.exporting.pages import LinePage
from podium.core.protocol.frames import Attributes, Line
from podium.core.protocol.reports import ErrorReport, LinesReport
from podium.sessions.queries import Receive, Reply, SessionGone


def whole_page(
    receive: Callable[[LinePage | None, ErrorReport | SessionGone | None], None],
    others: Callable[[Reply], None] = lambda _reply: None,
) -> Receive:
    """Gather the answer to a LinesWanted; call ``receive`` once, with the page or why there is none. ``others`` gets
    what else comes under the same number.
    """
    lines: list[Line] = []
    table: dict[int, Attributes] = {}
    firsts: list[int] = []

    def gather(reply: Reply | SessionGone) -> None:
        match reply:
            case LinesReport():
                firsts.append(reply.first)
                lines.extend(reply.lines)
                table.update((entry.number, entry.attributes) for entry in reply.attributes)
                if not reply.more:
                    receive(LinePage(reply.line_epoch, firsts[0], tuple(lines), table), None)
            case ErrorReport() | SessionGone():
                receive(None, reply)
            case _:
                others(reply)

    return gather
