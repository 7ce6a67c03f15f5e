"""What can be done just now: menus grey out the rest, and a key for the rest says why nothing happens."""

from podium.core.commands import CommandId, command
from podium.core.instances import Kind
from podium.workspace.arrangement import Arrangement, Layout
from podium.workspace.views import InstanceState, InstanceView

_RUNNING = frozenset({InstanceState.RUNNING, InstanceState.WAITING})
_AT_WORK = _RUNNING | {InstanceState.FINISHING, InstanceState.STARTING}


def possible(id: CommandId, view: InstanceView | None, arrangement: Arrangement) -> bool:
    """Whether command ``id`` would do anything for ``view``, the instance it is for."""
    if command(id).needs_instance and view is None:
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
