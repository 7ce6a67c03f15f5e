"""Looks for what instances leave running when they end, and has it ended, left or asked about."""

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind
from podium.core.leftovers import LeftProcess, Trace, end_leftovers, find_leftovers
from podium.core.settings import Leftovers


class Background(Protocol):
    """Runs the first off the window's thread and hands its result to the second on it."""

    def __call__(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None: ...


class LeftBehind(QObject):
    """What is found of missions and commands is ended, always; what a shell left is the person's to decide."""

    asked = Signal(str, object)
    """Instance id and what its shell left (a tuple of LeftProcess): to be shown, with a choice."""
    survived = Signal(str, object)
    """Instance id and what could not be ended."""

    def __init__(
        self,
        background: Background,
        forget: Callable[[str], None],
        policy: Leftovers = Leftovers.ASK,
        parent: QObject | None = None,
    ) -> None:
        """``forget`` is called with a worker's marker when nothing of it is left, or may be left."""
        super().__init__(parent)
        self._background = background
        self._forget = forget
        self.policy = policy
        self._open: dict[InstanceId, tuple[str, tuple[LeftProcess, ...], bool]] = {}

    def look(self, spec: InstanceSpec, marker: str, *, worker_ended: bool) -> None:
        """A program of this worker has ended, or with ``worker_ended`` the worker itself."""
        if not marker:
            return

        def then(found: dict[str, tuple[LeftProcess, ...]]) -> None:
            self._on_found(spec, marker, found.get(marker, ()), worker_ended)

        self._background(lambda: find_leftovers([Trace(marker)]), then)

    def end(self, instance: InstanceId) -> None:
        """The person wants what this instance left to end."""
        entry = self._open.pop(instance, None)
        if entry is not None:
            marker, found, worker_ended = entry
            self._end(instance, marker, found, worker_ended)

    def leave(self, instance: InstanceId) -> None:
        """The person wants it to go on; it is not asked about again."""
        entry = self._open.pop(instance, None)
        if entry is not None and entry[2]:
            self._forget(entry[0])

    def _on_found(
        self, spec: InstanceSpec, marker: str, found: tuple[LeftProcess, ...], worker_ended: bool
    ) -> None:
        if not found:
            if worker_ended:
                self._forget(marker)
        elif spec.kind is not Kind.SHELL or self.policy is Leftovers.END:
            if worker_ended or spec.kind is Kind.SHELL:
                self._end(spec.id, marker, found, worker_ended)
        elif self.policy is Leftovers.ASK:
            self._open[spec.id] = (marker, found, worker_ended)
            self.asked.emit(spec.id, found)
        elif worker_ended:
            self._forget(marker)

    def _end(
        self, instance: InstanceId, marker: str, found: tuple[LeftProcess, ...], worker_ended: bool
    ) -> None:
        def then(survivors: tuple[LeftProcess, ...]) -> None:
            if survivors:
                self.survived.emit(instance, survivors)
            elif worker_ended:
                self._forget(marker)

        self._background(lambda: end_leftovers(found), then)
