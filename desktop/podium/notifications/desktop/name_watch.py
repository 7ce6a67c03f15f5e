"""Who has a name on the session's bus."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from podium.notifications.desktop.bus import BUS_NAME, BusCalls

if TYPE_CHECKING:
    from jeepney import Message


class NameWatch:
    """A client of the bus that calls ``tell`` with the owner of ``name``, "" for none, whenever it changes."""

    def __init__(self, name: str, tell: Callable[[str], None]) -> None:
        self._name = name
        self._tell = tell
        self._owner = ""

    def on_connected(self, calls: BusCalls) -> None:
        from jeepney import MatchRule, MessageType
        from jeepney.bus_messages import message_bus

        rule = MatchRule(type="signal", sender=BUS_NAME, interface=BUS_NAME, member="NameOwnerChanged")
        rule.add_arg_condition(0, self._name)
        calls.send(message_bus.AddMatch(rule))

        def on_reply(message: "Message") -> None:
            if message.header.message_type is MessageType.method_return:
                self._change(str(message.body[0]))

        calls.call(message_bus.GetNameOwner(self._name), on_reply)

    def on_signal(self, message: "Message", sender: str, member: str) -> None:
        if (sender, member) != (BUS_NAME, "NameOwnerChanged"):
            return
        match message.body:
            case (self._name, str(), str(owner)):
                self._change(owner)

    def on_disconnected(self) -> None:
        self._change("")

    def _change(self, owner: str) -> None:
        if owner != self._owner:
            self._owner = owner
            self._tell(owner)
