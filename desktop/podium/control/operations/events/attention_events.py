"""Publishes who needs a person as events of the API: each change once, at a bounded rate."""

from collections.abc import Callable
from typing import Final

from podium.control.api.attention import AttentionChanged
from podium.control.bridge.event_hub import EventHub
from podium.control.operations.context import AttentionSnapshots
from podium.core.clock import Clock, monotonic
from podium.core.ids import InstanceId
from podium.workspace.workspace import Workspace, WorkspaceError

INTERVAL: Final = 0.1
"""Seconds between two events of one instance: hooks may tell thousands of states a second."""


class AttentionEvents:
    """Lives on the main thread. Of changes that come faster than INTERVAL the last one is published, after it."""

    def __init__(
        self,
        hub: EventHub,
        workspace: Workspace,
        snapshots: AttentionSnapshots,
        call_later: Callable[[float, Callable[[], None]], None],
        clock: Clock = monotonic,
    ) -> None:
        """``call_later`` calls a function once, so many seconds from now, on this thread."""
        self._hub = hub
        self._workspace = workspace
        self._snapshots = snapshots
        self._call_later = call_later
        self._clock = clock
        self._told: dict[InstanceId, AttentionChanged] = {}
        self._free_at: dict[InstanceId, float] = {}
        """When the next event of an instance may be published."""
        self._due: set[InstanceId] = set()
        """A look is on its way for these."""
        workspace.instance_updated.connect(self._on_updated)
        workspace.instance_removed.connect(self._on_removed)

    def _on_updated(self, id: str) -> None:
        instance = InstanceId(id)
        if instance not in self._due:
            self._look(instance)

    def _look(self, instance: InstanceId) -> None:
        try:
            view = self._workspace.view(instance)
        except WorkspaceError:
            return
        info = self._snapshots.of(view)
        now = AttentionChanged(
            state=info.state, source=info.source, since=info.since, question=info.question, kind=info.kind
        )
        if _same(now, self._told.get(instance, _NOTHING)):
            return
        wait = self._free_at.get(instance, 0.0) - self._clock()
        if wait > 0:
            self._due.add(instance)
            self._call_later(wait, lambda: self._on_due(instance))
            return
        self._told[instance] = now
        self._free_at[instance] = self._clock() + INTERVAL
        self._hub.publish(instance, now)

    def _on_due(self, instance: InstanceId) -> None:
        if instance in self._due:
            self._due.discard(instance)
            self._look(instance)

    def _on_removed(self, id: str) -> None:
        instance = InstanceId(id)
        self._told.pop(instance, None)
        self._free_at.pop(instance, None)
        self._due.discard(instance)


_NOTHING: Final = AttentionChanged(state="none", source="output", since=0.0)


def _same(one: AttentionChanged, other: AttentionChanged) -> bool:
    return (one.state, one.source, one.question, one.kind) == (
        other.state,
        other.source,
        other.question,
        other.kind,
    )
