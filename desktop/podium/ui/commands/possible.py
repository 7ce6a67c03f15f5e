"""What can be done just now: menus grey out the rest, and a key for the rest says why nothing happens."""

from typing import Final

from podium.core.commands import CommandId, command
from podium.core.instances import Kind
from podium.workspace.arrangement import Arrangement, Layout
from podium.workspace.new_instances import MAX_INSTANCES
from podium.workspace.views import InstanceState, InstanceView

_RUNNING = frozenset({InstanceState.RUNNING, InstanceState.WAITING})
_AT_WORK = _RUNNING | {InstanceState.FINISHING, InstanceState.STARTING}

_ADDED: Final = {
    CommandId.NEW_MISSION: 1,
    CommandId.NEW_SHELL: 1,
    CommandId.NEW_COMMAND: 1,
    CommandId.WATCH_DEMO: 4,
}
"""How many instances a command adds."""


def why_not(id: CommandId, arrangement: Arrangement) -> str:
    """Why command ``id`` can't be carried out whatever it is for, and what to do about it; "" when it can."""
    added = _ADDED.get(id, 0)
    over = len(arrangement.order) + added - MAX_INSTANCES
    if not added or over <= 0:
        return ""
    remove = "remove one first" if over == 1 else f"remove {over} first"
    return f"{MAX_INSTANCES} instances are the most; {remove}."


def possible(id: CommandId, view: InstanceView | None, arrangement: Arrangement) -> bool:
    """Whether command ``id`` would do anything for ``view``, the instance it is for."""
    if command(id).needs_instance and view is None:
        return False
    if why_not(id, arrangement):
        return False
    match id:
        case CommandId.NEXT | CommandId.PREVIOUS:
            return len(arrangement.order) > 1
        case CommandId.NEXT_PAGE:
            return arrangement.layout is Layout.GRID and arrangement.pages > 1
        case CommandId.ZOOM:
            return arrangement.layout is Layout.GRID and len(arrangement.order) > 1
        case CommandId.SWITCH:
            return bool(arrangement.order)
    return view is None or _possible_for(id, view)


def _possible_for(id: CommandId, view: InstanceView) -> bool:
    mission = view.spec.kind is Kind.MISSION
    match id:
        case CommandId.START | CommandId.RESUME | CommandId.RESTART if not view.startable:
            return False
        case CommandId.START:
            return not view.busy
        case CommandId.RESUME:
            return view.resumable and not view.busy
        case CommandId.STOP:
            return view.state in _AT_WORK | {InstanceState.RESTARTING}
        case CommandId.RESTART:
            return view.state not in (InstanceState.IDLE, InstanceState.STARTING)
        case CommandId.FINISH_ROUND:
            return mission and view.state in _RUNNING
        case CommandId.STOP_NOW:
            return mission and view.state in _AT_WORK
        case CommandId.REMOVE:
            return not view.busy
        case CommandId.END_LEFT_BEHIND | CommandId.LEAVE_LEFT_BEHIND:
            return bool(view.left_behind)
    return True
