"""One run of the window: from the first widget to the last worker."""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtCore import QLockFile, QObject, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication

from podium.app.background import LAST_WAIT, Background
from podium.app.health.gc_scheduler import Collector
from podium.app.health.maintenance import Upkeep
from podium.app.logs.crash_report import CrashWatch
from podium.app.paths import crash_folder, screens_path, state_path
from podium.app.startup.arguments import DemoOptions, RunOptions, WindowOptions
from podium.app.startup.backends import session_backend
from podium.app.startup.control_api import ControlApi, say_where
from podium.app.startup.shutdown import OrderlyEnd, leave_at_the_latest, leave_now
from podium.app.startup.unix_signals import EndSignals
from podium.app.startup.window_access import OpenWindow
from podium.app.state.history_service import Records
from podium.app.state.recovery import Recovery
from podium.app.state.state_keeper import StateKeeper
from podium.control.http_server.addresses import listen_address
from podium.core.config.settings import Settings
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind
from podium.core.protocol.backend import SessionBackend, SessionSink
from podium.core.protocol.frames import Frame
from podium.core.system.app_dirs import history_path
from podium.pool.worker_pool import WorkerPool
from podium.sessions.hub import SessionHub
from podium.ui.appearance import Appearance
from podium.ui.main_window import MainWindow
from podium.workspace.arrangement import Layout
from podium.workspace.environment import (
    added_by_python,
    login_environment,
    needs_login_shell,
    program_environment,
)
from podium.workspace.kept_screens import KeptScreens, delete_kept_screens
from podium.workspace.saved_state import LoadedState, SavedState, load
from podium.workspace.workspace import Workspace, WorkspaceError

if TYPE_CHECKING:
    from podium.app.startup.demo_watch import DemoWatch

_CONTROL_DELAY_MS: Final = 200
"""The window is to be on the screen before the control API begins to load."""


