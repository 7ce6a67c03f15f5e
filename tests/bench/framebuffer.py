"""A virtual display whose pixels lie in a mapped file: what is painted is seen without asking anybody."""

import mmap
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.e2e.display import virtual_display

WHITE = 0xFFFFFF
MARK = 0xFF00FF
"""Colour 201 of every terminal's palette of 256."""
_GRID = 12
"""Points looked at in each direction of an area."""


class Area(NamedTuple):
    x: int
    y: int
    width: int
    height: int


class Display:
    """``name`` is for DISPLAY. The root window is white."""

    def __init__(self, name: str, file: Path) -> None:
        self.name = name
        with file.open("rb") as opened:
            self._pixels = mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ)
        header = struct.unpack(">25I", self._pixels[:100])
        self.width, self.height, self._stride = header[4], header[5], header[12]
        self._start = header[0] + header[19] * 12

    def pixel(self, x: int, y: int) -> int:
        at = self._start + y * self._stride + x * 4
        value: int = struct.unpack_from("<I", self._pixels, at)[0]
        return value & 0xFFFFFF

    def share(self, area: Area, color: int) -> float:
        """How much of ``area`` has that colour, by a grid of points."""
        points = [
            self.pixel(area.x + area.width * (2 * i + 1) // (2 * _GRID), y)
            for j in range(_GRID)
            for i in range(_GRID)
            if (y := area.y + area.height * (2 * j + 1) // (2 * _GRID)) < self.height
        ]
        return points.count(color) / len(points)

    @property
    def whole(self) -> Area:
        return Area(0, 0, self.width, self.height)


@contextmanager
def mapped_display(width: int, height: int) -> Iterator[Display]:
    with (
        tempfile.TemporaryDirectory() as folder,
        virtual_display(f"{width}x{height}x24", "-fbdir", folder, "-wr") as name,
    ):
        yield Display(name, Path(folder) / "Xvfb_screen0")
