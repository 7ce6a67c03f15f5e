"""The command line by which an instance's tool begins a session, or goes on with the one it had."""

import shlex
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtCore import QObject

from podium.core.adapters.tool_names import tool_names
from podium.core.ids import InstanceId
from podium.core.instances import AgentLaunch, InstanceSpec, Kind
from podium.core.protocol.attention import PromptSaid
from podium.core.protocol.command_requests import RunAtPrompt
from podium.core.protocol.reports import ErrorReport, NoticeReport
from podium.sessions.hub import SessionHub
from podium.sessions.queries import Reply, SessionGone
from podium.supervision.program_states import Order
from podium.workspace.instances.instance import Instance, in_sight
from podium.workspace.instances.program_runner import ProgramRunner
from podium.workspace.instances.tool_sessions import ToolSessions

if TYPE_CHECKING:
    from podium.core.adapters.model import Adapter

_GONE: Final = "The session it had is no longer there. It began anew."
_UNKNOWN: Final = "It is not known which session it had. It began anew."


class ToolStarts(QObject):
    """Belongs to the workspace, whose records it works on."""

    def __init__(
        self,
        hub: SessionHub,
        sessions: ToolSessions,
        runner: ProgramRunner,
        tell: Callable[[InstanceId, NoticeReport], None],
        parent: QObject | None = None,
    ) -> None:
        """``tell`` shows a notice to the person."""
        super().__init__(parent)
        self._hub = hub
        self._tell = tell
        self._sessions = sessions
        self._typed_next: dict[InstanceId, str] = {}
        """By instance, the command line for its shell's first prompt."""
        runner.launched = self.launched
        hub.subscribe(PromptSaid, self._on_prompt)

    def launched(self, record: Instance, order: Order) -> InstanceSpec:
        """The instance's spec as this start runs it. What it begins or goes on with is remembered with the instance."""
        spec = record.spec
        self._typed_next.pop(spec.id, None)
        agent = spec.agent
        adapter = self._sessions.known.adapters.get(agent.tool) if agent is not None else None
        if agent is None or adapter is None or adapter.interactive is None:
            return spec
        if spec.kind is Kind.SHELL:
            words = self._resumed(record, agent, adapter) if order.resume and not order.unasked else ()
            if not words:
                self._sessions.set_agent(record, None)
            else:
                self._typed_next[spec.id] = shlex.join(words)
            return spec
        words = self._resumed(record, agent, adapter) if order.resume else ()
        if not words:
            return self._fresh(record, agent, adapter)
        tool, rest = _parted(spec.command, adapter.name)
        # Flags may stand behind it again; a word may be a prompt, which is not to be given twice.
        flags = rest if all(word.startswith("-") and word != "--" for word in rest) else ()
        flags = tuple(flag for flag in flags if flag not in words)
        command = (*tool, *words[1:], *flags)
        return msgspec.structs.replace(
            spec, command=command, agent=msgspec.structs.replace(agent, first_prompt="")
        )

    def _resumed(self, record: Instance, agent: AgentLaunch, adapter: "Adapter") -> tuple[str, ...]:
        """The words that go on with its session; none when there is nothing to go on with, which is told."""
        from podium.core.adapters.interactive import continue_command, resume_command

        if adapter.interactive is not None and not adapter.interactive.resume:
            return continue_command(adapter)
        if agent.session and not record.session_gone:
            return resume_command(adapter, agent.session)
        self._tell(record.spec.id, NoticeReport(adapter.title, _GONE if agent.session else _UNKNOWN))
        return ()

    def _fresh(self, record: Instance, agent: AgentLaunch, adapter: "Adapter") -> InstanceSpec:
        """A session of its own, under an id that is chosen here where the tool takes one."""
        from podium.core.adapters.interactive import fresh_command

        usual, session = fresh_command(adapter), str(uuid.uuid4())
        chosen = fresh_command(adapter, session)
        tool, rest = _parted(record.spec.command, adapter.name)
        prompt = rest[len(usual) - 1 :]
        # Other words may name a session themselves.
        fits = rest[: len(usual) - 1] == usual[1:] and (not prompt or prompt[0] == "--")
        command = (*tool, *chosen[1:], *prompt)
        if chosen == usual or not fits:
            session, command = "", record.spec.command
        self._sessions.set_agent(record, msgspec.structs.replace(agent, session=session))
        return msgspec.structs.replace(record.spec, command=command)

    def _on_prompt(self, instance: InstanceId, report: PromptSaid) -> None:
        if not report.at_prompt or instance not in self._typed_next:
            return
        line = self._typed_next.pop(instance)
        record = in_sight(self._sessions.records, instance)
        if record is None:
            return

        def receive(reply: Reply | SessionGone) -> None:
            if isinstance(reply, ErrorReport) and in_sight(self._sessions.records, instance) is not None:
                self._tell(instance, NoticeReport(record.spec.name, f"To go on: {line}"))

        self._hub.ask(instance, receive, RunAtPrompt(0, line))


def _parted(command: tuple[str, ...], tool: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that start ``tool``, which may be a script or in a package, and those after them."""
    for count in range(1, len(command) + 1):
        if tool in tool_names(command[:count]):
            return command[:count], command[count:]
    return command[:1], command[1:]
