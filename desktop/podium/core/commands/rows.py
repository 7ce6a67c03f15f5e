"""The fields of a row in the command table."""

from enum import StrEnum
from typing import Final, Self

import msgspec

from podium.core.commands.conditions import NO_INSTANCE, Condition, Situation, always
from podium.core.commands.ids import CommandId
from podium.core.instances import Kind


class Group(StrEnum):
    """Sections of the shortcut overview, in their order."""

    INSTANCES = "Instances"
    VIEW = "View"
    TERMINAL = "Terminal"
    PODIUM = "Podium"


class ArgumentType(StrEnum):
    """The kind of a command's argument, besides the current or named instance."""

    NONE = "none"
    NUMBER = "number"
    """The n-th default key passes n, counted from 1."""
    TEXT = "text"


class Section(StrEnum):
    """Parts of menus without a separator inside. ``ui/commands/menus.py`` makes the menus of them."""

    NEW = "new"
    RUN = "run"
    ALL = "all"
    """What is about all instances."""
    LEFT_BEHIND = "left-behind"
    """In a menu only while its instance has left processes running."""
    CLIPBOARD_WRITE = "clipboard-write"
    """In a menu only while its instance's program asks to write to the clipboard."""
    FIRST_PROMPT = "first-prompt"
    """In a menu only while something keeps the first prompt of its instance's tool."""
    QUESTION = "question"
    """In a menu only while its instance asks what Podium can answer."""
    INSTANCE = "instance"
    ALERTS = "alerts"
    """A menu of its own in the instance's; one of its entries is checked."""
    END = "end"
    VIEW = "view"
    PAGES = "pages"
    FILES = "files"
    CLIPBOARD = "clipboard"
    COMMAND = "command"
    """In a menu only where a shell has marked a command."""
    CLEAR = "clear"
    TERMINAL = "terminal"
    PODIUM = "podium"


ALL_KINDS: Final = frozenset(Kind)
MISSIONS: Final = frozenset({Kind.MISSION})
PROGRAMS: Final = ALL_KINDS - MISSIONS


class Place(msgspec.Struct, frozen=True):
    """A command's place in a menu: the ``position``-th of its section, for instances of these ``kinds``."""

    section: Section
    position: int
    kinds: frozenset[Kind] = ALL_KINDS


class NoMenu(msgspec.Struct, frozen=True):
    """Why no menu shows a command."""

    reason: str


class WindowOnly(msgspec.Struct, frozen=True):
    """Why a command does not work under ``podium serve``."""

    reason: str


class Command(msgspec.Struct, frozen=True):
    """One thing a person or a program can do. Keys are in Qt's portable notation."""

    id: CommandId
    group: Group
    title: str
    help: str
    places: tuple[Place, ...] | NoMenu
    window_only: WindowOnly | None
    """None: it works without a window too."""
    keys: tuple[str, ...] = ()
    mac_keys: tuple[str, ...] = ()
    """Its keys on macOS, where they are not ``keys``. "Ctrl" is the Command key there, which no program gets."""
    keys_of_terminal: bool = False
    """The terminal acts on its keys itself: on the alternate screen they belong to the program."""
    icon: str = ""
    """The name of an icon of ``podium_resources``."""
    argument: ArgumentType = ArgumentType.NONE
    needs_instance: bool = False
    """It acts on the current instance, or the one it is called for."""
    possible_when: Condition = always
    """Says why it would do nothing; ask ``refusal``."""
    adds: int = 0
    """The number of instances it adds."""

    def on(self, platform: str) -> Self:
        """The row with the keys that ``platform``, a ``sys.platform``, has for it."""
        if platform != "darwin" or not self.mac_keys:
            return self
        return msgspec.structs.replace(self, keys=self.mac_keys)

    def refusal(self, situation: Situation) -> str:
        """Why it would do nothing now, in a sentence; "" when it would do something. The limit of instances aside."""
        if self.needs_instance and situation.target is None:
            return NO_INSTANCE
        return self.possible_when(situation)

    def possible(self, situation: Situation) -> bool:
        """Whether it would do anything now, the limit of instances aside."""
        return not self.refusal(situation)
