"""Where a pane's requests go: to its instance's session, or to what was kept of the last one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from podium.attention.signals import Answered, Resized
from podium.core.clock import Clock
from podium.core.ids import InstanceId
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.finding import Find, FindLines
from podium.core.protocol.reports import Report
from podium.core.protocol.requests import (
    Acknowledge,
    ClearScrollback,
    Follow,
    KeepScreen,
    LinesWanted,
    Request,
    Resize,
    ScreenWanted,
    TextWanted,
)
from podium.sessions.hub import SessionHub
from podium.workspace.input_limit import input_error, is_answer
from podium.workspace.instances.instance import Instance, in_sight
from podium.workspace.kept_screens import KeptScreens

_ABOUT_THE_SCREEN: Final = (
    LinesWanted,
    TextWanted,
    ScreenWanted,
    ClearScrollback,
    Acknowledge,
    Follow,
    Find,
    FindLines,
)


class PaneRequests(QObject):
    """Belongs to the workspace, whose records it reads."""

    changed = Signal(str)
    """This instance's person has answered it."""
    cleared = Signal(str)
    """What was kept of this instance's scrollback is gone from sight."""
    error_reported = Signal(str)
    """Something could not be done; words for a person."""

    def __init__(
        self,
        hub: SessionHub,
        records: Mapping[InstanceId, Instance],
        kept: KeptScreens,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._hub = hub
        self._records = records
        self._kept = kept
        self._clock = clock
        kept.reported.connect(self._on_kept_reported)
        kept.failed.connect(self._on_kept_failed)

    def keep_screens_in(self, folder: Path | None, *, forget_others: bool) -> None:
        """See ``Workspace``."""
        self._kept.use(folder)
        if forget_others:
            self._kept.sweep(self._records)
        for instance, record in self._records.items():
            if record.worker_state is WorkerState.RUNNING:
                self._hub.send(instance, KeepScreen(self._kept.path(instance)))
            if not record.has_drawn:
                self._kept.show(instance, record.size)

    def send(self, instance: InstanceId, request: Request) -> bool:
        """See ``Workspace``."""
        record = self._records.get(instance)
        if record is None:
            return False
        if isinstance(request, Resize):
            if request != record.size:
                record.on_signal(Resized(), self._clock())
            record.size = request
            self._kept.resized(instance, request)
        if record.awaiting_user and is_answer(request):
            record.on_signal(Answered(), self._clock())
            self.changed.emit(instance)
        if (reason := input_error(request)) is not None:
            self.error_reported.emit(f"{record.spec.name}: {reason}")
            return False
        answers = record.has_drawn and record.worker_state is WorkerState.RUNNING
        if not answers and isinstance(request, _ABOUT_THE_SCREEN):
            return self._ask_kept(instance, request)
        sent = self._hub.send(instance, request)
        if not sent and record.worker_state is WorkerState.RUNNING:
            self.error_reported.emit(
                f"{record.spec.name} did not get what you sent: it is not reading, or that was over 1 MiB."
            )
        return sent

    def _ask_kept(self, instance: InstanceId, request: Request) -> bool:
        if isinstance(request, ClearScrollback):
            self._kept.clear(instance)
            self.cleared.emit(instance)
            return True
        return self._kept.answer(instance, request)

    def _on_kept_reported(self, instance: str, report: Report) -> None:
        if in_sight(self._records, InstanceId(instance)) is not None:
            self._hub.session_reported(InstanceId(instance), report)

    def _on_kept_failed(self, instance: str, reason: str) -> None:
        record = self._records.get(InstanceId(instance))
        if record is not None:
            self.error_reported.emit(f"What {record.spec.name} showed last can't be shown: {reason}.")
