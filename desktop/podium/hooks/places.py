"""The files that hold a tool's hooks."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from podium.core.adapters.hooks import Hooks

_VARIABLE: Final = re.compile(r"\{([A-Z][A-Z0-9_]*)\|([^{}|]+)\}")


class Place(msgspec.Struct, frozen=True):
    """Where a tool's hooks are or would be."""

    path: Path
    project: Path | None = None
    """The project's folder; None: the file is for all that the person does."""


def user_place(hooks: Hooks, environment: Mapping[str, str]) -> Place:
    """``environment`` names the home folder, and perhaps another folder of the tool's."""
    return Place(_expanded(hooks.user, environment))


def project_place(hooks: Hooks, folder: Path) -> Place | None:
    """None for a tool without hooks of a project's own."""
    folder = folder.absolute()
    return Place(folder / hooks.project, folder) if hooks.project else None


def _expanded(place: str, environment: Mapping[str, str]) -> Path:
    home = environment.get("HOME") or str(Path.home())

    def folder(found: re.Match[str]) -> str:
        return environment.get(found[1]) or found[2]

    text = _VARIABLE.sub(folder, place)
    if text == "~" or text.startswith("~/"):
        text = home + text[1:]
    return Path(os.path.normpath(Path(home) / text))
