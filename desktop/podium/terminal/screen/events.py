"""Events of a program besides text. The session turns these into reports."""

from typing import Final

import msgspec

MAX_EVENTS: Final = 256
"""Kept until they are taken; the oldest are dropped first."""


class Bell(msgspec.Struct, frozen=True):
    """BEL outside of a control string."""


class Notice(msgspec.Struct, frozen=True):
    """A notification was asked for (OSC 9, 99 or 777); both texts sanitised and at most 256 characters."""

    title: str
    body: str


class ProgramStatus(msgspec.Struct, frozen=True):
    """OSC 7501: the program's own status. Empty strings for absent fields."""

    state: str
    app: str = ""
    kind: str = ""
    message: str = ""


class WorkingFolder(msgspec.Struct, frozen=True):
    """OSC 7: the shell's folder. ``host`` is only text, it was not looked up."""

    host: str
    path: str


class Progress(msgspec.Struct, frozen=True):
    """OSC 9;4. ``state``: 0 none, 1 normal, 2 error, 3 indeterminate, 4 paused; ``percent`` 0–100."""

    state: int
    percent: int = 0


class PromptMark(msgspec.Struct, frozen=True):
    """OSC 133. ``kind`` is A (prompt), B (input), C (output) or D (done, perhaps with an exit code).

    ``line`` is the absolute number of the cursor's line at that moment.
    """

    kind: str
    line: int
    exit_code: int | None = None
    seconds: float | None = None
    """Of D: how long the command took, where that is known."""


class ClipboardWrite(msgspec.Struct, frozen=True):
    """OSC 52: a request to write the clipboard ("c") or the selection ("p"). Only on the user's leave."""

    selection: str
    text: str


Event = Bell | Notice | ProgramStatus | WorkingFolder | Progress | PromptMark | ClipboardWrite
