"""The command table: one row feeds the menu, the shortcut, the palette, the help and the API."""

from enum import StrEnum
from typing import Final

import msgspec


class CommandId(StrEnum):
    NEW_MISSION = "new-mission"
    NEW_SHELL = "new-shell"
    NEW_COMMAND = "new-command"
    WATCH_DEMO = "watch-demo"
    START = "start-instance"
    RESUME = "resume-instance"
    STOP = "stop-instance"
    RESTART = "restart-instance"
    FINISH_ROUND = "finish-round"
    STOP_NOW = "stop-now"
    RENAME = "rename-instance"
    CHANGE_THEME = "change-theme"
    CLOSE = "close-instance"
    REMOVE = "remove-instance"
    END_LEFT_BEHIND = "end-left-behind"
    LEAVE_LEFT_BEHIND = "leave-left-behind"
    SWITCH = "switch-instance"
    NEXT = "next-instance"
    PREVIOUS = "previous-instance"
    TOGGLE_LAYOUT = "toggle-layout"
    NEXT_PAGE = "next-page"
    ZOOM = "zoom-pane"
    TOGGLE_SIDEBAR = "toggle-sidebar"
    TOGGLE_COLORS = "toggle-colors"
    COPY = "copy"
    PASTE = "paste"
    SELECT_ALL = "select-all"
    FONT_LARGER = "font-larger"
    FONT_SMALLER = "font-smaller"
    FONT_RESET = "font-reset"
    SCROLL_UP = "scroll-page-up"
    SCROLL_DOWN = "scroll-page-down"
    SCROLL_BOTTOM = "scroll-to-end"
    CLEAR_SCROLLBACK = "clear-scrollback"
    RESET_TERMINAL = "reset-terminal"
    SEND_NEXT_KEY = "send-next-key"
    OPEN_SETTINGS = "open-settings"
    COPY_DIAGNOSTICS = "copy-diagnostics"
    SHOW_SHORTCUTS = "show-shortcuts"
    QUIT = "quit"


class Group(StrEnum):
    """Sections of the menu and of the shortcut overview, in their order."""

    INSTANCES = "Instances"
    VIEW = "View"
    TERMINAL = "Terminal"
    PODIUM = "Podium"


class ArgumentType(StrEnum):
    """The needs of a command besides the instance that is current or named."""

    NONE = "none"
    NUMBER = "number"
    """The n-th default key passes n, counted from 1."""
    TEXT = "text"


class Command(msgspec.Struct, frozen=True):
    """One thing a person or a program can do. Keys are in Qt's portable notation."""

    id: CommandId
    group: Group
    title: str
    help: str
    keys: tuple[str, ...] = ()
    argument: ArgumentType = ArgumentType.NONE
    needs_instance: bool = False
    """Acts on the current instance, or the one it is called for."""


def _on_instance(
    id: CommandId, title: str, help: str, *keys: str, argument: ArgumentType = ArgumentType.NONE
) -> Command:
    return Command(id, Group.INSTANCES, title, help, keys, argument, needs_instance=True)


def _in_terminal(id: CommandId, title: str, help: str, *keys: str) -> Command:
    return Command(id, Group.TERMINAL, title, help, keys, needs_instance=True)


COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        CommandId.NEW_MISSION,
        Group.INSTANCES,
        "New mission…",
        "Run a team of agents in rounds.",
        ("Ctrl+Shift+N",),
    ),
    Command(
        CommandId.NEW_SHELL,
        Group.INSTANCES,
        "New shell…",
        "Open your login shell in a folder.",
        ("Ctrl+Shift+T",),
    ),
    Command(
        CommandId.NEW_COMMAND,
        Group.INSTANCES,
        "Run a command…",
        "Run a dev server, a build, a test watcher or an AI tool.",
        ("Ctrl+Shift+E",),
    ),
    _on_instance(CommandId.START, "Start", "Start the program of this instance.", "Ctrl+Shift+S"),
    _on_instance(
        CommandId.RESUME, "Resume", "Go on with the mission in the round it was in; nothing is done twice."
    ),
    _on_instance(CommandId.STOP, "Stop", "End the program; its screen stays."),
    _on_instance(
        CommandId.RESTART,
        "Restart",
        "End the program and start it again; a shell keeps its folder.",
        "Ctrl+Shift+R",
    ),
    _on_instance(CommandId.FINISH_ROUND, "Finish round", "End the mission after the round that runs now."),
    _on_instance(CommandId.STOP_NOW, "Stop now", "End the mission and its agents at once."),
    _on_instance(CommandId.RENAME, "Rename…", "Give this instance another name.", argument=ArgumentType.TEXT),
    _on_instance(CommandId.CHANGE_THEME, "Theme", "Choose another colour theme.", argument=ArgumentType.TEXT),
    _on_instance(
        CommandId.CLOSE, "Close", "Close this instance; asks first while something runs.", "Ctrl+Shift+W"
    ),
    _on_instance(CommandId.REMOVE, "Remove", "Remove this stopped instance."),
    _on_instance(
        CommandId.END_LEFT_BEHIND, "End what it left running", "End the processes this shell left behind."
    ),
    _on_instance(
        CommandId.LEAVE_LEFT_BEHIND, "Leave it running", "Let the processes this shell left behind go on."
    ),
    Command(
        CommandId.SWITCH,
        Group.VIEW,
        "Switch to instance",
        "Show the instance with this number.",
        tuple(f"Ctrl+{number}" for number in range(1, 10)),
        ArgumentType.NUMBER,
    ),
    Command(CommandId.NEXT, Group.VIEW, "Next instance", "Show the next instance.", ("Ctrl+Shift+PgDown",)),
    Command(
        CommandId.PREVIOUS, Group.VIEW, "Previous instance", "Show the one before.", ("Ctrl+Shift+PgUp",)
    ),
    Command(
        CommandId.TOGGLE_LAYOUT,
        Group.VIEW,
        "Tabs or grid",
        "Switch between one instance and four at once.",
        ("Ctrl+Shift+G",),
    ),
    Command(
        CommandId.NEXT_PAGE,
        Group.VIEW,
        "Next four",
        "Show the next page of the grid.",
        ("Ctrl+Shift+F",),
    ),
    Command(
        CommandId.ZOOM,
        Group.VIEW,
        "Zoom pane",
        "Show one pane alone, and go back.",
        ("Ctrl+Shift+X",),
        needs_instance=True,
    ),
    Command(
        CommandId.TOGGLE_SIDEBAR,
        Group.VIEW,
        "Sidebar",
        "Show or hide the list of instances.",
        ("Ctrl+Shift+B",),
    ),
    Command(
        CommandId.TOGGLE_COLORS,
        Group.VIEW,
        "Dark or light",
        "Switch between dark and light.",
        ("Ctrl+Shift+D",),
    ),
    _in_terminal(CommandId.COPY, "Copy", "Copy the selected text.", "Ctrl+Shift+C"),
    _in_terminal(CommandId.PASTE, "Paste", "Paste into the terminal.", "Ctrl+Shift+V"),
    _in_terminal(CommandId.SELECT_ALL, "Select all", "Select screen and scrollback.", "Ctrl+Shift+A"),
    _in_terminal(CommandId.FONT_LARGER, "Larger text", "Make terminal text larger.", "Ctrl++", "Ctrl+="),
    _in_terminal(CommandId.FONT_SMALLER, "Smaller text", "Make terminal text smaller.", "Ctrl+-"),
    _in_terminal(CommandId.FONT_RESET, "Normal text", "Give terminal text its usual size.", "Ctrl+0"),
    _in_terminal(CommandId.SCROLL_UP, "Scroll up", "Show the page above.", "Shift+PgUp"),
    _in_terminal(CommandId.SCROLL_DOWN, "Scroll down", "Show the page below.", "Shift+PgDown"),
    _in_terminal(CommandId.SCROLL_BOTTOM, "Scroll to the end", "Show the newest line.", "Shift+End"),
    _in_terminal(
        CommandId.CLEAR_SCROLLBACK, "Clear scrollback", "Forget all lines above the screen.", "Ctrl+Shift+K"
    ),
    _in_terminal(
        CommandId.RESET_TERMINAL, "Reset terminal", "Clear the screen and set every mode back to its start."
    ),
    _in_terminal(
        CommandId.SEND_NEXT_KEY,
        "Send next key to the terminal",
        "The next key goes to the program, even if it is a shortcut.",
        "Ctrl+Shift+L",
    ),
    Command(
        CommandId.WATCH_DEMO,
        Group.PODIUM,
        "Watch the demo",
        "Four simulated instances, no account, no cost.",
    ),
    Command(
        CommandId.OPEN_SETTINGS,
        Group.PODIUM,
        "Open settings file",
        "Edit what Podium keeps and does by itself; each setting is explained there.",
    ),
    Command(
        CommandId.COPY_DIAGNOSTICS,
        Group.PODIUM,
        "Copy diagnostics",
        "Put versions, settings, workers and the last log lines on the clipboard, for a report of a fault.",
    ),
    Command(
        CommandId.SHOW_SHORTCUTS,
        Group.PODIUM,
        "Keyboard shortcuts",
        "Show what every key does.",
        ("Ctrl+Shift+/",),
    ),
    Command(
        CommandId.QUIT,
        Group.PODIUM,
        "Quit",
        "Close Podium; asks first while something runs.",
        ("Ctrl+Shift+Q",),
    ),
)


def command(id: CommandId) -> Command:
    """The row of ``id``."""
    return _BY_ID[id]


_BY_ID: Final = {row.id: row for row in COMMANDS}
