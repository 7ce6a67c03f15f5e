"""Our hooks as a file of our own in a folder that a tool reads."""

import re
from typing import Final

from podium.core.adapters.hooks import Hooks
from podium.hooks.command import VERSION

_HEAD: Final = re.compile(r"Podium's hooks, version (\d{1,6})\b")


def wanted_text(hooks: Hooks) -> str:
    return hooks.text.replace("{version}", str(VERSION))


def version_in(text: str) -> int | None:
    """The version of a file of ours; None for a file of somebody else."""
    found = _HEAD.search(text[:1000])
    return int(found[1]) if found else None
