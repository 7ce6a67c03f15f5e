"""The command table: one row feeds menus, shortcuts, their overview, the help and the API.

To add a command, add its id (``ids.py``), its row (``instance_commands.py`` and its neighbours) and its handler
(``ui/commands/window_commands.py``). A command that works without a window has a handler in
``control/operations/commands.py`` too.
"""

from podium.core.commands.conditions import CommandTarget, Situation
from podium.core.commands.ids import CommandId
from podium.core.commands.rows import ArgumentType, Command, Group, NoMenu, Place, Section, WindowOnly
from podium.core.commands.table import COMMANDS, command, commands_in

__all__ = [
    "COMMANDS",
    "ArgumentType",
    "Command",
    "CommandId",
    "CommandTarget",
    "Group",
    "NoMenu",
    "Place",
    "Section",
    "Situation",
    "WindowOnly",
    "command",
    "commands_in",
]
