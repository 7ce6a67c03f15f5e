"""One run of the window: from the first widget to the last worker."""

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QThreadPool, QTimer
from PySide6.QtGui import QAccessible, QCursor
from PySide6.QtWidgets import QApplication

from podium.app.background import LAST_WAIT, Background
from podium.app.health.gc_scheduler import GcScheduler
from podium.app.health.maintenance import Maintenance
from podium.app.logs.crash_report import CrashWatch
from podium.app.paths import crash_folder, lines_path, recent_path, screens_path, updates_path
from podium.app.startup.agent_marks import tell_adapters
from podium.app.startup.application import PodiumApplication
from podium.app.startup.arguments import DemoOptions, OpenOptions, RunOptions, WindowOptions
from podium.app.startup.backends import session_backend
from podium.app.startup.control_api import ControlApi, say_where
from podium.app.startup.demo_instances import DemoInstances
from podium.app.startup.desktop import Desktop
from podium.app.startup.hand_over import offer_again
from podium.app.startup.notifications import Notifications
from podium.app.startup.person_watch import watch_person
from podium.app.startup.program_runs import ProgramRuns
from podium.app.startup.shutdown import Shutdown, exit_after, exit_now
from podium.app.startup.unix_signals import EndSignals
from podium.app.startup.window_access import WindowAccess
from podium.app.startup.window_pages import WindowPages
from podium.app.state.day_budget import DayBudget
from podium.app.state.history_service import HistoryService
from podium.app.state.recent_file import RecentFile
from podium.app.state.recovery import Recovery
from podium.app.state.saved_window import SavedWindow
from podium.app.state.shortcut_store import ShortcutStore
from podium.app.updates.update_check import UpdateCheck
from podium.app.updates.update_notice import UpdateNotice
from podium.control.http_server.addresses import listen_address
from podium.core.commands import CommandId
from podium.core.config.settings import Settings, Terminal
from podium.core.config.shell_settings import OnExit
from podium.core.protocol.backend import SessionBackend, SessionSink
from podium.core.protocol.frames import Frame
from podium.core.shortcuts.file import LoadedShortcuts
from podium.core.system.app_dirs import history_path, pictures_folder, shortcuts_path
from podium.core.system.pasted_pictures import prune_pictures
from podium.pool.worker_pool import WorkerPool
from podium.sessions.hub import SessionHub
from podium.ui.commands.hooks_offer import HooksOffer
from podium.ui.main_window import MainWindow
from podium.ui.shell_ends import ShellEnds
from podium.ui.terminal.accessible.interface import make_interface as make_terminal_interface
from podium.ui.widgets.accessible import make_interface
from podium.ui.window_context import WindowContext
from podium.ui.windows import Windows
from podium.workspace.arrangement import Layout
from podium.workspace.environment import (
    added_by_python,
    login_environment,
    needs_login_shell,
    program_environment,
)
from podium.workspace.kept_screens import KeptScreens, delete_kept_screens
from podium.workspace.workspace import Workspace, WorkspaceError

_CONTROL_DELAY_MS: Final = 200
"""The window is to be on the screen before the control API, or what speaks HTTP, begins to load."""


def run_window(options: WindowOptions, added_variables: tuple[str, ...]) -> int:
    """Open the window, serve it until it is closed, and return the exit status."""
    application = PodiumApplication(sys.argv[:1])
    application.setApplicationName("podium")
    application.setApplicationDisplayName("Podium")
    application.setDesktopFileName("podium")
    application.setQuitOnLastWindowClosed(False)
    for make in (make_terminal_interface, make_interface):
        QAccessible.installFactory(make)
    with CrashWatch(crash_folder()) as crashes:
        session = WindowSession(options, added_variables)
        session.maintenance.watch_crashes(crashes)
        # The desktop's session ends: no question can be answered any more.
        application.commitDataRequest.connect(lambda _manager: session.window.quit_unasked())
        application.file_opened.connect(session.open_path)
        session.ending.begun.connect(exit_after)
        # In the first step of the loop: what fails in here is then shown, not thrown past Qt.
        QTimer.singleShot(0, session.open)
        session.schedule_gc()
        application.exec()
        status = session.finish()
    # Qt would wait for them when its objects go.
    if session.abandoned or QThreadPool.globalInstance().activeThreadCount():
        exit_now(status)
    return status


