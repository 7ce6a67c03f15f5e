"""Operations on a workspace whose workers do what a test says."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from podium.control.api.errors import ApiError
from podium.control.api.shapes import Call
from podium.control.bridge.event_hub import EventHub
from podium.control.bridge.futures import when_settled
from podium.control.operations.context import OperationContext, WindowHost
from podium.control.operations.dispatch import Dispatcher
from podium.control.operations.events.attention_events import AttentionEvents
from podium.control.operations.events.event_bridge import EventBridge
from podium.control.operations.session_queries import SessionQueries
from podium.core.background import RunInBackground
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend

ONE = InstanceId("one")


class Bench:
    """Operations on a workspace whose workers do what a test says."""

    def __init__(self, window: WindowHost | None = None, background: RunInBackground | None = None) -> None:
        self.backend = FakeBackend()
        self.workspace = Workspace(self.backend.hub, {})
        self.hub = EventHub()
        self.bridge = EventBridge(self.hub, self.workspace, self.backend.hub)
        self.sessions = SessionQueries(self.backend.hub)
        self.context = OperationContext(
            self.workspace, self.sessions, self.backend, lambda *_: None, background or nothing, window
        )
        self.now = 100.0
        self.later: list[tuple[float, Callable[[], None]]] = []
        """What is to be called, and when."""
        self.attention_events = AttentionEvents(
            self.hub, self.workspace, self.context.attention, self._call_later, lambda: self.now
        )
        self.operations = Dispatcher(self.context, "epoch")
        self.refused: list[str] = []
        self.workspace.error_reported.connect(self.refused.append)

    def _call_later(self, seconds: float, call: Callable[[], None]) -> None:
        self.later.append((self.now + seconds, call))

    def after(self, seconds: float) -> None:
        """Let time pass for events."""
        self.now += seconds
        due = [call for at, call in self.later if at <= self.now]
        self.later = [(at, call) for at, call in self.later if at > self.now]
        for call in due:
            call()

    def create(self, id: str, kind: Kind = Kind.SHELL) -> InstanceId:
        spec = InstanceSpec(InstanceId(id), id, kind, ThemeName.ROSE, "/", mission="/m.toml")
        self.workspace.create(spec)
        return spec.id

    def call(self, call: Call) -> list[Any]:
        """What came of it, or will."""
        outcome: list[Any] = []
        try:
            answer = self.operations.carry_out(call)
        except ApiError as error:
            return [error]
        if isinstance(answer, Future):
            when_settled(answer, outcome.append)
        else:
            outcome.append(answer)
        return outcome


def nothing(*_: Any) -> None:
    raise AssertionError("nothing is to be done in the background")
