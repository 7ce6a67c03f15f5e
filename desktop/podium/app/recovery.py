"""After a crash: what ran is offered to go on, what still runs to be ended, the report to be read."""

from functools import partial

from PySide6.QtCore import QObject

from podium.app.records import Abandoned, Records
from podium.core.ids import InstanceId
from podium.core.leftovers import LeftProcess, summary
from podium.core.settings import Leftovers
from podium.ui.main_window import MainWindow
from podium.workspace.workspace import Workspace, WorkspaceError


class Recovery(QObject):
    """Asks once, in one dialog, when there is anything to ask."""

    def __init__(
        self,
        workspace: Workspace,
        window: MainWindow,
        records: Records,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._window = window
        self._records = records

    def begin(self, interrupted: tuple[InstanceId, ...], policy: Leftovers, *, screens_kept: bool) -> None:
        """``interrupted`` ran when Podium ended last, without having been asked to end."""
        known = tuple(instance for instance in interrupted if instance in self._workspace.ids())
        self._records.find_abandoned(partial(self._on_found, known, policy, screens_kept))

    def _on_found(
        self,
        interrupted: tuple[InstanceId, ...],
        policy: Leftovers,
        screens_kept: bool,
        abandoned: tuple[Abandoned, ...],
    ) -> None:
        if policy is Leftovers.END:
            self._end(abandoned)
        elif policy is Leftovers.LEAVE:
            self._records.leave(abandoned)
        asked = abandoned if policy is Leftovers.ASK else ()
        if not interrupted and not asked:
            return
        from podium.ui.dialogs.recovery_dialog import RecoveryDialog  # Most starts never need it.

        sheet = RecoveryDialog(
            self._window.looks,
            self._window.sheet_host(),
            interrupted=[self._workspace.view(instance) for instance in interrupted],
            processes=[_text(one, left) for one in asked for left in one.processes],
            screens_kept=screens_kept,
        )
        sheet.resume_chosen.connect(lambda: self._resume(interrupted))
        sheet.end_chosen.connect(lambda: self._end(asked))
        sheet.leave_chosen.connect(lambda: self._records.leave(asked))
        self._window.open_sheet(sheet)

    def _resume(self, instances: tuple[InstanceId, ...]) -> None:
        for instance in instances:
            try:
                self._workspace.resume(instance)
            except WorkspaceError as error:  # It was closed meanwhile.
                self._window.show_message(str(error))

    def _end(self, abandoned: tuple[Abandoned, ...]) -> None:
        if abandoned:
            self._records.end(abandoned, self._on_ended)

    def _on_ended(self, survivors: tuple[LeftProcess, ...]) -> None:
        if survivors:
            self._window.show_message(f"These could not be ended: {summary({'': survivors})}.")


def _text(one: Abandoned, left: LeftProcess) -> str:
    return f"{left.name} ({left.pid}), of {one.entry.name}: {left.command}"
