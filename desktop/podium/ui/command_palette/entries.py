"""What the palette offers: one entry for each thing that can be done, gone to or opened. Free of Qt."""

from enum import StrEnum
from typing import Final

import msgspec

from podium.core.instances import ThemeName
from podium.core.visible_text import visible
from podium.workspace.views import InstanceState

MOST_SHOWN: Final = 300
"""Characters of a name that are searched and shown: names come from anywhere."""


class EntryKind(StrEnum):
    """The parts of the list, with their headings, in their order."""

    INSTANCE = "Instances"
    COMMAND = "Commands"
    FOLDER = "Folders"
    FILE = "Files"
    SETTING = "Settings"
    RUN = "Runs"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One row. Its texts show every character that is in them."""

    kind: EntryKind
    id: str
    """What it is about: a CommandId, an instance, a path, the key of a setting, a run."""
    title: str
    detail: str = ""
    """Shown behind the title, and searched as it is."""
    words: str = ""
    """Searched only."""
    keys: tuple[str, ...] = ()
    """Caps of its shortcut."""
    icon: str = ""
    theme: ThemeName | None = None
    """Of an instance: the colour of its bar."""
    state: InstanceState | None = None
    refusal: str = ""
    """Why it can't be done now; "" when it can."""

    @property
    def key(self) -> str:
        """Which entry it is, from one opening to the next."""
        return f"{self.kind.name.lower()}:{self.id}"


def plain(text: str) -> str:
    """``text`` in one line that hides nothing, cut where nobody reads on."""
    cut = text[:MOST_SHOWN]
    return visible(cut) + ("…" if len(text) > MOST_SHOWN else "")
