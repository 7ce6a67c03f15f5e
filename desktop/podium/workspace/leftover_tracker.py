"""Finds processes that instances leave running when they end, and has them ended, left or asked about."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from podium.core.background import RunInBackground
from podium.core.config.settings import Leftovers
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind
from podium.core.protocol.reports import ProcessLeft
from podium.core.system.leftovers import LeftProcess, Trace, end_leftovers, end_traces, find_leftovers


class _Asked(NamedTuple):
    """The subject of a question to a person."""

    marker: str
    found: tuple[LeftProcess, ...]
    worker_ended: bool


class LeftoverTracker(QObject):
    """Tracks leftovers: those of missions and commands are ended, always; a person decides about those of a shell."""

    asked = Signal(str, object)
    """Instance id and what its shell left (a tuple of LeftProcess): to be shown, with a choice."""
    survived = Signal(str, object)
    """Instance id and what could not be ended."""

    def __init__(
        self,
        background: RunInBackground,
        forget: Callable[[str], None],
        policy: Leftovers = Leftovers.ASK,
        parent: QObject | None = None,
        remember: Callable[[str, tuple[ProcessLeft, ...]], None] = lambda _marker, _left: None,
    ) -> None:
        """``forget`` is called with a worker's marker when nothing of it is left, or may be left; ``remember`` with
        what it said lives on.
        """
        super().__init__(parent)
        self._background = background
        self._forget = forget
        self._remember = remember
        self.policy = policy
        self._asked: dict[InstanceId, _Asked] = {}
        self._known: dict[str, tuple[ProcessLeft, ...]] = {}
        """By marker, while the worker may have left something: what it reported, whatever its environment."""
        self._may_stay: dict[str, frozenset[LeftProcess]] = {}
        """By marker, while the worker lives: what a person has let go on."""

    def note(self, marker: str, left: tuple[ProcessLeft, ...]) -> None:
        """A worker reported which of its programs' processes live on."""
        if marker and (left or marker in self._known):
            self._known[marker] = left
            self._remember(marker, left)

    def trace(self, marker: str) -> Trace:
        """The trace of the worker with this marker, to find what it left."""
        return Trace(marker, tuple((left.pid, left.started) for left in self._known.get(marker, ())))

    def search(self, spec: InstanceSpec, marker: str, *, worker_ended: bool) -> None:
        """A program of this worker has ended, or with ``worker_ended`` the worker itself."""
        if not marker:
            return

        def then(found: dict[str, tuple[LeftProcess, ...]]) -> None:
            stays = self._may_stay.get(marker, frozenset())
            left = tuple(process for process in found.get(marker, ()) if process not in stays)
            self._on_found(spec, _Asked(marker, left, worker_ended))

        trace = self.trace(marker)
        self._background(lambda: find_leftovers([trace]), then)

    def end(self, instance: InstanceId) -> None:
        """End what this instance left, as the person asked."""
        asked = self._asked.pop(instance, None)
        if asked is not None:
            self._end(instance, asked)

    def leave(self, instance: InstanceId) -> None:
        """Let it go on; it is not asked about again."""
        asked = self._asked.pop(instance, None)
        if asked is not None:
            self._leave(asked)

    def dismiss(self, instance: InstanceId) -> None:
        """The instance starts anew: what carries its marker is not only what was left any more. Ask at the next end."""
        self._asked.pop(instance, None)

    def _on_found(self, spec: InstanceSpec, left: _Asked) -> None:
        if not left.found:
            self._settle(left)
        elif spec.kind is not Kind.SHELL:
            if left.worker_ended:  # Until then the worker itself sees to it.
                self._end(spec.id, left)
        elif self.policy is Leftovers.END:
            self._end(spec.id, left)
        elif self.policy is Leftovers.LEAVE:
            self._leave(left)
        else:
            self._asked[spec.id] = left
            self.asked.emit(spec.id, left.found)

    def _leave(self, left: _Asked) -> None:
        self._may_stay[left.marker] = self._may_stay.get(left.marker, frozenset()) | set(left.found)
        self._settle(left)

    def _end(self, instance: InstanceId, left: _Asked) -> None:
        def then(survivors: tuple[LeftProcess, ...]) -> None:
            if survivors:
                self.survived.emit(instance, survivors)
            else:
                self._settle(left)

        # While the worker lives its next program may carry the same marker, so only what was found is ended.
        if left.worker_ended:
            trace = self.trace(left.marker)
            self._background(lambda: end_traces([trace]), then)
        else:
            self._background(lambda: end_leftovers(left.found), then)

    def _settle(self, left: _Asked) -> None:
        if left.worker_ended:
            self._may_stay.pop(left.marker, None)
            self._known.pop(left.marker, None)
            self._forget(left.marker)
