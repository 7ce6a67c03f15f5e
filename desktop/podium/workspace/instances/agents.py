"""The agents' tools that people work with in terminals: what is known of them, and their first prompts."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind
from podium.core.protocol.attention import PromptReport, SubmitPrompt
from podium.core.protocol.reports import ErrorReport
from podium.sessions.hub import SessionHub
from podium.sessions.queries import PendingQuery, Reply, SessionGone
from podium.workspace.instances.instance import Instance

if TYPE_CHECKING:
    from podium.core.adapters.model import Adapter


class Agents(QObject):
    """Belongs to the workspace, whose records it works on."""

    changed = Signal(str)
    """Something else keeps the first prompt of this instance, or nothing any more."""
    spec_changed = Signal(str)
    """The first prompt of this instance was submitted or dropped: it is not to be given again."""

    def __init__(
        self, hub: SessionHub, records: Mapping[InstanceId, Instance], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.adapters: Mapping[str, Adapter] = {}
        """All that there are, by name; none until they have been read."""
        self._hub = hub
        self._records = records
        self._pending: dict[InstanceId, PendingQuery] = {}

    def prompt_arguments(self, spec: InstanceSpec) -> tuple[str, ...]:
        """The arguments that give the first prompt of ``spec`` to its tool; () where it has none or is typed to."""
        if spec.kind is not Kind.COMMAND or spec.agent is None or not spec.agent.first_prompt:
            return ()
        adapter = self.adapters.get(spec.agent.tool)
        if adapter is None or adapter.interactive is None:
            return ()
        from podium.core.adapters.interactive import (
            prompt_arguments,
        )  # Whoever read the adapters has loaded it.

        return prompt_arguments(adapter.interactive, spec.agent.first_prompt)

    def on_start_sent(self, record: Instance) -> None:
        """Its session was told to start its program: have the first prompt submitted."""
        agent = record.spec.agent
        if agent is None or not agent.first_prompt or record.spec.kind is not Kind.COMMAND:
            return
        instance = record.spec.id
        self._cancel(instance)
        given = bool(self.prompt_arguments(record.spec))
        wanted = SubmitPrompt(0, agent.tool, agent.first_prompt, given)
        pending = self._hub.ask(instance, partial(self._on_answer, record, agent.first_prompt), wanted)
        if pending is not None:
            self._pending[instance] = pending

    def drop_prompt(self, instance: InstanceId) -> None:
        """Do not submit it any more."""
        record = self._records[instance]
        self._cancel(instance)
        self._forget(record)

    def forget(self, instance: InstanceId) -> None:
        """The instance was removed."""
        self._cancel(instance)

    def _cancel(self, instance: InstanceId) -> None:
        pending = self._pending.pop(instance, None)
        if pending is not None and pending.waits:
            pending.cancel()
            self._hub.send(instance, SubmitPrompt(pending.number, "", ""))

    def _on_answer(self, record: Instance, prompt: str, reply: Reply | SessionGone) -> None:
        if record.program.closed:
            return
        match reply:
            case PromptReport(submitted=True):
                if record.spec.agent is not None and record.spec.agent.first_prompt == prompt:
                    self._forget(record)
            case PromptReport(waits_for=reason):
                self._set_reason(record, reason)
            case ErrorReport() | SessionGone():
                self._set_reason(record, "")  # It stays, for the next start.

    def _forget(self, record: Instance) -> None:
        if record.spec.agent is not None:
            agent = msgspec.structs.replace(record.spec.agent, first_prompt="")
            record.spec = msgspec.structs.replace(record.spec, agent=agent)
            self.spec_changed.emit(record.spec.id)
        self._set_reason(record, "")

    def _set_reason(self, record: Instance, reason: str) -> None:
        record.prompt_waits_for = reason
        self.changed.emit(record.spec.id)
