"""Maintenance of an open window: settings, logs, sleep, disk space, crash reports, diagnostics."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import PySide6
from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication

from podium import __version__
from podium.app.background import Background
from podium.app.health.disk_watch import DiskWatch
from podium.app.health.inhibitors import own_inhibitor
from podium.app.health.sleep_guard import SleepGuard
from podium.app.logs.crash_report import CrashWatch
from podium.app.logs.log_entries import Logs
from podium.app.logs.logged_sessions import LoggedSessions
from podium.app.paths import log_folder, settings_path, state_path, with_tilde
from podium.app.state.settings_store import SettingsStore
from podium.core.commands import CommandId
from podium.core.config.loading import LoadedSettings
from podium.core.config.settings import Settings
from podium.core.config.toml_file import Fault
from podium.core.ids import InstanceId
from podium.pool.worker_pool import WorkerPool
from podium.sessions.hub import SessionHub
from podium.workspace.workspace import Workspace

if TYPE_CHECKING:
    from podium.app.logs.log_files import LogFiles

_AFTER_THE_PICTURE_MS: Final = 200
"""Modules that load slowly wait until the window has drawn itself."""
_LOG_SECONDS: Final = 2.0
_MOST_FAULTS: Final = 4
"""Faults of the settings file shown at once; all are in the log and in the diagnostics."""


class Maintenance(QObject):
    """Made with the workspace, started with the window, finished after the event loop."""

    message_posted = Signal(str, str)
    """Something to show for a while: a title and, maybe, more words."""
    settings_loaded = Signal(object)
    """Settings as the file has them: soon after the start, and whenever it has changed. Until then the usual ones
    count.
    """

    def __init__(
        self,
        workspace: Workspace,
        hub: SessionHub,
        background: Background,
        parent: QObject | None = None,
        *,
        open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._backend = backend = hub.backend
        self._run = background.own.run
        self._open_url = open_url
        self._began = time.monotonic()
        self.store = SettingsStore(settings_path(), background.own.run, self)
        self.store.loaded.connect(self._on_settings)
        self._files: LogFiles | None = None
        self.logs = Logs()
        sessions = LoggedSessions(workspace, hub, self.logs)
        if isinstance(backend, WorkerPool):
            backend.worker_printed.connect(
                lambda instance, lines: sessions.worker_printed(InstanceId(instance), lines)
            )
            backend.tree_killed.connect(lambda instance, pid: sessions.tree_killed(InstanceId(instance), pid))
        workspace.error_reported.connect(self.logs.app.refused)
        self.sleep_guard = SleepGuard(workspace, own_inhibitor(), self.logs.app, self)
        self.disk_watch = DiskWatch(
            workspace, state_path().parent, self.logs.app, background.foreign.run, self
        )
        self.disk_watch.low.connect(self.message_posted)

    @property
    def retention_known(self) -> bool:
        """Whether the settings say how long the history is kept; nothing is forgotten while they can't be read."""
        return not self.store.current.faults_of("history")

    @property
    def settings(self) -> Settings:
        """The settings that count now."""
        return self.store.current.settings

    def commands(self) -> Mapping[CommandId, Callable[[], None]]:
        """The commands of the table that are carried out here."""
        return {
            CommandId.OPEN_SETTINGS: self.open_settings,
            CommandId.COPY_DIAGNOSTICS: self.copy_diagnostics,
            CommandId.OPEN_HELP: self.open_help,
        }

    def start(self) -> None:
        """Begin; returns at once."""
        self.logs.app.started(
            version=__version__,
            python=sys.version.split()[0],
            qt=PySide6.__version__,
            platform=QGuiApplication.platformName(),
            workers=self._backend.isolated,
        )
        QTimer.singleShot(_AFTER_THE_PICTURE_MS, self, self._on_pictured)
        self.store.start()
        self.disk_watch.start()

    def finish(self, status: int, seconds: float = _LOG_SECONDS) -> bool:
        """After the event loop: the last lines, and nothing is held any more. Waits so long at most, and no longer
        than two seconds; False when the last lines are not written by then.
        """
        self.disk_watch.stop()
        self.sleep_guard.close()
        self.logs.app.ended(status, time.monotonic() - self._began)
        return self._opened_files().close(min(seconds, _LOG_SECONDS))

    def watch_crashes(self, crashes: CrashWatch) -> None:
        """Log the exceptions that ``crashes`` catches."""
        crashes.listener = self.logs.app.exception  # On any thread.
        if crashes.trouble:
            self.logs.app.troubled("crash", f"A crash would not be written down: {crashes.trouble}.")

    def open_settings(self) -> None:
        """Open the settings file where the person edits texts; make it first if there is none."""
        from podium.app.state.settings_file import made_settings_file

        path = settings_path()
        self._run(
            lambda: made_settings_file(path),
            self._open_file,
            lambda error: self.message_posted.emit(
                "The settings file can't be made",
                f"{with_tilde(str(path))}: {getattr(error, 'strerror', None) or error}.",
            ),
        )

    def open_help(self) -> None:
        """Open the documentation in the browser, at the page that fits the current instance."""
        from podium.app.help_pages import documentation_folders, find_page, fitting_page

        current = self._workspace.arrangement.current
        page = fitting_page(self._workspace.view(current) if current is not None else None)
        self._run(lambda: find_page(page, documentation_folders()), self._open_page)

    def copy_diagnostics(self) -> None:
        """Put a text about all of this on the clipboard."""
        from podium.app.logs.diagnostics import WindowFacts, diagnostics_text

        facts = WindowFacts(
            _display(),
            self._backend.isolated,
            tuple(self._backend.statuses().values()),
            self.settings,
            tuple(map(str, self.store.current.faults)),
            (f"Kept awake for missions: {self.sleep_guard.status}", *self._log_notes()),
        )
        self._run(lambda: diagnostics_text(facts), self._copy)

    def _on_pictured(self) -> None:
        self._run(_load_log_files, self._on_log_files_loaded)
        self._run(_versions, self.logs.app.versions)

    def _on_log_files_loaded(self, _: object) -> None:
        self._opened_files()

    def _opened_files(self) -> "LogFiles":
        if self._files is None:
            from podium.app.logs.log_files import LogFiles

            self._files = LogFiles(log_folder(), self.settings.logs.level)
            self.logs.attach(self._files.write)
        return self._files

    def _on_settings(self, loaded: LoadedSettings) -> None:
        if self._files is not None:
            self._files.level = loaded.settings.logs.level
        self.sleep_guard.set_wanted(loaded.settings.workers.keep_awake)
        for fault in self.store.new_faults:
            self.logs.app.settings_fault(fault)
        if self.store.new_faults:
            self.post_faults(self.store.new_faults)
        self.settings_loaded.emit(loaded.settings)

    def post_faults(self, faults: Sequence[Fault]) -> None:
        """Show what is wrong with a file that the person writes."""
        path = with_tilde(faults[0].file)
        lines = [f"{fault.place}: {fault.reason} {fault.fix}".lstrip(": ") for fault in faults]
        if len(lines) > _MOST_FAULTS:
            lines[_MOST_FAULTS:] = [f"and {len(lines) - _MOST_FAULTS} more; all are in the log."]
        self.message_posted.emit(f"Not all of {path} can be used", "\n".join(lines))

    def _open_file(self, path: Path) -> None:
        if not self._open_url(QUrl.fromLocalFile(str(path))):
            self.message_posted.emit("No program opens the settings file", f"It is {with_tilde(str(path))}.")

    def _open_page(self, path: Path | None) -> None:
        if path is None:
            self.message_posted.emit(
                "The documentation is not installed",
                "All packages but the wheels carry it. From source, “make docs” builds it into dist/docs.",
            )
        elif not self._open_url(QUrl.fromLocalFile(str(path))):
            self.message_posted.emit("No program opens the documentation", f"It is {with_tilde(str(path))}.")

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.message_posted.emit(
            "The diagnostics are on the clipboard", "Read them before you give them to others."
        )

    def _log_notes(self) -> tuple[str, ...]:
        files = self._files
        if files is None:
            return ()
        notes = (
            f"Logs can't be written: {files.trouble}" if files.trouble else "",
            f"Log entries dropped: {files.dropped}" if files.dropped else "",
        )
        return tuple(filter(None, notes))


def _load_log_files() -> None:
    """On a thread: it takes as long as several frames."""
    import podium.app.logs.log_files  # noqa: F401


def _versions() -> str:
    from podium.app.version import version_text

    return version_text(verbose=True)


def _display() -> str:
    """``xcb, 1920 × 1080 at 1.25``"""
    screens = (
        f"{screen.size().width()} × {screen.size().height()} at {screen.devicePixelRatio():g}"
        for screen in QGuiApplication.screens()
    )
    return ", ".join((QGuiApplication.platformName(), *screens))