class WindowSession(QObject):
    """Builds the parts, connects them, fills the workspace, and takes it all down in order."""

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
        self._status = 0
        self._settings: Settings | None = None
        self._restored = False
        self._shown = False
        self._paths: list[Path] = []
        self._opened = False
        """Files were opened."""
        self.abandoned = False
        """After ``finish``: something is still under way that would hold up an ordinary exit."""
        # Each is built from those above it.
        self._background = Background(self)
        self._history = HistoryService(history_path(), self._background, self)
        self._hub = SessionHub(connect or (lambda sink: session_backend(options.pool, sink, self)))
        kept = KeptScreens(self._background.own.run, self._background.foreign.run, parent=self)
        self.workspace = Workspace(
            self._hub,
            program_environment(os.environ, self._added),
            journal=self._history.journal,
            left_behind=self._history.left_behind,
            past=self._history,
            kept=kept,
            parent=self,
        )
        # For a program that starts before the settings are there, and then keeps as many lines as they say.
        self.workspace.set_scrollback(Terminal().scrollback_lines, lines_path())
        self.runs = ProgramRuns(self.workspace)
        self.maintenance = Maintenance(self.workspace, self._hub, self._background, self)
        self.updates = UpdateCheck(updates_path(), self._background, self)
        self._shortcuts = ShortcutStore(shortcuts_path(), self._background.own.run, self)
        look = self._background.foreign.run
        self._pages = WindowPages(
            self.workspace, self.maintenance, self._shortcuts, self._history, kept, look
        )
        self._demo = DemoInstances(self.workspace, self._background.own.run, self)
        self.windows = Windows(self.workspace, self._make_window, self)
        self._shell_ends = ShellEnds(self.workspace, self._hub, self)
        front = partial(self.windows.of, None)
        self._update_notice = UpdateNotice(self.updates, front, self)
        self._hooks_offer = HooksOffer(self.workspace, front, look, self)
        self.saved = SavedWindow(self.workspace, self.windows, self._background.own.run, self)
        self._recent = RecentFile(
            recent_path(), self.windows.recent, self.workspace, self._background.own.run, self
        )
        self._day_budget = DayBudget(self._history.history, self._background.hand_over, self)
        self._recovery = Recovery(self.workspace, front, self._history, self._background.own.run, self)
        self.desktop = Desktop(
            self.workspace, self.windows.of, self._log_desktop_trouble, self._background.hand_over, self
        )
        self.notifications = Notifications(
            self.workspace,
            self._background,
            self._history.find_spent,
            self.windows.show_message,
            self.desktop,
            pointer=QCursor.pos,
            parent=self,
        )
        self.control = ControlApi(self.workspace, self._hub, self._background, self._history.history, self)
        self.control.settings = self.maintenance.store
        self.control.count_waits = self._history.journal.blocked.step
        self.ending = Shutdown(self.workspace, self._end, self._on_shutdown_notice, self)
        self._signals = EndSignals(self.quit, self)
        self._connect()

    @property
    def window(self) -> MainWindow:
        """The one in which a person works, or worked last."""
        return self.windows.front

    def _make_window(self, context: WindowContext) -> MainWindow:
        window = MainWindow(
            self.workspace,
            self._hub,
            on_demo=self._add_demo,
            on_quit=self.quit,
            look=self._background.foreign.run,
            app_commands={
                **self.maintenance.commands(),
                CommandId.CHECK_FOR_UPDATES: self.updates.ask,
                CommandId.NEW_WINDOW: lambda: self.windows.open_new(),
                **self._pages.commands(lambda: window),
            },
            pages=self._pages.makers(),
            context=context,
        )
        self._pages.connect(window)
        window.sidebar.blocked.source = self._history.journal.blocked.today
        self._history.waits_known.connect(window.sidebar.refresh)
        return window

    def _connect(self) -> None:
        show = self.windows.show_message
        if isinstance(self._hub.backend, WorkerPool):
            self._hub.backend.start_first(lambda: self.workspace.arrangements.in_sight)
        self.maintenance.settings_loaded.connect(self._on_settings_loaded)
        self._shortcuts.loaded.connect(self._on_shortcuts_loaded)
        self._day_budget.reached.connect(show)
        self.maintenance.message_posted.connect(self._show_toast)
        self._history.history_failed.connect(show)
        self._history.history_failed.connect(self._log_history_failure)
        self.updates.unasked_failed.connect(lambda text: self.maintenance.logs.app.troubled("updates", text))
        self._demo.error_reported.connect(show)
        self._demo.failed.connect(show)
        self.saved.restored.connect(self._on_restored)
        self.saved.first_started.connect(self._on_first_started)
        self.saved.shown.connect(self._on_shown)
        self.saved.handed_over.connect(self.quit)
        self.saved.given_up.connect(self._on_given_up)
        watch_person(self.notifications.presence, self.windows, self.workspace)
        self.notifications.delivery.returned.connect(self._welcome_back)
        self.control.failed.connect(show)
        self.control.served.connect(say_where)
        self.ending.begun.connect(self.saved.begin_end)
        self.ending.delayed.connect(show)
        self.control.announce()

    def schedule_gc(self) -> None:
        """From now on garbage is collected when it does no harm; see ``GcScheduler``."""
        scheduler = GcScheduler(self)
        self.control.served.connect(scheduler.freeze)
        self.control.after_turn = scheduler.collect_some
        # What workers draw is what makes new objects.
        self._hub.subscribe(Frame, lambda _instance, _frame: scheduler.collect_some())

    # The start

    def open(self) -> None:
        """Show the window and put in it what was asked for."""
        if needs_login_shell(self._own_environment):
            self._background.foreign.run(
                lambda: login_environment(self._own_environment, self._added), self.workspace.set_environment
            )
        self.maintenance.start()
        self._shortcuts.start()
        self._recent.load()
        if isinstance(self._options, DemoOptions) and self._options.apart:
            self._watch_demo(self._options)
            self.window.show()
            self._on_shown()
        else:
            self.saved.open(lambda: offer_again(self._options))

    def open_path(self, path: Path) -> None:
        """Open a file or folder, as soon as the window is on the screen."""
        self._paths.append(path)
        self._open_paths()

    def _open_paths(self) -> None:
        if self._shown and self._paths:
            paths, self._paths = self._paths, []
            self._opened = True
            self.window.open_paths(paths)

    def _on_shown(self) -> None:
        self._shown = True
        match self._options:
            case RunOptions() as options:
                self._attempt_run(options)
            case DemoOptions():
                self.workspace.arrangement.set_layout(Layout.GRID)
                self._add_demo()
            case OpenOptions(paths=paths):
                self._paths += paths
        self._open_paths()
        self._go_online_soon()

    def _attempt_run(self, options: RunOptions) -> None:
        try:
            self.runs.run(options)
        except WorkspaceError as error:
            self.window.show_message(str(error))

    def _on_given_up(self, reason: str) -> None:
        _say(reason)
        self._end_with(1)

    def _add_demo(self) -> None:
        self.saved.demo_seen = True
        self._demo.add()

    def _watch_demo(self, options: DemoOptions) -> None:
        from podium.app.startup.demo_watch import DemoWatch

        watch = DemoWatch(self.workspace, self.window, options, self._end_with, self)
        self._demo.opened.connect(watch.watch)
        self._demo.failed.connect(self._on_demo_failed)

    def _on_demo_failed(self, text: str) -> None:
        """Tell it on stderr too: the window may be offscreen."""
        _say(text)
        self._end_with(1)

    def _on_first_started(self) -> None:
        if isinstance(self._options, RunOptions | DemoOptions) or self._paths or self._opened:
            return  # The person has something else in mind than the demo, or has it already.
        self.workspace.arrangement.set_layout(Layout.GRID)
        self._add_demo()

    def _on_settings_loaded(self, settings: Settings) -> None:
        """The settings as they count from now on: first soon after the start, then after each change of them."""
        first, self._settings = self._settings is None, settings
        self.workspace.set_shell_integration(settings.shell.integration)
        self._shell_ends.closes = settings.shell.on_exit is OnExit.CLOSE
        self.windows.apply_settings(settings)
        self.notifications.apply(settings.notify)
        self.workspace.set_terminal_name(settings.terminal.name)
        self.workspace.set_scrollback(settings.terminal.scrollback_lines, lines_path())
        self._day_budget.set_usd(settings.missions.day_budget_usd)
        if first:
            self._begin_with(settings)
        else:
            self.desktop.apply(settings.notify)
            self.updates.apply(settings.updates)
            self._history.apply(settings, tidy=self.maintenance.retention_known)
            if self._restored:
                self._keep_screens(settings.privacy.keep_screens)

    def _on_shortcuts_loaded(self, loaded: LoadedShortcuts) -> None:
        self.windows.keys.set_keymap(loaded.keymap)
        if loaded.faults:
            self.maintenance.post_faults(loaded.faults)

    def _begin_with(self, settings: Settings) -> None:
        tell_adapters(self._background, self.workspace, self.runs.adapters_loaded)
        self._background.own.run(lambda: prune_pictures(pictures_folder(), time.time()))
        self._history.open(settings, tidy=self.maintenance.retention_known)
        self.runs.settings_loaded()
        self._recover()
        self._go_online_soon()

    def _welcome_back(self, digest: str) -> None:
        title, _, text = digest.partition("\n")
        self.window.toasts.show(title, text, lasting=True)

    def _show_toast(self, title: str, text: str = "") -> None:
        self.window.toasts.show(title, text)

    def _on_restored(self) -> None:
        self._restored = True
        self._demo.tidy()
        self._recover()

    def _recover(self) -> None:
        """As soon as settings and workspace are there."""
        if self._settings is None or not self._restored:
            return
        kept = self._settings.privacy.keep_screens
        self._keep_screens(kept)
        if self._settings.shell.resume:
            self._resume_shells()
        self._recovery.begin(self.saved.interrupted, self._settings.workers.leftovers, screens_kept=kept)

    def _resume_shells(self) -> None:
        for id in self.saved.ended_shells:
            if id in self.workspace.ids() and not self.workspace.view(id).busy:
                self.workspace.resume(id)

    def _keep_screens(self, kept: bool) -> None:
        if not kept:
            self._background.own.run(lambda: delete_kept_screens(screens_path()))
        self.workspace.keep_screens_in(screens_path() if kept else None, forget_others=self.saved.complete)

    def _go_online_soon(self) -> None:
        """When settings and window are there: a window that gives way to another one must not take its socket, nor be
        told of an update.
        """
        if self._settings is not None and self._shown:
            QTimer.singleShot(_CONTROL_DELAY_MS, self, self._go_online)

    def _go_online(self) -> None:
        settings = self.maintenance.settings
        self._open_control(settings)
        self.updates.begin(settings.updates)
        self.desktop.begin(settings.notify)

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
        window = WindowAccess(self.windows.of, self.runs.run, self._background.own.run)
        self.control.open(window, listen, settings.control.instances_may)

    def _log_history_failure(self, text: str) -> None:
        self.maintenance.logs.app.troubled("history", text)

    def _log_desktop_trouble(self, text: str) -> None:
        self.maintenance.logs.app.troubled("desktop", text)

    # The end

    def quit(self) -> None:
        """End every instance in order, then the application; within seven seconds, whatever happens."""
        self.ending.begin()

    def _end_with(self, status: int) -> None:
        self._status = status
        self.quit()

    def _end(self) -> None:
        # exit, not quit: quit asks the window again, which would refuse until everything has ended.
        QApplication.exit(0)

    def _on_shutdown_notice(self, text: str) -> None:
        self.saved.add_shutdown_notice(text)
        _say(text)

    def finish(self) -> int:
        """After the event loop: the last words to the disk, as far as there is time, and the exit status."""
        self.ending.close()
        self.desktop.close()
        saved = self.saved.save_last(self.ending.seconds_left)
        if not saved:
            self._status = self._status or 1
        self.control.close(self.ending.seconds_left)
        self._demo.close(min(LAST_WAIT, self.ending.seconds_left / 2))
        if not self._history.close(self.ending.seconds_left):
            _say("the history could not be written to the end.")
        idle = self._background.close(min(LAST_WAIT, self.ending.seconds_left))
        logged = self.maintenance.finish(self._status, self.ending.seconds_left)
        self.abandoned = self.ending.late or not (saved and idle and logged)
        self.windows.delete_all()
        return self._status


def _say(text: str) -> None:
    print(f"podium: {text}", file=sys.stderr)
