"""What becomes of the wishes that a window's panes have: menus, pastes, links and ended commands."""

from podium.core.ids import InstanceId
from podium.core.links.targets import Target
from podium.ui.commands.window_commands import WindowCommands
from podium.ui.commands.window_menus import WindowMenus
from podium.ui.notices.command_notices import CommandNotices
from podium.ui.panes.pane_area import PaneArea
from podium.ui.widgets.toast import Toasts


def connect_panes(
    panes: PaneArea, commands: WindowCommands, menus: WindowMenus, notices: CommandNotices, toasts: Toasts
) -> None:
    """Connect ``panes`` with what answers in the same window."""
    panes.terminal_menu_requested.connect(menus.open_terminal)
    panes.paste_requested.connect(commands.confirm_paste)
    panes.command_ended.connect(lambda instance, report: notices.on_ended(InstanceId(instance), report))
    panes.run_doubted.connect(lambda instance, text: commands.confirm_run(instance, text, panes.run_again))
    panes.picture_paste_requested.connect(commands.pictures.paste)
    panes.links_wanted.connect(commands.links.look_up)
    panes.link_activated.connect(commands.links.open)
    panes.links_missing.connect(lambda: toasts.show("There are no links in sight."))

    def copy_link(target: Target) -> None:
        commands.links.copy(target)
        toasts.show("Link copied")

    panes.link_copied.connect(copy_link)
