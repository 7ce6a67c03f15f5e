"""Who is told that an instance is another now: the journal at once, everybody else at most twenty times a second."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from podium.core.clock import Clock
from podium.core.ids import InstanceId
from podium.workspace.instances.instance import Instance
from podium.workspace.journal import Journal

_COALESCE_MS: Final = 50


class Changes(QObject):
    """Belongs to the workspace, whose records it reads."""

    told = Signal(str)
    """The view of this instance is another now; never of one that is closed."""

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
        self._change_timer.timeout.connect(self._tell)

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

    def _tell(self) -> None:
        changed, self._changed = self._changed, set()
        for instance in changed & self._records.keys():
            if not self._records[instance].program.closed:
                self.told.emit(instance)
