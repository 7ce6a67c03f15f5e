"""``podium serve``: workers and control API without a window, for servers and CI."""

import contextlib
import os
import sys
from typing import Final

import msgspec
from PySide6.QtCore import QCoreApplication, QObject, QTimer

from podium.app.background import LAST_WAIT, Background
from podium.app.health.gc_scheduler import GcScheduler
from podium.app.paths import lines_path, settings_path
from podium.app.startup.agent_marks import tell_adapters
from podium.app.startup.arguments import ServeOptions
from podium.app.startup.backends import session_backend
from podium.app.startup.control_api import ControlApi
from podium.app.startup.notifications import Notifications
from podium.app.startup.shutdown import Shutdown, exit_after, exit_now
from podium.app.startup.unix_signals import EndSignals
from podium.app.state.history_service import HistoryService
from podium.app.state.settings_store import SettingsStore
from podium.control.http_server.addresses import ListenAddress, listen_address
from podium.control.http_server.server import Serving
from podium.core.config.loading import LoadedSettings
from podium.core.system.app_dirs import history_path
from podium.core.system.pipes.descriptors import set_nonblocking
from podium.sessions.hub import SessionHub
from podium.workspace.environment import added_by_python, program_environment
from podium.workspace.workspace import Workspace

NOT_SERVED: Final = 3
"""The exit status when the API can't be served: another process serves it, or no folder can hold its socket."""


def serve(options: ServeOptions) -> int:
    """Serve until a signal ends it. 0 after that, 3 when it can't be served, 1 when something did not end in time."""
    application = QCoreApplication(sys.argv[:1])
    application.setApplicationName("podium")
    session = ServeSession(options)
    QTimer.singleShot(0, session.open)
    session.ending.begun.connect(exit_after)
    application.exec()
    status = session.finish()
    if session.abandoned:
        exit_now(status)
    return status


class ServeSession(QObject):
    """Builds the parts and takes them down in order."""

    def __init__(self, options: ServeOptions) -> None:
        super().__init__()
        self._options = options
        self._status = 0
        self._ready_fd = options.ready_fd
        self._background = Background(self)
        self._history = HistoryService(history_path(), self._background, self)
        self._history.history_failed.connect(_warn)
        hub = SessionHub(lambda sink: session_backend(options.pool, sink, self))
        self.workspace = Workspace(
            hub,
            program_environment(os.environ, added_by_python()),
            journal=self._history.journal,
            left_behind=self._history.left_behind,
            past=self._history,
            parent=self,
        )
        self.workspace.error_reported.connect(_warn)
        self._notifications = Notifications(
            self.workspace, self._background, self._history.find_spent, _warn, parent=self
        )
        self.settings = SettingsStore(settings_path(), self._background.own.run, self)
        self.settings.loaded.connect(self._on_settings_loaded)
        self._control = ControlApi(self.workspace, hub, self._background, self._history.history, self)
        self._control.settings = self.settings
        self._control.count_waits = self._history.journal.blocked.step
        self._control.served.connect(self._on_served)
        self._control.failed.connect(self._on_failed)
        scheduler = GcScheduler(self)
        self._control.served.connect(scheduler.freeze)
        self._control.after_turn = scheduler.collect_some
        self._begun = False
        self.abandoned = False
        """After ``finish``: something is still under way that would hold up an ordinary exit."""
        self.ending = Shutdown(self.workspace, self._end, _warn, self)
        self._signals = EndSignals(self.quit, self)

    def open(self) -> None:
        self.settings.start()

    def quit(self) -> None:
        """End every instance in order, then the application; within seven seconds, whatever happens."""
        self.ending.begin()

    def _end(self) -> None:
        if self.ending.late:
            self._status = self._status or 1
        QCoreApplication.exit(0)

    def finish(self) -> int:
        self.ending.close()
        self._control.close(self.ending.seconds_left)
        if not self._history.close(self.ending.seconds_left):
            _warn("The history could not be written to the end.")
        idle = self._background.close(min(LAST_WAIT, self.ending.seconds_left))
        self.abandoned = self.ending.late or not idle
        return self._status

    def _on_settings_loaded(self, loaded: LoadedSettings) -> None:
        """The settings as they count from now on: first at the start, then after each change of them."""
        for fault in self.settings.new_faults:
            _warn(f"{fault.file}, {fault.place}: {fault.reason} {fault.fix}")
        # Nobody sits at a server: nobody is ever away from it either, and each call is made at once.
        self._notifications.apply(msgspec.structs.replace(loaded.settings.notify, away_minutes=0))
        self.workspace.set_shell_integration(loaded.settings.shell.integration)
        self.workspace.set_terminal_name(loaded.settings.terminal.name)
        self.workspace.set_scrollback(loaded.settings.terminal.scrollback_lines, lines_path())
        if self._begun:
            self._history.apply(loaded.settings, tidy=not loaded.faults_of("history"))
            return
        self._begun = True
        tell_adapters(self._background, self.workspace)
        self._history.open(loaded.settings, tidy=not loaded.faults_of("history"))
        listen: ListenAddress | None = self._options.listen
        if listen is None and loaded.settings.control.listen:
            try:
                listen = listen_address(loaded.settings.control.listen)
            except ValueError as error:
                self._on_failed(f"The setting control.listen: {error}")
                return
        self._control.open(listen=listen, instances_may=loaded.settings.control.instances_may)

    def _on_served(self, serving: Serving) -> None:
        self._report_ready(f"{serving.folder.socket}\n")
        print(f"podium: serving {serving.folder.socket}", flush=True)
        if serving.address:
            token = serving.folder.path / "token"
            print(f"podium: serving http://{serving.address} (token in {token})", flush=True)

    def _report_ready(self, line: str) -> None:
        """Write ``line`` to the descriptor that was given for it and close that; without a line nothing comes."""
        descriptor, self._ready_fd = self._ready_fd, None
        if descriptor is None:
            return
        with contextlib.suppress(OSError):  # The reader has gone.
            set_nonblocking(descriptor)
            os.write(descriptor, line.encode())
        with contextlib.suppress(OSError):
            os.close(descriptor)

    def _on_failed(self, reason: str) -> None:
        self._report_ready("")
        _warn(reason)
        self._status = NOT_SERVED
        self.quit()


def _warn(text: str) -> None:
    print(f"podium: {text}", file=sys.stderr, flush=True)
