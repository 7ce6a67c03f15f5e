"""Yes and no to what agents' tools ask, by a command instead of their keys."""

from collections.abc import Callable

from podium.core.ids import InstanceId
from podium.core.protocol.attention import Question
from podium.workspace.workspace import Workspace


class AnsweringCommands:
    """What was not answered is told by ``tell``; what was shows by itself."""

    def __init__(self, workspace: Workspace, tell: Callable[[str], None]) -> None:
        self._workspace = workspace
        self._tell = tell

    def allow(self, instance: InstanceId) -> None:
        """Say yes to what it asks now."""
        self.answer(instance, self._workspace.view(instance).attention.asked, allow=True)

    def deny(self, instance: InstanceId) -> None:
        self.answer(instance, self._workspace.view(instance).attention.asked, allow=False)

    def answer(self, instance: InstanceId, question: Question | None, *, allow: bool) -> None:
        """Say yes or no to ``question``, if it is still the one it asks."""
        if question is None:
            return
        name = self._workspace.view(instance).spec.name

        def on_answered(problem: str) -> None:
            if problem:
                self._tell(f"{name} was not answered. {problem}")

        self._workspace.alerts.answer(instance, question, allow, on_answered)
