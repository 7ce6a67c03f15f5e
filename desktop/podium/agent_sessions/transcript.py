"""A transcript that grows: read on from where it was read to, piece by piece."""

import os
from typing import Any, Final

from podium.agent_sessions.plain_files import open_plain
from podium.core.adapters.json_lines import Lines, json_object

MAX_LINE: Final = 4 << 20
"""Bytes; a longer line is skipped."""
_PIECE: Final = 1 << 20


class Transcript:
    """One file of JSON objects, each on a line. A file that was cut or replaced is read from its beginning."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._file: tuple[int, int] | None = None
        self._offset = 0
        self._lines = Lines(MAX_LINE)
        self.last_read = 0
        """Bytes that the last reading took."""

    def read(self, most: int) -> tuple[list[dict[str, Any]], bool]:
        """The objects on lines that are new, of at most ``most`` bytes, and whether there is more by now."""
        self.last_read = 0
        descriptor = open_plain(self.path)
        if descriptor is None:
            return [], False
        with os.fdopen(descriptor, "rb") as file:
            try:
                return self._read(file.fileno(), most)
            except OSError:
                return [], False

    def _read(self, descriptor: int, most: int) -> tuple[list[dict[str, Any]], bool]:
        status = os.fstat(descriptor)
        if (status.st_dev, status.st_ino) != self._file or status.st_size < self._offset:
            self._file = (status.st_dev, status.st_ino)
            self._offset = 0
            self._lines = Lines(MAX_LINE)
        os.lseek(descriptor, self._offset, os.SEEK_SET)
        objects: list[dict[str, Any]] = []
        until = self._offset + most
        while self._offset < until:
            piece = os.read(descriptor, min(_PIECE, until - self._offset))
            if not piece:
                return objects, False
            self._offset += len(piece)
            self.last_read += len(piece)
            for line in self._lines.feed(piece):
                if (found := json_object(line)) is not None:
                    objects.append(found)
        return objects, self._offset < os.fstat(descriptor).st_size
