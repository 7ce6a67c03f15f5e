"""The settings: each is declared once, with its usual value and its prose, and everything else follows from that.

A field of a section is a key of the file. Its type says what may be written, ``Meta`` in which range and what the file
says about it. To add a key, add a field to its section in a module beside this one; to add a section, write a struct
for it and give it a field in ``Settings``. ``declared`` has them as rows, ``loading`` reads the file.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from podium.core.config.notify_settings import Notify as Notify
from podium.core.config.podium_settings import Control as Control
from podium.core.config.podium_settings import History as History
from podium.core.config.podium_settings import InstancesMay as InstancesMay
from podium.core.config.podium_settings import Leftovers as Leftovers
from podium.core.config.podium_settings import LogLevel as LogLevel
from podium.core.config.podium_settings import Logs as Logs
from podium.core.config.podium_settings import Missions as Missions
from podium.core.config.podium_settings import Privacy as Privacy
from podium.core.config.podium_settings import Updates as Updates
from podium.core.config.podium_settings import Workers as Workers
from podium.core.config.shell_settings import Shell as Shell
from podium.core.config.terminal_settings import ClipboardAccess as ClipboardAccess
from podium.core.config.terminal_settings import Terminal as Terminal
from podium.core.config.window_settings import AGENT_TOOLS as AGENT_TOOLS
from podium.core.config.window_settings import ConfirmPaste as ConfirmPaste
from podium.core.config.window_settings import Grid as Grid
from podium.core.config.window_settings import Keys as Keys
from podium.core.config.window_settings import Links as Links
from podium.core.config.window_settings import Pasting as Pasting
from podium.core.config.window_settings import Window as Window


class Settings(msgspec.Struct, frozen=True):
    """All settings, section by section."""

    window: Annotated[Window, Meta(title="Window", description="The window")] = Window()
    terminal: Annotated[Terminal, Meta(title="Terminal", description="Terminals")] = Terminal()
    shell: Annotated[
        Shell, Meta(title="Shells", description="Shells and what they tell about their commands")
    ] = Shell()
    keys: Annotated[Keys, Meta(title="Keys in programs", description="Keys")] = Keys()
    paste: Annotated[Pasting, Meta(title="Pasting", description="Pasting")] = Pasting()
    links: Annotated[Links, Meta(title="Links", description="Links in terminals")] = Links()
    notify: Annotated[
        Notify, Meta(title="Attention", description="What calls for you outside the window")
    ] = Notify()
    missions: Annotated[Missions, Meta(title="Missions", description="Missions")] = Missions()
    workers: Annotated[Workers, Meta(title="Workers", description="The processes behind the instances")] = (
        Workers()
    )
    privacy: Annotated[
        Privacy, Meta(title="Privacy", description="What is kept of the instances' screens")
    ] = Privacy()
    history: Annotated[History, Meta(title="History", description="The history of runs")] = History()
    control: Annotated[Control, Meta(title="Control API", description="The control API")] = Control()
    logs: Annotated[Logs, Meta(title="Logs", description="The logs")] = Logs()
    updates: Annotated[Updates, Meta(title="Updates", description="Updates of Podium itself")] = Updates()
