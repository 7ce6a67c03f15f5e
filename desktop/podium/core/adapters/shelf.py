"""The adapters there are: those that Podium ships, and the user's own in front of them."""

from pathlib import Path

import msgspec

from podium.core.adapters.model import Adapter
from podium.core.mission_file import Fault

SHIPPED = ("claude", "codex", "gemini", "opencode", "copilot", "amp", "cursor-agent", "aider", "command")


class Shelf(msgspec.Struct, frozen=True):
    """What was found. A user's file with a fault is left out: the shipped adapter of that name stays."""

    adapters: dict[str, Adapter]
    faults: tuple[Fault, ...]
    """Everything wrong with the user's files, each with file, key, reason and fix."""


def user_folder() -> Path:
    """Where the user's own adapters are: ``<config>/podium/adapters``."""
    raise NotImplementedError


def load_adapters(folder: Path | None = None) -> Shelf:
    """The shipped adapters and those in ``folder`` (default: the user's). Never raises for a user's file."""
    raise NotImplementedError
