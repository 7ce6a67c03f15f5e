"""Commands that can be done just now: menus grey out the rest, and a key for the rest says why nothing happens."""

from podium.core.commands import CommandId, command
from podium.core.instances import MAX_INSTANCES
from podium.workspace.arrangement import Arrangement
from podium.workspace.views import InstanceView


def no_room_reason(id: CommandId, arrangement: Arrangement) -> str:
    """Why there is no room for the instances that command ``id`` adds, and what to do about it; "" when there is."""
    return no_room(command(id).adds, arrangement)


def no_room(added: int, arrangement: Arrangement) -> str:
    """The same for so many instances."""
    there = sum(len(one.order) for one in (arrangement, *arrangement.others()))
    over = there + added - MAX_INSTANCES
    if not added or over <= 0:
        return ""
    remove = "remove one first" if over == 1 else f"remove {over} first"
    return f"{MAX_INSTANCES} instances are the most; {remove}."


def refusal(id: CommandId, view: InstanceView | None, arrangement: Arrangement) -> str:
    """Why command ``id`` would do nothing for ``view``, the instance it is for; "" when it would do something."""
    return command(id).refusal(arrangement.situation(view)) or no_room_reason(id, arrangement)
