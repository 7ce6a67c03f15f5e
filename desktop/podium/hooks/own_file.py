"""Our hooks as a file of our own in a folder that a tool reads."""

import json
import re
from typing import Final

from podium.core.adapters.hooks import Hooks
from podium.hooks.command import VERSION, hook_command

_MARK: Final = re.compile(r"Podium's hooks, version (\d{1,6})\b|exit 0' podium [a-z0-9_.-]+ v(\d{1,6})\"")
"""In a comment; or, where there can be none, the end of our command."""


def wanted_text(tool: str, hooks: Hooks) -> str:
    """What the file ought to hold."""
    command = json.dumps(hook_command(tool), ensure_ascii=False)
    return hooks.text.replace("{version}", str(VERSION)).replace("{command}", command)


def version_in(text: str) -> int | None:
    """The version of a file of ours; None for a file of somebody else."""
    found = _MARK.search(text)
    return int(found[1] or found[2]) if found else None
