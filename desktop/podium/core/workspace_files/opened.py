"""What a path is that a person wants to open: a folder, a mission file or a workspace file."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from podium.core.config.toml_file import Fault, UnreadableToml, read_toml
from podium.core.ids import InstanceId
from podium.core.missions.file import MissionFileError, load_mission
from podium.core.workspace_files.file import WorkspaceFile, WorkspaceFileError, load_workspace_file
from podium.core.workspace_files.paths import FOLDER_FILE, MISSION_NAME, MISSION_SUFFIX, SUFFIX

_WHAT: Final = "a mission file, a workspace file or a folder"


@dataclass(frozen=True, slots=True)
class OpenedFolder:
    """``workspace`` is the one that the folder carries; ``faults`` say why it can't be used."""

    path: Path
    workspace: WorkspaceFile | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenedMission:
    """``instance`` runs this very file already; None when none does."""

    path: Path
    faults: tuple[Fault, ...] = ()
    instance: InstanceId | None = None


@dataclass(frozen=True, slots=True)
class OpenedWorkspace:
    workspace: WorkspaceFile


@dataclass(frozen=True, slots=True)
class NotOpened:
    """A path that can't be opened. ``faults`` say why."""

    path: Path
    faults: tuple[Fault, ...]


Opened = OpenedFolder | OpenedMission | OpenedWorkspace | NotOpened


def open_path(path: Path, missions: Mapping[InstanceId, str]) -> Opened:
    """What ``path`` is. ``missions`` are the files of the missions that are there. Touches the disk."""
    try:
        if path.is_dir():
            return _folder(path)
        name = path.name.casefold()
        if name.endswith(SUFFIX):
            return _workspace(path)
        if name.endswith(MISSION_SUFFIX) or name == MISSION_NAME:
            return _mission(path, missions)
        # Any other name: its tables tell.
        document = read_toml(path, _WHAT)
        if "instances" in document and "agents" not in document:
            return _workspace(path)
        if "agents" in document:
            return _mission(path, missions)
        fix = "A mission has [[agents]], a workspace [[instances]]."
        return _not(path, "This is neither a mission nor a workspace.", fix)
    except FileNotFoundError:
        return _not(path, "There is no such file.", "Check the path.")
    except UnreadableToml as error:
        return NotOpened(path, (error.fault,))
    except OSError as error:
        return _not(path, f"It can't be looked at: {error.strerror}.", "Check the path.")


def _folder(path: Path) -> OpenedFolder:
    file = path.joinpath(*FOLDER_FILE)
    try:
        if not file.is_file():
            return OpenedFolder(path)
        return OpenedFolder(path, load_workspace_file(file))
    except WorkspaceFileError as error:
        return OpenedFolder(path, None, error.faults)
    except OSError:
        return OpenedFolder(path)  # A folder that may not be looked into carries none.


def _not(path: Path, reason: str, fix: str) -> NotOpened:
    return NotOpened(path, (Fault(str(path), "", reason, fix),))


def _workspace(path: Path) -> Opened:
    try:
        return OpenedWorkspace(load_workspace_file(path))
    except WorkspaceFileError as error:
        return NotOpened(path, error.faults)


def _mission(path: Path, missions: Mapping[InstanceId, str]) -> Opened:
    if not path.is_file():
        return _not(path, "There is no such file.", "Check the path.")
    there = os.path.realpath(path)
    instance = next((id for id, file in missions.items() if os.path.realpath(file) == there), None)
    try:
        load_mission(path)
    except MissionFileError as error:
        return OpenedMission(path, error.faults, instance)
    return OpenedMission(path, (), instance)
