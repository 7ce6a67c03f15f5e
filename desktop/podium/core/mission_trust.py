"""Which missions a person has agreed to run: a fingerprint of each file's place and commands.

Whoever changes what a mission runs is asked again; whoever only changes a prompt, a limit or a name is not.
"""

import hashlib
from pathlib import Path
from typing import Final

import msgspec

from podium.core.mission_spec import Mission
from podium.core.own_folders import state_folder
from podium.core.private_files import private_folder, write_private

_MOST: Final = 2000
"""Missions that are remembered; the oldest are asked about again."""


def fingerprint(mission: Mission) -> str:
    """Of the file's place, its folder and everything it would run."""
    workspace = mission.workspace
    parts = [
        str(mission.file.resolve()),
        str(mission.folder),
        [(agent.id, agent.adapter, agent.permission, agent.command, agent.role) for agent in mission.agents],
        [(gate.name, gate.command) for gate in mission.gates],
        [workspace.setup, workspace.teardown, workspace.copy],
    ]
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def is_trusted(mission: Mission) -> bool:
    return fingerprint(mission) in _read()


def trust(mission: Mission) -> None:
    """Remember that the person agrees to what ``mission`` runs. Raises OSError."""
    import fcntl  # In here: the window imports this module too, on systems that have no fcntl.

    path = _path()
    private_folder(path.parent)
    with (path.parent / "trusted.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = _read()
        mark = fingerprint(mission)
        if mark not in known:
            write_private(path, msgspec.json.encode([*known, mark][-_MOST:]), durable=True)


def _path() -> Path:
    return state_folder() / "trusted-missions.json"


def _read() -> list[str]:
    try:
        return msgspec.json.decode(_path().read_bytes(), type=list[str])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return []
