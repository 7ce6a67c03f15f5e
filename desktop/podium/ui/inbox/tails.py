"""The last lines of the screens of instances that ask, looked at every second while the inbox is open."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from podium.core.ids import InstanceId
from podium.core.protocol.frames import Attributes, Line
from podium.core.protocol.reports import LinesReport, ScreenReport
from podium.core.protocol.requests import ScreenWanted
from podium.sessions.hub import SessionHub
from podium.sessions.queries import PendingQuery, Reply, SessionGone
from podium.ui.terminal.model.line_cache import StyledLine
from podium.workspace.workspace import Workspace

ROWS: Final = 4
_LOOK_MS: Final = 1000
_FRAMES: Final = frozenset(map(chr, range(0x2500, 0x2580))) | {" "}


def last_rows(lines: Sequence[Line], table: dict[int, Attributes]) -> tuple[StyledLine, ...]:
    """The last rows of a screen with anything but blanks and lines of boxes on them, from the top down."""
    found: list[Line] = []
    for line in reversed(lines):
        if len(found) == ROWS:
            break
        if any(not _FRAMES.issuperset(run.text) for run in line.runs):
            found.append(line)
    used = {run.attribute for line in found for run in line.runs}
    attributes = {number: table[number] for number in used if number in table}
    return tuple(StyledLine(line, attributes) for line in reversed(found))


class ScreenTails(QObject):
    """Asks each session again only after it has answered, and keeps ROWS rows of each."""

    changed = Signal(str)
    """This instance's last lines are others now."""

    def __init__(
        self,
        workspace: Workspace,
        hub: SessionHub,
        wanted: Callable[[], Sequence[InstanceId]],
        parent: QObject,
    ) -> None:
        """``wanted`` says whose screens are in sight."""
        super().__init__(parent)
        self._workspace = workspace
        self._hub = hub
        self._wanted = wanted
        self._tails: dict[InstanceId, tuple[StyledLine, ...]] = {}
        self._pending: dict[InstanceId, PendingQuery] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)

    def tail(self, instance: InstanceId) -> tuple[StyledLine, ...]:
        """Its last lines as they were seen last; empty before that."""
        return self._tails.get(instance, ())

    def start(self) -> None:
        self._timer.start()
        self.look()

    def stop(self) -> None:
        """Look no more, and forget what was seen."""
        self._timer.stop()
        for pending in self._pending.values():
            pending.cancel()
        self._pending.clear()
        self._tails.clear()

    def look(self) -> None:
        """Ask the sessions of all that are in sight now."""
        if not self._timer.isActive():
            return
        wanted = tuple(self._wanted())
        for gone in self._tails.keys() - set(wanted):
            del self._tails[gone]
        for instance in wanted:
            if instance not in self._pending:
                self._ask(instance)

    def _ask(self, instance: InstanceId) -> None:
        lines: list[Line] = []
        table: dict[int, Attributes] = {}

        def receive(reply: Reply | SessionGone) -> None:
            match reply:
                case ScreenReport():
                    return
                case LinesReport():
                    lines.extend(reply.lines)
                    table.update((entry.number, entry.attributes) for entry in reply.attributes)
                    if reply.more:
                        return
                    self._take(instance, last_rows(lines, table))
            self._pending.pop(instance, None)

        send = partial(self._workspace.send, instance)
        pending = self._hub.ask(instance, receive, ScreenWanted(0), send=send)
        if pending is not None and pending.waits:
            self._pending[instance] = pending

    def _take(self, instance: InstanceId, rows: tuple[StyledLine, ...]) -> None:
        if self._timer.isActive() and rows != self.tail(instance):
            self._tails[instance] = rows
            self.changed.emit(instance)
