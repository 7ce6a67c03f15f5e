"""Who a run's worktrees belong to, written beside them: a live run's are never cleaned."""

from pathlib import Path
from typing import Final

import msgspec

from podium.core.own_folders import state_folder
from podium.core.private_files import write_private
from podium.core.process_identity import ProcessIdentity

_NAME: Final = "owner.json"
OWN_FILES: Final = frozenset({_NAME})
"""What is put beside a run's worktrees and is no work."""


class Owner(msgspec.Struct, frozen=True):
    """The run, the process that runs it, and the repository its worktrees belong to."""

    run: str
    process: ProcessIdentity
    repository: str
    file: str
    """The mission file."""


def worktrees_folder() -> Path:
    """All runs' worktrees are below, in one folder for each run."""
    # It may be a link to a bigger disk; git knows worktrees by where they really are.
    return (state_folder() / "worktrees").resolve()


def own(root: Path, owner: Owner) -> None:
    """Say that the worktrees below ``root`` are ``owner``'s. Raises OSError."""
    write_private(root / _NAME, msgspec.json.encode(owner), durable=True)


def owner_of(root: Path) -> Owner | None:
    try:
        return msgspec.json.decode((root / _NAME).read_bytes(), type=Owner)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
