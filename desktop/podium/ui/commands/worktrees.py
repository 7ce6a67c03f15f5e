"""The worktrees of agents whose instances go: kept, or removed if everything in them is committed."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from podium.core.background import RunInBackground
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec
from podium.core.system.app_dirs import agents_folder
from podium.ui.commands.ending import SheetHost
from podium.ui.theme.palette import ThemeManager
from podium.workspace.workspace import Workspace


class Worktrees(QObject):
    """Asks before an instance with a worktree goes, and does what was chosen once nothing runs in it any more."""

    def __init__(
        self,
        workspace: Workspace,
        themes: ThemeManager,
        host: SheetHost,
        look: RunInBackground,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._themes = themes
        self._host = host
        self._look = look
        self._going: dict[InstanceId, Path] = {}
        """What is removed when these instances are gone."""
        workspace.instance_forgotten.connect(self._on_forgotten)

    def ask(self, instance: InstanceId, go_on: Callable[[], None]) -> None:
        """``go_on``, which takes the instance out, after a person has said what becomes of its worktree."""
        spec = self._workspace.view(instance).spec
        holder = self._holder(spec)
        if holder is None or spec.agent is None:
            go_on()
            return
        from podium.ui.dialogs.agents.worktree_questions import WorktreeQuestion  # see window_commands

        sheet = WorktreeQuestion(self._themes, self._host.sheet_host(), spec.name, spec.agent.branch)

        def go(remove: bool) -> None:
            if instance not in self._workspace.ids():
                return
            if remove:
                self._going[instance] = holder
            go_on()
            if instance in self._workspace.ids():
                self._going.pop(instance, None)  # It could not be taken out.

        sheet.accepted.connect(lambda: go(remove=False))
        sheet.removal_chosen.connect(lambda: go(remove=True))
        self._host.open_sheet(sheet)

    def _holder(self, spec: InstanceSpec) -> Path | None:
        """The folder of its worktree; None without one, or when another instance works in it too."""
        if spec.agent is None or not spec.agent.branch:
            return None
        from podium.repositories.agent_worktree import holder_of  # Only here: few have a worktree.

        holder = holder_of(Path(spec.folder), agents_folder())
        others = (self._workspace.view(id).spec for id in self._workspace.ids() if id != spec.id)
        if holder is None or any(Path(other.folder).is_relative_to(holder) for other in others):
            return None
        return holder

    def _on_forgotten(self, instance: str) -> None:
        holder = self._going.pop(InstanceId(instance), None)
        if holder is None:
            return

        def remove() -> str:
            from podium.repositories.agent_worktree import Kept, remove_if_saved

            try:
                return remove_if_saved(holder)
            except Kept as kept:
                return str(kept)

        failed = f"Its worktree stays in {holder}"
        self._look(
            remove, self._host.show_message, lambda error: self._host.show_message(f"{failed}: {error}")
        )
