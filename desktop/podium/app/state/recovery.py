"""After a crash: what ran is offered to go on, what still runs to be ended, the report to be read."""

from collections.abc import Callable
from typing import Final

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from podium.app.logs.crash_report import CrashReport, found_reports, mark_seen
from podium.app.paths import crash_folder, with_tilde
from podium.app.state.history_service import Abandoned, HistoryService
from podium.core.background import RunInBackground
from podium.core.config.settings import Leftovers
from podium.core.ids import InstanceId
from podium.core.system.leftovers import LeftProcess, summary
from podium.ui.main_window import MainWindow
from podium.workspace.workspace import Workspace, WorkspaceError

_COMMAND_LENGTH: Final = 60


class Recovery(QObject):
    """Asks once, in one dialog, when there is anything to ask."""

    def __init__(
        self,
        workspace: Workspace,
        front: Callable[[], MainWindow],
        history: HistoryService,
        run: RunInBackground,
        parent: QObject | None = None,
    ) -> None:
        """``front`` is the window in which a person works."""
        super().__init__(parent)
        self._workspace = workspace
        self._front = front
        self._history = history
        self._run = run

    def begin(self, interrupted: tuple[InstanceId, ...], policy: Leftovers, *, screens_kept: bool) -> None:
        """``interrupted`` ran when Podium ended last, without having been asked to end."""

        def find_reports(abandoned: tuple[Abandoned, ...]) -> None:
            self._run(
                lambda: found_reports(crash_folder()),
                lambda reports: self._ask(interrupted, policy, screens_kept, abandoned, reports),
            )

        self._history.find_abandoned(find_reports)

    def _ask(
        self,
        interrupted: tuple[InstanceId, ...],
        policy: Leftovers,
        screens_kept: bool,
        abandoned: tuple[Abandoned, ...],
        reports: tuple[CrashReport, ...],
    ) -> None:
        if policy is Leftovers.END:
            self._end(abandoned)
        elif policy is Leftovers.LEAVE:
            self._history.leave(abandoned)
        asked = abandoned if policy is Leftovers.ASK else ()
        # Looking took a while, in which a person may have closed or started some.
        known = self._workspace.ids()
        interrupted = tuple(one for one in interrupted if one in known and not self._workspace.view(one).busy)
        if not interrupted and not asked and not reports:
            return
        from podium.ui.dialogs.recovery_dialog import RecoveryDialog  # Most starts never need it.

        window = self._front()
        sheet = RecoveryDialog(
            window.themes,
            window.sheet_host(),
            interrupted=[
                msgspec.structs.replace(self._workspace.view(instance), label="Was running")
                for instance in interrupted
            ],
            processes=[_text(one, left) for one in asked for left in one.processes],
            report=bool(reports),
            screens_kept=screens_kept,
        )
        sheet.report_chosen.connect(lambda: self._show_report(reports[0]))
        # Offered once: the files stay where they are, but for what is too old.
        sheet.finished.connect(lambda: self._run(lambda: mark_seen(reports)))
        sheet.resume_chosen.connect(lambda: self._resume(interrupted))
        sheet.end_chosen.connect(lambda: self._end(asked))
        sheet.leave_chosen.connect(lambda: self._history.leave(asked))
        window.open_sheet(sheet)

    def _show_report(self, report: CrashReport) -> None:
        from podium.ui.dialogs.recovery_dialog import ReportDialog

        window = self._front()
        sheet = ReportDialog(window.themes, window.sheet_host(), report.text, with_tilde(str(report.path)))
        sheet.copy_chosen.connect(lambda: QGuiApplication.clipboard().setText(report.text))
        window.open_sheet(sheet)

    def _resume(self, instances: tuple[InstanceId, ...]) -> None:
        for instance in instances:
            try:
                self._workspace.resume(instance)
            except WorkspaceError as error:  # It was closed meanwhile.
                self._front().show_message(str(error))

    def _end(self, abandoned: tuple[Abandoned, ...]) -> None:
        if abandoned:
            self._history.end(abandoned, self._on_ended)

    def _on_ended(self, survivors: tuple[LeftProcess, ...]) -> None:
        if survivors:
            self._front().show_message(f"These could not be ended: {summary({'': survivors})}.")


def _text(one: Abandoned, left: LeftProcess) -> str:
    command = " ".join(left.command.split())
    if len(command) > _COMMAND_LENGTH:
        command = f"{command[: _COMMAND_LENGTH - 1]}…"
    return f"{left.name} ({left.pid}), of {one.entry.name}: {command}"
