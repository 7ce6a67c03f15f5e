"""The parts and helpers that all operations share."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from podium.control.api.attention import AttentionInfo, Reply
from podium.control.api.errors import ApiError, unknown_instance
from podium.control.api.instances import AgentInfo, InstanceInfo
from podium.control.api.window import RunInWindow
from podium.control.api.workers import PoolStatus
from podium.control.bridge.futures import on_cancel, settle, settled
from podium.control.operations.session_queries import SessionQueries
from podium.core.background import RunInBackground
from podium.core.clock import Clock, wall
from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.names import one_line
from podium.core.protocol.attention import Question
from podium.core.protocol.backend import SessionBackend, WorkerState, WorkerStatus
from podium.workspace.views import InstanceState, InstanceView
from podium.workspace.workspace import Workspace, WorkspaceError

_WITH_PROGRAM: Final = frozenset(
    {InstanceState.RUNNING, InstanceState.WAITING, InstanceState.FINISHING, InstanceState.STOPPING}
)


class WindowHost(Protocol):
    """The API's access to the window; there is none under ``podium serve``."""

    def refusal(self, command: CommandId, instance: InstanceId | None) -> str:
        """Why the command would do nothing now, in a sentence; "" when it would do something."""

    def run(self, command: CommandId, instance: InstanceId | None) -> None:
        """Carry it out as the menu does; dialogs open for what needs one."""

    def open_paths(self, paths: Sequence[Path], activation: str) -> None:
        """Bring the window to the front and let it ask about these files and folders. ``activation`` is the desktop's
        token for that.
        """

    def run_program(self, request: RunInWindow) -> None:
        """Bring the window to the front with a new instance. Raises WorkspaceError."""

    def take_picture(self, receive: Callable[[bytes], None]) -> None:
        """Hand the window as a PNG to ``receive``, on the main thread."""


def require_instance(workspace: Workspace, id: str) -> InstanceId:
    """The instance with this id. Raises ApiError 404."""
    instance = InstanceId(id)
    if instance not in workspace.ids():
        raise unknown_instance(id)
    return instance


def absolute_file(text: str) -> Path:
    """The path of a call's ``file``. Raises ApiError 422."""
    path = Path(text)
    if not path.is_absolute() or "\0" in text:
        raise ApiError(422, "bad-shape", "“file” must be an absolute path.")
    return path


def with_program(workspace: Workspace, id: str) -> InstanceId:
    """The instance with this id, whose program runs. Raises ApiError 404 and 409."""
    instance = require_instance(workspace, id)
    if workspace.state(instance) not in _WITH_PROGRAM:
        raise ApiError(409, "not-running", "Its program does not run.", "Start it first.")
    return instance


def or_conflict(call: Callable[[], object]) -> None:
    """Carry out a command of the workspace; its refusal is a conflict."""
    try:
        call()
    except WorkspaceError as error:
        raise ApiError(409, "refused", str(error)) from error


class AttentionSnapshots:
    """Makes snapshots of instances' attention. A state keeps the time of day at which it was seen first."""

    def __init__(self, workspace: Workspace, clock: Clock = wall) -> None:
        self._clock = clock
        self._since: dict[InstanceId, tuple[float, float]] = {}
        """By instance: since when its state is, by the workspace's clock, and as the time of day."""
        workspace.instance_removed.connect(self._on_removed)

    def of(self, view: InstanceView) -> AttentionInfo:
        attention = view.attention
        asked = attention.asked
        return AttentionInfo(
            state=attention.state.value,
            source=attention.source.value,
            since=self._time_of_day(view),
            seconds=view.attention_seconds,
            question=view.question,
            kind=asked.kind.value if asked is not None else "",
            subject=asked.subject if asked is not None else "",
            options=asked.options if asked is not None else (),
            answers=_answers(asked) if asked is not None else (),
            tool=attention.tool,
        )

    def _time_of_day(self, view: InstanceView) -> float:
        known = self._since.get(view.id)
        if known is None or known[0] != view.attention.since:
            at = round(self._clock() - view.attention_seconds, 3)
            known = self._since[view.id] = view.attention.since, at
        return known[1]

    def _on_removed(self, instance: str) -> None:
        self._since.pop(InstanceId(instance), None)


def _answers(asked: Question) -> tuple[str, ...]:
    takes = {
        Reply.ALLOW: bool(asked.allow),
        Reply.DENY: bool(asked.deny),
        Reply.OPTION: any(asked.choices),
        Reply.TEXT: asked.reply is not None,
    }
    return tuple(reply.value for reply, taken in takes.items() if taken)


class InstanceSnapshots:
    """Makes snapshots of instances."""

    def __init__(self, workspace: Workspace, backend: SessionBackend, attention: AttentionSnapshots) -> None:
        self._workspace = workspace
        self._backend = backend
        self._attention = attention

    def of(self, instance: InstanceId) -> InstanceInfo:
        view = self._workspace.view(instance)
        return instance_info(view, self._attention.of(view), self.pool_status(instance))

    def pool_status(self, instance: InstanceId) -> PoolStatus | None:
        status = self._backend.statuses().get(instance) if self._backend.isolated else None
        return pool_status(status) if status is not None else None

    def worker_states(self) -> dict[InstanceId, WorkerState]:
        """By instance, with or without a pool."""
        return {instance: status.state for instance, status in self._backend.statuses().items()}

    def pool_statuses(self) -> dict[InstanceId, PoolStatus]:
        """Of all workers at once: each question copies all of them."""
        if not self._backend.isolated:
            return {}
        return {instance: pool_status(status) for instance, status in self._backend.statuses().items()}

    def all(self) -> tuple[InstanceInfo, ...]:
        statuses = self.pool_statuses()
        return tuple(
            instance_info(view, self._attention.of(view), statuses.get(view.id))
            for view in self._workspace.views()
        )


