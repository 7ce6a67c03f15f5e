"""Hands what is to be opened to the Podium window that is open already. Free of Qt: the second process ends at once."""

import os
from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path
from typing import Final

from podium.app.paths import settings_path
from podium.control.http_server.runtime_folder import find_folder
from podium.core.config.settings import load_settings

_PATIENCE: Final = 5.0
"""Seconds that the other window may take to answer."""


class Outcome(Enum):
    """What became of an offer."""

    TAKEN = auto()
    """The other window shows it."""
    NOT_YET = auto()
    """Nobody serves: there is no window, or one that has just started or is about to end."""
    NEVER = auto()
    """No window can be asked: only a server runs, or it does not answer."""


class NotAllowed(Exception):
    """The program that asks runs inside an instance that may not do that; the message is for a person."""


def offer(paths: Sequence[Path]) -> Outcome:
    """Have the window that is open ask about ``paths``. Raises NotAllowed."""
    # Only here: a window that is opened without files needs no client.
    from podium.control.ctl.client import Client, NoPodium, Refused, StrangeAnswer

    if os.name != "posix":
        return Outcome.NEVER  # The seam: not built over named pipes yet.
    try:
        Client(find_folder().socket).open_paths(paths, _PATIENCE)
    except NoPodium as error:
        return Outcome.NEVER if error.silent else Outcome.NOT_YET
    except StrangeAnswer:
        return Outcome.NEVER
    except Refused as error:
        if error.status == 403:
            raise NotAllowed(str(error)) from error
        return Outcome.NOT_YET if error.code == "closing" else Outcome.NEVER
    return Outcome.TAKEN


def offer_again(paths: Sequence[Path]) -> Outcome:
    """The same, when another window is open for sure: it may not serve yet, unless the settings say that none does."""
    try:
        outcome = offer(paths)
    except NotAllowed:
        return Outcome.NEVER
    if outcome is Outcome.NOT_YET and not load_settings(settings_path()).settings.control.enabled:
        return Outcome.NEVER
    return outcome
