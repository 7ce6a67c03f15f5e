"""Puts the parts of the control API together.

Loading this module loads all of them, which takes as long as the window: ``ControlApi`` loads it on a pool thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from podium.app.background import Background
from podium.control.api.instances import InstanceNotice
from podium.control.bridge.event_hub import EventHub
from podium.control.bridge.main_thread_executor import MainThreadExecutor
from podium.control.bridge.main_thread_gateway import MainThreadGateway
from podium.control.http_server.instance_processes import InstanceProcesses
from podium.control.http_server.server import ControlServer, Serving
from podium.control.operations.application.settings import SettingsHost, SettingsOperations
from podium.control.operations.context import OperationContext, WindowHost
from podium.control.operations.dispatch import Dispatcher
from podium.control.operations.events.attention_events import AttentionEvents
from podium.control.operations.events.event_bridge import EventBridge
from podium.control.operations.records import RecordOperations
from podium.control.operations.session_queries import SessionQueries
from podium.control.operations.table import Operations
from podium.core.ids import InstanceId
from podium.pool.worker_pool import WorkerPool
from podium.sessions.hub import SessionHub
from podium.workspace.workspace import Workspace

if TYPE_CHECKING:
    from podium.control.http_server.addresses import ListenAddress
    from podium.history.writer import HistoryThread


@dataclass(frozen=True, slots=True)
class ApiParts:
    """What the window keeps of the API. ``server`` has not been started."""

    server: ControlServer
    queries: SessionQueries


def assemble(
    workspace: Workspace,
    sessions: SessionHub,
    background: Background,
    history: "HistoryThread",
    *,
    count_waits: Callable[[], None],
    window: WindowHost | None,
    listen: "ListenAddress | None",
    parent: QObject,
    after_turn: Callable[[], None],
    ready: Callable[[Serving], None],
    failed: Callable[[str], None],
    settings: SettingsHost | None,
    may_control: Callable[[InstanceId], bool],
) -> ApiParts:
    """Build the API on the window's thread. ``count_waits`` writes into the history what was waited up to now.

    ``after_turn`` is called on the window's thread after some calls were carried out; ``ready``, ``failed`` and
    ``may_control`` (may the programs of this instance control the others?) are called on the server's.
    """
    hub = EventHub()
    executor = MainThreadExecutor(after_turn, parent)
    bridge = EventBridge(hub, workspace, sessions)
    processes = InstanceProcesses(sessions)
    queries = SessionQueries(sessions)
    backend = sessions.backend
    if isinstance(backend, WorkerPool):
        backend.worker_printed.connect(bridge.worker_printed)

    def noticed(id: str, title: str, text: str, state: str) -> None:
        hub.publish(id, InstanceNotice(title=title, text=text, state=state))

    context = OperationContext(workspace, queries, backend, noticed, background.foreign.run, window)
    AttentionEvents(
        hub, workspace, context.attention, lambda seconds, call: _call_later(parent, seconds, call)
    )
    more: list[Operations] = [RecordOperations(history, executor.submit, count_waits)]
    if settings is not None:
        more.append(SettingsOperations(settings))
    server = ControlServer(
        MainThreadGateway(executor.submit, Dispatcher(context, hub.epoch, more)),
        hub,
        listen=listen,
        ready=ready,
        failed=failed,
        may_control=may_control,
        trees=lambda: processes.trees,
    )
    return ApiParts(server, queries)


def _call_later(parent: QObject, seconds: float, call: Callable[[], None]) -> None:
    QTimer.singleShot(round(seconds * 1000) + 1, parent, call)