def run_window(options: WindowOptions, added_variables: tuple[str, ...]) -> int:
    """Open the window, serve it until it is closed, and return the exit status."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("podium")
    application.setApplicationDisplayName("Podium")
    application.setDesktopFileName("podium")
    application.setQuitOnLastWindowClosed(False)
    with CrashWatch(crash_folder()) as crashes:
        session = WindowSession(options, added_variables)
        session.upkeep.watch_crashes(crashes)
        # The desktop's session ends: there is nobody to ask any more.
        application.commitDataRequest.connect(session.window.quit_unasked)
        session.ending.begun.connect(leave_at_the_latest)
        # In the first turn of the loop: what fails in here is then shown, not thrown past Qt.
        QTimer.singleShot(0, session.open)
        session.collect_calmly()
        application.exec()
        status = session.finish()
    # Qt would wait for them when its objects go.
    if session.abandoned or QThreadPool.globalInstance().activeThreadCount():
        leave_now(status)
    return status


class WindowSession(QObject):
    """Builds the parts, fills the workspace, and takes it all down in order."""

    def __init__(
        self,
        options: WindowOptions,
        added_variables: tuple[str, ...] = (),
        connect: Callable[[SessionSink], SessionBackend] | None = None,
    ) -> None:
        """``connect`` makes the backend; without it the options choose one: the worker pool, or direct sessions."""
        super().__init__()
        self._options = options
        self._own_environment = dict(os.environ)
        self._added = (*added_variables, *added_by_python())
        self._background = Background(self)
        self._records = Records(history_path(), self._background, self)
        self._hub = SessionHub(connect or (lambda sink: session_backend(options.pool, sink, self)))
        self.workspace = Workspace(
            self._hub,
            program_environment(os.environ, self._added),
            journal=self._records.journal,
            left_behind=self._records.left_behind,
            find_resumable=self._records.find_resumable,
            kept=KeptScreens(self._background.run, parent=self),
            parent=self,
        )
        if isinstance(self._hub.backend, WorkerPool):
            self._hub.backend.start_first(lambda: self.workspace.arrangement.in_sight)
        self.upkeep = Upkeep(self.workspace, self._hub, self._background, self)
        self.upkeep.settings_loaded.connect(self._on_settings_loaded)
        self.window = MainWindow(
            self.workspace,
            self._hub,
            on_demo=self._add_demo,
            on_quit=self.quit,
            app_commands=self.upkeep.commands(),
        )
        self.upkeep.told.connect(self.window.toasts.show)
        self.control = ControlApi(self.workspace, self._hub, self._background, self._records.history, self)
        self.control.failed.connect(self.window.show_message)
        self.control.served.connect(say_where)
        self.control.announce()
        self._records.troubled.connect(self._on_troubled)
        self._recovery = Recovery(self.workspace, self.window, self._records, self._background, self)
        self._settings: Settings | None = None
        self._interrupted: tuple[InstanceId, ...] | None = None
        """What ran when Podium ended last; None until that is known, and in windows that remember nothing."""
        self._screens_complete = False
        self._running: tuple[InstanceId, ...] = ()
        self._shutdown_notice = ""
        self.abandoned = False
        """After ``finish``: something is still under way that would hold up an ordinary exit."""
        self.ending = OrderlyEnd(self.workspace, self._end, self._say_goodbye, self)
        self.ending.begun.connect(self._on_end_begun)
        self.ending.waits.connect(self.window.show_message)
        self._keeper: StateKeeper | None = None
        self._lock: QLockFile | None = None
        self._watch: DemoWatch | None = None
        self._status = 0
        self._demo_seen = False
        self._signals = EndSignals(self.quit, self)

    def collect_calmly(self) -> None:
        """From now on garbage is collected when it does no harm; see ``Collector``."""
        collector = Collector(self)
        self.control.served.connect(collector.settle)
        self.control.after_turn = collector.look
        # What workers draw is what makes new objects.
        self._hub.subscribe(Frame, lambda _instance, _frame: collector.look())

    def open(self) -> None:
        """Show the window and put in it what was asked for."""
        if needs_login_shell(self._own_environment):
            self._background.run(
                lambda: login_environment(self._own_environment, self._added), self.workspace.set_environment
            )
        self.upkeep.start()
        match self._options:
            case DemoOptions() as options:
                self.window.show()
                self.workspace.arrangement.set_layout(Layout.GRID)
                if options.until_done:
                    from podium.app.startup.demo_watch import DemoWatch

                    self._watch = DemoWatch(self.workspace, self.window, options, self._end_with, self)
                self._add_demo()
            case RunOptions() as options:
                self.window.show()
                self._run_command(options)
            case _:
                self._open_saved()

    def _on_settings_loaded(self, settings: Settings) -> None:
        self._settings = settings
        self._records.open(settings, tidy=self.upkeep.retention_known)
        self._recover()
        QTimer.singleShot(_CONTROL_DELAY_MS, self, lambda: self._open_control(settings))

    def _open_control(self, settings: Settings) -> None:
        if not settings.control.enabled:
            self.control.decline()
            return
        listen = self._options.listen
        if listen is None and settings.control.listen:
            try:
                listen = listen_address(settings.control.listen)
            except ValueError as error:
                self.window.show_message(f"The setting control.listen: {error}")
        window = OpenWindow(self.window, self._background)
        self.control.open(window, listen, settings.control.instances_may)

    def _on_troubled(self, text: str) -> None:
        self.window.show_message(text)
        self.upkeep.logs.app.troubled("history", text)

    def quit(self) -> None:
        """End every instance in order, then the application; within seven seconds, whatever happens."""
        self.ending.begin()

    def _on_end_begun(self) -> None:
        # First of all what is remembered: from here on anything may hang.
        if self._keeper is not None:
            self._keeper.save_soon()

    def _end(self) -> None:
        # exit, not quit: quit asks the window again, which would refuse until everything has ended.
        QApplication.exit(0)

    def _say_goodbye(self, text: str) -> None:
        self._shutdown_notice = text
        print(f"podium: {text}", file=sys.stderr)

    def finish(self) -> int:
        """After the event loop: the last words to the disk, as far as there is time, and the exit status."""
        self.ending.close()
        saved = self._save_last()
        if not saved:
            self._status = self._status or 1
        self.control.close(self.ending.seconds_left)
        if not self._records.close(self.ending.seconds_left):
            print("podium: the history could not be written to the end.", file=sys.stderr)
        idle = self._background.wait(min(LAST_WAIT, self.ending.seconds_left))
        logged = self.upkeep.finish(self._status, self.ending.seconds_left)
        self.abandoned = self.ending.late or not (saved and idle and logged)
        self.window.deleteLater()
        return self._status

    def _save_last(self) -> bool:
        """False, and told why, when the workspace could not be saved."""
        if self._keeper is None:
            return True
        try:
            # Others have something to write as well.
            if self._keeper.save_now(min(LAST_WAIT, self.ending.seconds_left / 2)):
                return True
            reason = "the disk does not answer"
        except OSError as error:
            reason = str(error)
        print(f"podium: the workspace could not be saved: {reason}", file=sys.stderr)
        return False

    def _end_with(self, status: int) -> None:
        self._status = status
        self.quit()

    # What the window opens with

    def _open_saved(self) -> None:
        path = state_path()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            notice = f"{path.parent} can't be made ({error.strerror}); what changes is not remembered."
            self._start_with(LoadedState(SavedState(), False, notice), None)
            return
        self._lock = QLockFile(str(path.with_suffix(".lock")))
        self._lock.setStaleLockTime(0)
        if self._lock.tryLock(0):
            self._background.run(lambda: load(path), lambda loaded: self._start_with(loaded, path))
        elif self._lock.error() is QLockFile.LockError.LockFailedError:
            notice = "Another Podium window is open; what changes in this one is not remembered."
            self._start_with(LoadedState(SavedState(), False, notice), None)
        else:
            self._background.run(lambda: load(path), lambda loaded: self._start_unwritable(loaded, path))

    def _start_unwritable(self, loaded: LoadedState, path: Path) -> None:
        """There is no lock to be had because the folder is read-only, or the disk full: show what was saved."""
        notice = f"{path.parent} can't be written to; what changes is not remembered."
        self._start_with(msgspec.structs.replace(loaded, notice=f"{notice} {loaded.notice}".strip()), None)

    def _start_with(self, loaded: LoadedState, keep_in: Path | None) -> None:
        """Fill the window with what was ``loaded``; what it becomes is saved to ``keep_in``, if that may be."""
        state = loaded.state
        self._demo_seen = state.demo_seen
        if state.geometry:
            self.window.restore_geometry(state.geometry)
        self.window.apply_appearance(_appearance(state.appearance))
        for spec in state.instances:
            try:
                self.workspace.create(spec, start=False)
            except WorkspaceError as error:
                self.window.show_message(str(error))
        self.workspace.arrangement.restore(self.workspace.ids(), state.current, state.layout)
        self.window.show()
        if loaded.notice:
            self.window.show_message(loaded.notice)
        if state.shutdown_notice:
            self.window.show_message(state.shutdown_notice)
        if keep_in is not None and loaded.replaceable:
            self._keep_state(keep_in)
            self._interrupted = state.running
            # What was set aside may be put right, so what belongs to its instances stays.
            self._screens_complete = not loaded.notice
            self._recover()
        if loaded.first_start:
            self.workspace.arrangement.set_layout(Layout.GRID)
            self._add_demo()

    def _recover(self) -> None:
        """As soon as settings and workspace are there."""
        if self._settings is None or self._interrupted is None:
            return
        kept = self._settings.privacy.keep_screens
        if not kept:
            self._background.run(lambda: delete_kept_screens(screens_path()))
        folder = screens_path() if kept else None
        self.workspace.keep_screens_in(folder, forget_others=self._screens_complete)
        self._recovery.begin(self._interrupted, self._settings.workers.leftovers, screens_kept=kept)

    def _keep_state(self, path: Path) -> None:
        # Not before all that was saved is here: a quit in between would save an empty workspace over it.
        keeper = StateKeeper(path, self._state, self._background, self.window.show_message, self)
        self._keeper = keeper
        self.workspace.arrangement.changed.connect(keeper.changed)
        self.workspace.arrangement.current_changed.connect(keeper.changed)
        self.window.appearance_changed.connect(keeper.changed)
        self.workspace.instance_changed.connect(self._on_instance_changed)
        keeper.changed()

    def _on_instance_changed(self) -> None:
        if self.workspace.running() != self._running and self._keeper is not None:
            self._running = self.workspace.running()
            self._keeper.changed()

    def _state(self) -> SavedState:
        arrangement = self.workspace.arrangement
        return SavedState(
            instances=self.workspace.specs(),
            current=arrangement.current,
            layout=arrangement.layout,
            geometry=self.window.save_geometry(),
            appearance=msgspec.to_builtins(self.window.appearance()),
            demo_seen=self._demo_seen,
            # What is ended in order was not interrupted, even if Podium does not live to see its end.
            running=() if self.ending.under_way else self.workspace.running(),
            shutdown_notice=self._shutdown_notice,
        )

    def _run_command(self, options: RunOptions) -> None:
        spec = InstanceSpec(
            self.workspace.new_id(options.name),
            options.name,
            Kind.COMMAND,
            options.theme or self.workspace.next_theme(),
            str(options.folder.absolute()),
            options.command,
        )
        self.workspace.create(spec)

    def _add_demo(self) -> None:
        """Make the demo's projects (git takes a moment) and open its instances when they are there."""
        self._demo_seen = True
        self._background.run(_make_demo, self._open_demo, self._demo_failed)

    def _open_demo(self, specs: tuple[InstanceSpec, ...]) -> None:
        created = []
        for spec in specs:
            free = msgspec.structs.replace(spec, id=self.workspace.new_id(spec.id))
            try:
                self.workspace.create(free)
            except WorkspaceError as error:
                self.window.show_message(str(error))
                break
            created.append(free.id)
        if created:
            self.workspace.arrangement.select(created[0])
        if self._watch is not None:
            self._watch.watch(created)

    def _demo_failed(self, error: Exception) -> None:
        message = f"The demo could not be set up: {error}"
        self.window.show_message(message)
        if self._watch is not None:
            print(f"podium: {message}", file=sys.stderr)
            self._end_with(1)


def _make_demo() -> tuple[InstanceSpec, ...]:
    # Only here: most windows never show it.
    from podium.demo.plan import make_demo

    return make_demo(Path(tempfile.mkdtemp(prefix="podium-demo-")))


def _appearance(saved: dict[str, object]) -> Appearance:
    """What was saved, or the usual look where it can't be read."""
    try:
        return msgspec.convert(saved, Appearance)
    except msgspec.ValidationError:
        return Appearance()
