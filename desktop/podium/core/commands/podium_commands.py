"""Commands for Podium itself."""

from typing import Final

from podium.core.commands.conditions import with_instances
from podium.core.commands.ids import CommandId
from podium.core.commands.rows import Command, Group, Place, Section, WindowOnly

_DIALOG: Final = WindowOnly("It opens a dialog.")

PODIUM_COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        CommandId.COMMAND_PALETTE,
        Group.PODIUM,
        "Command palette",
        "Search commands, instances, folders and files, and go to one.",
        keys=("Ctrl+Shift+P",),
        places=(Place(Section.PODIUM, 0),),
        icon="search",
        window_only=_DIALOG,
    ),
    Command(
        CommandId.OPEN_FILE,
        Group.PODIUM,
        "Open…",
        "Open a mission file or a workspace file; it asks before anything runs.",
        places=(Place(Section.FILES, 1),),
        icon="folder",
        window_only=WindowOnly("podium open FILE does it; this opens a dialog."),
    ),
    Command(
        CommandId.SAVE_WORKSPACE,
        Group.PODIUM,
        "Save workspace…",
        "Write the instances of this window to a file that opens them again, here or elsewhere.",
        places=(Place(Section.FILES, 2),),
        possible_when=with_instances,
        window_only=WindowOnly("podium ctl workspace save FILE does it; this opens a dialog."),
    ),
    Command(
        CommandId.WATCH_DEMO,
        Group.PODIUM,
        "Watch the demo",
        "Show four simulated instances; no account, no cost.",
        places=(Place(Section.PODIUM, 1),),
        icon="start",
        adds=4,
        window_only=WindowOnly("The demo is to be watched."),
    ),
    Command(
        CommandId.OPEN_SETTINGS,
        Group.PODIUM,
        "Open settings file",
        "Edit the settings; the file explains each of them.",
        places=(Place(Section.PODIUM, 2),),
        icon="settings",
        window_only=WindowOnly("It opens an editor on the screen."),
    ),
    Command(
        CommandId.COPY_DIAGNOSTICS,
        Group.PODIUM,
        "Copy diagnostics",
        "Copy what a bug report needs: versions, settings, workers and the last lines of the log.",
        places=(Place(Section.PODIUM, 3),),
        window_only=WindowOnly("The clipboard is the window's."),
    ),
    Command(
        CommandId.SHOW_SHORTCUTS,
        Group.PODIUM,
        "Keyboard shortcuts",
        "Show what every key does.",
        keys=("Ctrl+Shift+/",),
        places=(Place(Section.PODIUM, 4),),
        icon="help",
        window_only=_DIALOG,
    ),
    Command(
        CommandId.CHANGE_SHORTCUTS,
        Group.PODIUM,
        "Change shortcuts…",
        "Give commands other keys, on the settings page.",
        places=(Place(Section.PODIUM, 5),),
        window_only=WindowOnly("It is a page of the window."),
    ),
    Command(
        CommandId.OPEN_HELP,
        Group.PODIUM,
        "Help",
        "Open the documentation at the page that fits the current instance.",
        keys=("Ctrl+Shift+H",),
        places=(Place(Section.PODIUM, 6),),
        icon="help",
        window_only=WindowOnly("It opens a browser on the screen."),
    ),
    Command(
        CommandId.CHECK_FOR_UPDATES,
        Group.PODIUM,
        "Check for updates",
        "Ask the release feed for a newer version, and show how to install it.",
        places=(Place(Section.PODIUM, 7),),
        window_only=WindowOnly("The window shows the answer."),
    ),
    Command(
        CommandId.DO_NOT_DISTURB,
        Group.PODIUM,
        "Do not disturb for an hour",
        "Show no toasts and desktop notifications and play no sound; what waits still shows in the window.",
        places=(Place(Section.PODIUM, 8),),
        icon="moon",
        window_only=None,
    ),
    Command(
        CommandId.DISTURB_AGAIN,
        Group.PODIUM,
        "Turn off do not disturb",
        "Tell again what waits for you.",
        places=(Place(Section.PODIUM, 9),),
        icon="moon",
        window_only=None,
    ),
    Command(
        CommandId.QUIT,
        Group.PODIUM,
        "Quit",
        "Close Podium; asks first while something runs.",
        keys=("Ctrl+Shift+Q",),
        mac_keys=("Ctrl+Q",),  # Shift+Command+Q is the system's: it logs the person out.
        places=(Place(Section.PODIUM, 10),),
        window_only=WindowOnly("A server ends by SIGTERM."),
    ),
)
