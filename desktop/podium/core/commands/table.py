"""All rows, in the order of the shortcut overview."""

import sys
from typing import Final

from podium.core.commands.ids import CommandId
from podium.core.commands.instance_commands import INSTANCE_COMMANDS
from podium.core.commands.podium_commands import PODIUM_COMMANDS
from podium.core.commands.rows import Command, NoMenu, Section
from podium.core.commands.terminal_commands import TERMINAL_COMMANDS
from podium.core.commands.view_commands import VIEW_COMMANDS
from podium.core.instances import Kind

COMMANDS: Final[tuple[Command, ...]] = tuple(
    row.on(sys.platform) for row in (*INSTANCE_COMMANDS, *VIEW_COMMANDS, *TERMINAL_COMMANDS, *PODIUM_COMMANDS)
)


def command(id: CommandId) -> Command:
    """The row of ``id``."""
    return _BY_ID[id]


def commands_in(section: Section, kind: Kind | None) -> tuple[Command, ...]:
    """The commands of a section for an instance of this ``kind``, in order; None where it is about no instance."""
    found = [
        (place.position, row)
        for row in COMMANDS
        if not isinstance(row.places, NoMenu)
        for place in row.places
        if place.section is section and (kind is None or kind in place.kinds)
    ]
    return tuple(row for _, row in sorted(found, key=lambda one: one[0]))


_BY_ID: Final = {row.id: row for row in COMMANDS}
