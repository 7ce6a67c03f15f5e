"""The tools whose hooks a person never wants to be offered again."""

from pathlib import Path
from typing import Final

import msgspec

from podium.core.system.app_dirs import state_folder
from podium.core.system.private_files import read_small, write_private

_MOST_BYTES: Final = 64 << 10
_MOST: Final = 100


class Declined:
    """Kept in one file; one that can't be read names none. May wait for the disk."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or state_folder() / "hooks-declined.json"

    def tools(self) -> list[str]:
        try:
            return msgspec.json.decode(read_small(self._path, _MOST_BYTES), type=list[str])
        except (OSError, msgspec.DecodeError):
            return []

    def add(self, tool: str) -> None:
        """Raises OSError."""
        kept = [*(one for one in self.tools() if one != tool), tool][-_MOST:]
        write_private(self._path, msgspec.json.encode(kept), durable=True)
