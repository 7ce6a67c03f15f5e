"""Checks after a run has ended: for processes it left running, and whether its mission can go on."""

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind
from podium.core.protocol.reports import ProcessLeft
from podium.core.runs import Run
from podium.core.system.leftovers import LeftProcess, summary
from podium.workspace.instances.instance import Instance, in_sight
from podium.workspace.leftover_tracker import LeftoverTracker


class PastRuns(Protocol):
    """What is known of earlier runs; handed on later, on the window's thread."""

    def find_resumable(self, mission: str, then: Callable[[bool], None]) -> None:
        """Say of a mission file whether a run of it was interrupted and can go on."""

    def find_last_run(self, instance: InstanceId, then: Callable[[Run | None], None]) -> None:
        """Hand on the last run of an instance; None where there is none."""


class Aftermath(QObject):
    """Belongs to the workspace, whose records it completes with what it finds."""

    changed = Signal(str)
    """Something was found of this instance, or decided about it."""
    leftovers_found = Signal(str, str)
    """The id of an instance that is closed, and what its shell left running, for a person to decide about."""

    def __init__(
        self,
        records: Mapping[InstanceId, Instance],
        leftovers: LeftoverTracker | None,
        past: PastRuns | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._records = records
        self._leftovers = leftovers
        self._past = past
        if leftovers is not None:
            leftovers.asked.connect(self._on_left_behind)

    def check_resumable(self, spec: InstanceSpec) -> None:
        """Find out whether a mission was interrupted and can go on."""
        if spec.kind is not Kind.MISSION or self._past is None:
            return

        def then(found: bool) -> None:
            record = self._records.get(spec.id)
            if record is not None and not record.program.active and record.resumable is not found:
                record.resumable = found
                self.changed.emit(spec.id)

        self._past.find_resumable(spec.mission, then)

    def recall(self, spec: InstanceSpec) -> None:
        """A mission that was there before: find out how it ended, and whether it can go on."""
        if spec.kind is not Kind.MISSION or self._past is None:
            return

        def then(run: Run | None) -> None:
            record = self._records.get(spec.id)
            # An id may have been another mission's.
            if record is not None and record.run is None and run is not None and run.what == spec.mission:
                record.last_run = run
                self.changed.emit(spec.id)

        self._past.find_last_run(spec.id, then)
        self.check_resumable(spec)

    def note(self, marker: str, left: tuple[ProcessLeft, ...]) -> None:
        """The worker with this marker reported which of its programs' processes live on."""
        if self._leftovers is not None:
            self._leftovers.note(marker, left)

    def search_leftovers(self, spec: InstanceSpec, marker: str, *, worker_ended: bool) -> None:
        """Find what carries this worker's marker and lives on."""
        if self._leftovers is not None:
            self._leftovers.search(spec, marker, worker_ended=worker_ended)

    def dismiss(self, instance: InstanceId) -> None:
        """It runs again: what it left before is asked about at the next end."""
        if self._leftovers is not None:
            self._leftovers.dismiss(instance)

    def end_left_behind(self, instance: InstanceId) -> None:
        """End what was left, as a person asked."""
        if self._leftovers is not None:
            self._leftovers.end(instance)
        self._on_decided(instance)

    def leave_left_behind(self, instance: InstanceId) -> None:
        """Let what was left go on, and ask no more about it."""
        if self._leftovers is not None:
            self._leftovers.leave(instance)
        self._on_decided(instance)

    def _on_decided(self, instance: InstanceId) -> None:
        record = self._records.get(instance)
        if record is not None:
            record.left_behind = ()
            self.changed.emit(instance)

    def _on_left_behind(self, id: str, found: tuple[LeftProcess, ...]) -> None:
        instance = InstanceId(id)
        record = in_sight(self._records, instance)
        if record is None:
            self.leftovers_found.emit(instance, summary({instance: found}))
        elif not record.program.active:
            record.left_behind = found
            self.changed.emit(instance)
