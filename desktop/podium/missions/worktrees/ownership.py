"""The owner of a run's worktrees, written beside them: a live run's are never cleaned."""

from pathlib import Path
from typing import Final

import msgspec

from podium.core.missions.state_checks import is_absolute, is_run
from podium.core.system.app_dirs import worktrees_folder as worktrees_folder
from podium.core.system.private_files import read_small, write_private
from podium.core.system.process_identity import ProcessIdentity

_NAME: Final = "owner.json"
OWN_FOLDER: Final = ".podium"
"""Beside the worktrees, for what Podium itself keeps there."""
OWN_FILES: Final = frozenset({_NAME})
"""Files that are put beside a run's worktrees and are no work."""
_BEGINNINGS: Final = (".ready-", *(f".{name}." for name in OWN_FILES))
"""Of files that an older Podium has left, and of those that were being written."""
_MAX_BYTES: Final = 64 << 10


class Owner(msgspec.Struct, frozen=True):
    """The run, the process that runs it, and the repository its worktrees belong to."""

    run: str
    process: ProcessIdentity
    repository: str
    file: str
    """The mission file."""


def is_own(name: str) -> bool:
    """Whether a file beside a run's worktrees is Podium's."""
    return name in OWN_FILES or name.startswith(_BEGINNINGS)


def own(root: Path, owner: Owner) -> None:
    """Write that the worktrees below ``root`` are ``owner``'s. Raises OSError."""
    write_private(root / _NAME, msgspec.json.encode(owner), durable=True)


def owner_of(root: Path) -> Owner | None:
    """The owner of ``root``, or None when no valid file there names it."""
    try:
        owner = msgspec.json.decode(read_small(root / _NAME, _MAX_BYTES), type=Owner)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    fits = owner.run == root.name and is_run(owner.run)
    return owner if fits and is_absolute(owner.repository) and is_absolute(owner.file) else None
