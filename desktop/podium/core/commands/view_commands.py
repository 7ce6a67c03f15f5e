"""Commands for what the window shows."""

from typing import Final

from podium.core.commands.conditions import (
    with_instances,
    with_several_instances,
    with_several_pages,
    with_several_panes,
)
from podium.core.commands.ids import CommandId
from podium.core.commands.rows import ArgumentType, Command, Group, NoMenu, Place, Section, WindowOnly

_ARRANGES: Final = WindowOnly("It changes what the window shows; POST /api/window does so without one.")

VIEW_COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        CommandId.SWITCH,
        Group.VIEW,
        "Switch to instance",
        "Show the instance with this number.",
        keys=tuple(f"Ctrl+{number}" for number in range(1, 10)),
        places=NoMenu("The sidebar and the tabs show the instances with their numbers."),
        argument=ArgumentType.NUMBER,
        possible_when=with_instances,
        window_only=_ARRANGES,
    ),
    Command(
        CommandId.NEXT,
        Group.VIEW,
        "Next instance",
        "Show the next instance.",
        keys=("Ctrl+Shift+PgDown",),
        places=(Place(Section.VIEW, 5),),
        possible_when=with_several_instances,
        window_only=_ARRANGES,
    ),
    Command(
        CommandId.PREVIOUS,
        Group.VIEW,
        "Previous instance",
        "Show the previous instance.",
        keys=("Ctrl+Shift+PgUp",),
        places=(Place(Section.VIEW, 6),),
        possible_when=with_several_instances,
        window_only=_ARRANGES,
    ),
    Command(
        CommandId.NEXT_WAITING,
        Group.VIEW,
        "Next waiting",
        "Show the instance that has waited longest for you; again: the one after it.",
        keys=("Ctrl+Shift+J",),
        places=(Place(Section.VIEW, 7),),
        icon="attention",
        possible_when=with_instances,
        window_only=_ARRANGES,
    ),
    Command(
        CommandId.TOGGLE_LAYOUT,
        Group.VIEW,
        "Tabs or grid",
        "Switch between one instance and four at once.",
        keys=("Ctrl+Shift+G",),
        places=(Place(Section.VIEW, 1),),
        icon="grid",
        window_only=_ARRANGES,
    ),
    Command(
        CommandId.NEXT_PAGE,
        Group.VIEW,
        "Next four",
        "Show the next page of the grid.",
        keys=("Ctrl+Shift+Right",),
        places=(Place(Section.VIEW, 3),),
        possible_when=with_several_pages,
        window_only=_ARRANGES,
    ),
    Command(
        CommandId.PREVIOUS_PAGE,
        Group.VIEW,
        "Previous four",
        "Show the previous page of the grid.",
        keys=("Ctrl+Shift+Left",),
        places=(Place(Section.VIEW, 4),),
        possible_when=with_several_pages,
        window_only=_ARRANGES,
    ),
    Command(
        CommandId.ZOOM,
        Group.VIEW,
        "Zoom pane",
        "Show one pane alone, and go back.",
        keys=("Ctrl+Shift+X",),
        places=(
            Place(Section.VIEW, 2),
            Place(Section.INSTANCE, 1),
        ),
        icon="zoom",
        needs_instance=True,
        possible_when=with_several_panes,
        window_only=_ARRANGES,
    ),
    Command(
        CommandId.TOGGLE_SIDEBAR,
        Group.VIEW,
        "Sidebar",
        "Show or hide the list of instances.",
        keys=("Ctrl+Shift+B",),
        places=(Place(Section.VIEW, 9),),
        icon="sidebar",
        window_only=WindowOnly("The sidebar is a part of the window."),
    ),
    Command(
        CommandId.TOGGLE_COLORS,
        Group.VIEW,
        "Dark or light",
        "Switch between dark and light.",
        keys=("Ctrl+Shift+D",),
        places=(Place(Section.VIEW, 10),),
        icon="contrast",
        window_only=WindowOnly("The colours are the window's."),
    ),
)
