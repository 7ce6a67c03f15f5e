"""The file that a terminal's older lines are archived in. It has no name, so nothing of it outlives its process."""

import contextlib
import os
from bisect import bisect_left, insort
from pathlib import Path
from typing import IO, Final

from podium.core.system.private_files import private_folder, restrict

MAX_BYTES: Final = 1 << 30
"""The most that a file may take of the disk."""
SPARED_BYTES: Final = 256 << 20
"""Free space on the disk that is left to everybody else."""
_LOOK_EVERY: Final = 4 << 20
"""Bytes by which the file grows between two looks at the free space."""


class LineFile:
    """A store of blocks, in the space of older ones that were dropped where they fit. Made when it is first wanted."""

    def __init__(self, folder: Path, most: int = MAX_BYTES, spared: int = SPARED_BYTES) -> None:
        """``folder`` is made when it is missing; ``most`` and ``spared`` are bytes."""
        self.fault = ""
        """Why the last block could not be kept or read; "" when there was no such fault."""
        self._folder = folder
        self._most = most
        self._spared = spared
        self._file: IO[bytes] | None = None
        self._end = 0
        """Bytes of the file in use, with the holes in between."""
        self._checked = 0
        """The file's size up to which there is space on the disk, as of the last look."""
        self._sizes: dict[int, int] = {}
        """For each block its size, by its place."""
        self._holes: list[tuple[int, int]] = []
        """Places and sizes, in order; no two touch."""

    def put(self, block: bytes) -> int:
        """Keep ``block``; returns its place as the key, -1 and a ``fault`` when it can't be kept."""
        size = len(block)
        place = self._take_hole(size)
        new = place < 0
        if new:
            place = self._end
            self.fault = self._no_room(place + size)
            if self.fault:
                return -1
        try:
            self._write(block, place)
        except OSError as error:
            self.fault = error.strerror or type(error).__name__
            if not new:
                self._add_hole(place, size)
            return -1
        self._sizes[place] = size
        self._end = max(self._end, place + size)
        return place

    def get(self, key: int) -> bytes:
        """The block, as far as it can be read."""
        size = self._sizes.get(key, 0)
        if not size or self._file is None:
            return b""
        try:
            return _read(self._file, key, size)
        except OSError as error:
            self.fault = error.strerror or type(error).__name__
            return b""

    def drop(self, key: int) -> None:
        """Forget a block and give its space back."""
        size = self._sizes.pop(key, 0)
        if not size:
            return
        self._add_hole(key, size)
        place, size = self._holes[-1]
        if place + size == self._end:
            self._holes.pop()
            self._end = self._checked = place
            # Space that can't be given back now is used again all the same.
            with contextlib.suppress(OSError):
                if self._file is not None:
                    self._file.truncate(self._end)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _no_room(self, end: int) -> str:
        """Why the file can't grow to ``end``; "" when it can."""
        if end > self._most:
            return f"They would take more than {self._most >> 20} MiB of the disk"
        if end <= self._checked:
            return ""
        try:
            self._open()
            if hasattr(os, "fstatvfs"):
                assert self._file is not None
                disk = os.fstatvfs(self._file.fileno())
                if disk.f_bavail * disk.f_frsize < self._spared + end - self._end:
                    return "The disk is nearly full"
        except OSError as error:
            return error.strerror or type(error).__name__
        self._checked = end + _LOOK_EVERY
        return ""

    def _open(self) -> None:
        if self._file is None:
            import tempfile  # It is slow to load, and few workers need it.

            restrict(private_folder(self._folder), 0o700)
            # Without a name from the start, or deleted when it is closed, as the system can.
            self._file = tempfile.TemporaryFile(buffering=0, dir=self._folder)  # noqa: SIM115

    def _write(self, block: bytes, place: int) -> None:
        self._open()
        assert self._file is not None
        rest = memoryview(block)
        self._file.seek(place)
        while rest:
            rest = rest[self._file.write(rest) :]

    def _take_hole(self, size: int) -> int:
        """The first hole that is big enough; -1 for none. What is left of it stays a hole."""
        for number, (place, room) in enumerate(self._holes):
            if room >= size:
                if room == size:
                    del self._holes[number]
                else:
                    self._holes[number] = (place + size, room - size)
                return place
        return -1

    def _add_hole(self, place: int, size: int) -> None:
        number = bisect_left(self._holes, (place, 0))
        if number < len(self._holes) and place + size == self._holes[number][0]:
            size += self._holes.pop(number)[1]
        if number and sum(self._holes[number - 1]) == place:
            number -= 1
            before, room = self._holes.pop(number)
            place, size = before, room + size
        insort(self._holes, (place, size))


def _read(file: IO[bytes], place: int, size: int) -> bytes:
    file.seek(place)
    parts = []
    while size:
        part = file.read(size)
        if not part:
            break  # Somebody has cut the file.
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
