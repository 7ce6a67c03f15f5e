"""New instances without a dialog: a shell where one works, and one like another; and starting all there are."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QObject, QTimer

from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind
from podium.ui.commands.possible import no_room
from podium.workspace.arrangement import Arrangement
from podium.workspace.views import InstanceState, InstanceView
from podium.workspace.workspace import Workspace, WorkspaceError

_ANSWER_MS: Final = 300
"""So long a session may take to say in which folder it is."""
_NEWEST_LINE: Final = (1 << 31) - 1

Show = Callable[[str], None]


class NewInstances(QObject):
    """Adds instances to the arrangement of its window."""

    def __init__(
        self,
        workspace: Workspace,
        arrangement: Arrangement,
        create: Callable[[InstanceSpec], None],
        show_message: Show,
        parent: QObject,
    ) -> None:
        """``create`` adds one, starts it and shows it."""
        super().__init__(parent)
        self._workspace = workspace
        self._arrangement = arrangement
        self._create = create
        self._show_message = show_message

    def handlers(self) -> Mapping[CommandId, Callable[[], None]]:
        """Of commands that need no instance."""
        return {CommandId.SHELL_HERE: self._open_shell, CommandId.START_ALL: self._start_all}

    def instance_handlers(self) -> Mapping[CommandId, Callable[[InstanceId], None]]:
        return {
            CommandId.DUPLICATE: self._duplicate,
            CommandId.MOVE_UP: lambda id: self._move(id, -1),
            CommandId.MOVE_DOWN: lambda id: self._move(id, 1),
        }

    # a shell at once

    def _open_shell(self) -> None:
        current = self._arrangement.current
        if current is None:
            self._add_shell(str(Path.home()))
            return
        answered = False
        usual = self._workspace.view(current).spec.folder

        def open_in(folder: str) -> None:
            nonlocal answered
            if not answered:
                answered = True
                self._add_shell(folder or usual)

        self._workspace.find_folders(
            current, [_NEWEST_LINE], lambda found: open_in(found[0] if found else "")
        )
        QTimer.singleShot(_ANSWER_MS, self, lambda: open_in(""))

    def _add_shell(self, folder: str) -> None:
        if reason := no_room(1, self._arrangement):  # Also while the folder was asked for.
            self._show_message(reason)
            return
        name = self._workspace.next_name(Kind.SHELL)
        self._create(
            InstanceSpec(
                self._workspace.new_id(name),
                name,
                Kind.SHELL,
                self._workspace.next_theme(),
                folder,
            )
        )

    # one like another

    def _duplicate(self, id: InstanceId) -> None:
        """A shell starts, as a new one does; a command or mission waits until it is started. An agent's tool begins a
        conversation of its own.
        """
        spec = self._workspace.view(id).spec
        agent = spec.agent
        if agent is not None:
            agent = msgspec.structs.replace(agent, session="", first_prompt="")
        name = _copy_name(spec.name, {other.name for other in self._specs()})
        copied = msgspec.structs.replace(spec, id=self._workspace.new_id(name), name=name, agent=agent)
        if spec.kind is Kind.SHELL:
            self._create(copied)
            return
        try:
            self._workspace.create(copied, start=False)
            self._arrangement.reveal(copied.id)
        except WorkspaceError as error:
            self._show_message(str(error))

    # all of them

    def _start_all(self) -> None:
        """Start what does not run and is not done; a mission that was interrupted goes on where it was."""
        views = [self._workspace.view(id) for id in self._arrangement.order]
        wanted = [view for view in views if can_start_with_others(view)]
        if not wanted:
            self._show_message("All instances run or are done.")
        for view in wanted:
            id = view.id
            try:
                if view.resumable:
                    self._workspace.resume(id)
                else:
                    self._workspace.start(id)
            except WorkspaceError as error:
                self._show_message(f"{view.spec.name}: {error}")

    def _move(self, id: InstanceId, by: int) -> None:
        order = self._arrangement.order
        self._arrangement.move(id, (order.index(id) + by) % len(order))

    def _specs(self) -> tuple[InstanceSpec, ...]:
        return tuple(self._workspace.view(id).spec for id in self._workspace.ids())


def can_start_with_others(view: InstanceView) -> bool:
    """Whether *Start all* starts it: it does not run, and its work is not done."""
    return view.startable and not view.busy and view.state is not InstanceState.DONE


def _copy_name(name: str, taken: set[str]) -> str:
    """``api`` → ``api 2``, ``api 2`` → ``api 3``."""
    base, _, number = name.rpartition(" ")
    start = int(number) if base and number.isdecimal() and len(number) < 6 else 1
    base = base if start > 1 else name
    names = (f"{base} {count}" for count in range(start + 1, start + 2000))
    return next(candidate for candidate in names if candidate not in taken)
