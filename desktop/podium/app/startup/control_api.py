"""The control API of this Podium: its parts, connected. Nothing of it is loaded before the window is on the screen."""

import shlex
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from podium.app.background import Background
from podium.control.http_server.peers import NOBODY
from podium.control.http_server.runtime_folder import CannotServe, RuntimeFolder, leave, prepare_folder
from podium.core.config.settings import InstancesMay
from podium.core.ids import InstanceId
from podium.core.system.processes import HOOK_VARIABLE, SOCKET_VARIABLE
from podium.core.system.reexec import podium_command
from podium.sessions.hub import SessionHub
from podium.workspace.workspace import Workspace

if TYPE_CHECKING:
    from podium.app.startup.api_assembly import ApiParts
    from podium.control.http_server.addresses import ListenAddress
    from podium.control.http_server.server import ControlServer, Serving
    from podium.control.operations.application.settings import SettingsHost
    from podium.control.operations.context import WindowHost
    from podium.history.writer import HistoryThread


_CLOSE_SECONDS: Final = 3.0


class ControlApi(QObject):
    """Serves the API from ``open`` to ``close``. Lives on the window's thread."""

    served = Signal(object)
    """Serving: where the API is to be had."""
    failed = Signal(str)
    """It can't be served; words for a person."""
    _came_up = Signal(object)
    _did_not = Signal(str)

    def __init__(
        self,
        workspace: Workspace,
        sessions: SessionHub,
        background: Background,
        history: "HistoryThread",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._sessions = sessions
        self._background = background
        self._history = history
        self.after_turn: Callable[[], None] = lambda: None
        """Called on the window's thread after some calls were carried out."""
        self.count_waits: Callable[[], None] = lambda: None
        """Called before the history is asked, to write what was waited up to now."""
        self.settings: SettingsHost | None = None
        """Without it there are no calls about settings."""
        self._server: ControlServer | None = None
        self._closed = False
        self._allowed: frozenset[str] = frozenset()
        self._folder: RuntimeFolder | None = None
        # Emitted on the server's thread, received on this one.
        self._came_up.connect(self._on_came_up)
        self._did_not.connect(self._on_failed)

    def announce(self) -> None:
        """Give programs that start from now on the place of their socket."""
        try:
            self._folder = prepare_folder()
        except CannotServe:
            return  # Said when it is to be served.
        self._workspace.set_instance_environment(self._environment)

    def open(
        self,
        window: "WindowHost | None" = None,
        listen: "ListenAddress | None" = None,
        instances_may: InstancesMay = InstancesMay.OWN,
    ) -> None:
        """Begin to serve, soon. Without a ``window`` there is only what needs none."""
        if self._closed:
            return
        # It takes as long to load as the window; the window is not to wait for it.
        self._background.own.run(_load, lambda assemble: self._build(assemble, window, listen, instances_may))

    def decline(self) -> None:
        """Do not serve: programs get no socket in their environment."""
        self._leave_folder()

    def close(self, seconds: float = 5.0) -> None:
        """Cut off all clients and take the socket away. Waits so long at most; for the very end."""
        self._closed = True
        if self._server is not None:
            self._server.stop()
            self._server.join(min(seconds, _CLOSE_SECONDS))
        self._leave_folder()

    def _build(
        self,
        assemble: "Callable[..., ApiParts]",
        window: "WindowHost | None",
        listen: "ListenAddress | None",
        instances_may: InstancesMay,
    ) -> None:
        all_may = instances_may is InstancesMay.ALL
        parts = assemble(
            self._workspace,
            self._sessions,
            self._background,
            self._history,
            count_waits=lambda: self.count_waits(),
            window=window,
            listen=listen,
            parent=self,
            after_turn=lambda: self.after_turn(),
            ready=self._report_started,
            failed=self._report_failed,
            settings=self.settings,
            may_control=lambda instance: (all_may and instance != NOBODY) or instance in self._allowed,
        )
        self._server, self._queries = parts.server, parts.queries
        self._server.start()

    # On the server's thread: an object that is going away must hear nothing more.

    def _report_started(self, serving: "Serving") -> None:
        if not self._closed:
            self._came_up.emit(serving)

    def _report_failed(self, reason: str) -> None:
        if not self._closed:
            self._did_not.emit(reason)

    def _on_came_up(self, serving: "Serving") -> None:
        self._folder = serving.folder
        self._workspace.set_instance_environment(self._environment)
        self._workspace.instance_added.connect(self._on_added)
        self._workspace.instance_removed.connect(self._on_removed)
        self._workspace.arrangements.changed.connect(self._note_allowed)
        for instance in self._workspace.ids():
            self._on_added(instance)
        self.served.emit(serving)

    def _on_failed(self, reason: str) -> None:
        self._leave_folder()
        self.failed.emit(reason)

    def _leave_folder(self) -> None:
        folder, self._folder = self._folder, None
        if folder is not None:
            leave(folder)

    def _on_added(self, instance: str) -> None:
        if self._server is not None:
            self._server.open_instance_socket(InstanceId(instance))
        self._note_allowed()

    def _on_removed(self, instance: str) -> None:
        if self._server is not None:
            self._server.close_instance_socket(InstanceId(instance))
        self._queries.forget(InstanceId(instance))

    def _note_allowed(self) -> None:
        # Another frozenset each time: the server's thread reads it.
        self._allowed = frozenset(spec.id for spec in self._workspace.specs() if spec.may_control)

    def _environment(self, instance: InstanceId) -> Mapping[str, str]:
        if self._folder is None:
            return {}
        return {
            SOCKET_VARIABLE: str(self._folder.instance_socket(instance)),
            HOOK_VARIABLE: shlex.join(podium_command("hook")),
        }


def say_where(serving: "Serving") -> None:
    """Print the address, where one was asked for; the token stays in its file."""
    if serving.address:
        where = f"http://{serving.address} (token in {serving.folder.path / 'token'})"
        print(f"podium: the control API is at {where}", flush=True)


def _load() -> "Callable[..., ApiParts]":
    """On a pool thread: all that takes its time to load."""
    from podium.app.startup.api_assembly import assemble

    return assemble