def instance_info(view: InstanceView, attention: AttentionInfo, pool: PoolStatus | None) -> InstanceInfo:
    spec = view.spec
    return InstanceInfo(
        id=spec.id,
        name=spec.name,
        kind=spec.kind.value,
        theme=spec.theme.value,
        folder=spec.folder,
        command=spec.command,
        mission=spec.mission,
        number=view.number,
        state=view.state.value,
        word=view.label,
        reason=view.reason,
        detail=view.detail,
        title=view.title,
        exit_code=view.exit_code,
        exit_signal=view.exit_signal,
        round=view.round,
        max_rounds=view.max_rounds,
        agents_running=view.agents_running,
        agents_total=view.agents_total,
        agents_worked=view.agents_worked,
        cost_usd=view.cost_usd,
        cost_simulated=view.cost_simulated,
        cost_estimated=view.cost_estimated,
        tokens_in=view.tokens_in,
        tokens_out=view.tokens_out,
        resumable=view.resumable,
        seconds=view.seconds,
        waiting_seconds=view.waiting_seconds,
        question=view.question,
        attention=attention,
        agent=_agent(view),
        alerts=view.spec.alerts.value,
        pool_status=pool,
    )


def _agent(view: InstanceView) -> AgentInfo | None:
    agent = view.spec.agent
    if agent is None:
        return None
    return AgentInfo(
        tool=agent.tool,
        session=agent.session,
        branch=agent.branch,
        prompt_pending=bool(agent.first_prompt),
        prompt_waits_for=one_line(view.prompt_waits_for),
    )


def pool_status(status: WorkerStatus) -> PoolStatus:
    return PoolStatus(
        state=status.state.value,
        pid=status.pid,
        generation=status.generation,
        restart_count=status.restart_count,
        retry_in=status.retry_in,
        reason=status.reason,
        last_output=status.last_output,
    )


class StateWaiters:
    """Waits for instances to get into a state."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._waiting: dict[InstanceId, dict[Future[Any], Callable[[InstanceView], Any]]] = {}
        workspace.instance_updated.connect(self._on_changed)
        workspace.instance_removed.connect(self._on_removed)

    def wait_for(self, instance: InstanceId, outcome: Callable[[InstanceView], Any]) -> Future[Any]:
        """Settled with what ``outcome`` makes of the instance's view, as soon as that is not None."""
        now = outcome(self._workspace.view(instance))
        if now is not None:
            return settled(now)
        future: Future[Any] = Future()
        self._waiting.setdefault(instance, {})[future] = outcome
        on_cancel(future, lambda: _drop(self._waiting, instance, future))
        return future

    def _on_changed(self, id: str) -> None:
        instance = InstanceId(id)
        if instance not in self._waiting:
            return
        view = self._workspace.view(instance)
        for future, outcome_of in tuple(self._waiting[instance].items()):
            outcome = outcome_of(view)
            if outcome is not None:
                _drop(self._waiting, instance, future)
                settle(future, outcome)

    def _on_removed(self, id: str) -> None:
        for future in self._waiting.pop(InstanceId(id), {}):
            settle(future, unknown_instance(id))


class RemovalWaiters:
    """Waits until nothing of a removed instance runs any more."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._waiting: dict[InstanceId, dict[Future[Any], Callable[[], None]]] = {}
        workspace.instance_forgotten.connect(self._on_forgotten)

    def after(self, instance: InstanceId, then: Callable[[Future[Any]], None]) -> Future[Any]:
        """Call ``then`` with the answer that is waited for, at once when the id is free already."""
        future: Future[Any] = Future()
        if not self._workspace.ends(instance):
            then(future)
            return future
        self._waiting.setdefault(instance, {})[future] = lambda: then(future)
        on_cancel(future, lambda: _drop(self._waiting, instance, future))
        return future

    def _on_forgotten(self, id: str) -> None:
        if self._workspace.ends(InstanceId(id)):
            return  # The id was taken again at once, and is being freed again.
        for then in self._waiting.pop(InstanceId(id), {}).values():
            then()


Waiting = TypeVar("Waiting")


def _drop(
    waiting: dict[InstanceId, dict[Future[Any], Waiting]], instance: InstanceId, future: Future[Any]
) -> None:
    """``future`` is waited for no more."""
    futures = waiting.get(instance, {})
    futures.pop(future, None)
    if not futures:
        waiting.pop(instance, None)


class OperationContext:
    """The parts that operations work on."""

    def __init__(
        self,
        workspace: Workspace,
        sessions: SessionQueries,
        backend: SessionBackend,
        noticed: Callable[[str, str, str, str], None],
        background: RunInBackground,
        window: WindowHost | None = None,
    ) -> None:
        """``noticed`` publishes an instance's notice as an event: id, title, text, state."""
        self.workspace = workspace
        self.sessions = sessions
        self.noticed = noticed
        self.background = background
        self.window = window
        self.attention = AttentionSnapshots(workspace)
        self.snapshots = InstanceSnapshots(workspace, backend, self.attention)
        self.states = StateWaiters(workspace)
        self.removals = RemovalWaiters(workspace)

    def unanswered(self, instance: InstanceId, reason: ApiError) -> ApiError:
        """Why its session gave no answer: ``reason``, unless the instance was removed meanwhile."""
        return reason if instance in self.workspace.ids() else unknown_instance(instance)
