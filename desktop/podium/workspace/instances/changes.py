"""Notification of changed instances: to the journal at once, to answers soon, to painting now and then."""

from collections.abc import Collection, Mapping
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance

from podium.core.clock import Clock
from podium.core.ids import InstanceId
from podium.workspace.instances.instance import Instance, in_sight
from podium.workspace.journal import Journal

_COALESCE_MS: Final = 50


class Changes(QObject):
    """Belongs to the workspace, whose records it reads."""

    changed = Signal(str)
    """The view of this instance is another now; never of one that is closed, and at most twenty times a second."""
    updated = Signal(str)
    """The same, as soon as the event loop is reached: what changed it is done, and receivers may call back."""
    _posted = Signal()

    def __init__(
        self,
        records: Mapping[InstanceId, Instance],
        journal: Journal,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._records = records
        self._journal = journal
        self._clock = clock
        self._changed: set[InstanceId] = set()
        self._change_timer = QTimer(self)
        self._change_timer.setSingleShot(True)
        self._change_timer.setInterval(_COALESCE_MS)
        self._change_timer.timeout.connect(self._emit_changed)
        self._updates: set[InstanceId] = set()
        self._posted.connect(self._emit_updated, Qt.ConnectionType.QueuedConnection)

    def mark(self, instance: InstanceId) -> None:
        """Something about ``instance`` has changed. It may be gone by now."""
        record = self._records.get(instance)
        if record is None:
            return
        now = self._clock()
        if not record.program.active:
            record.on_run_over(now)
        run = record.run_report(now)
        if run is not None:
            self._journal.record_run(record.spec, run)
        self._changed.add(instance)
        if not self._change_timer.isActive():
            self._change_timer.start()
        if not self._updates:
            self._posted.emit()
        self._updates.add(instance)

    def _emit_changed(self) -> None:
        changed, self._changed = self._changed, set()
        self._emit(self.changed, changed)

    def _emit_updated(self) -> None:
        updates, self._updates = self._updates, set()
        self._emit(self.updated, updates)

    def _emit(self, signal: SignalInstance, instances: Collection[InstanceId]) -> None:
        for instance in instances:
            # A receiver may have closed it.
            if in_sight(self._records, instance) is not None:
                signal.emit(instance)
