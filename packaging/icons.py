"""Draws an icon file in all its sizes from an SVG.

python packaging/icons.py SVG TARGET.ico|TARGET.icns
"""

import struct
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ICO_SIZES: Final = (16, 20, 24, 32, 40, 48, 64, 256)
ICNS_SIZES: Final = {
    b"icp4": 16,
    b"ic11": 32,
    b"icp5": 32,
    b"ic12": 64,
    b"ic07": 128,
    b"ic13": 256,
    b"ic08": 256,
    b"ic14": 512,
    b"ic09": 512,
    b"ic10": 1024,
}
"""Each type and the pixels of its picture; some sizes have a type for plain screens and one for dense ones."""


def ico(pictures: Mapping[int, bytes]) -> bytes:
    """A Windows icon of PNGs by their size."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(head) + 16 * len(pictures)
    for size, picture in pictures.items():
        side = size % 256  # 256 is written as 0.
        head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(picture), offset)
        offset += len(picture)
    return head + b"".join(pictures.values())


def icns(pictures: Mapping[int, bytes]) -> bytes:
    """A macOS icon of PNGs by their size."""
    entries = b"".join(
        kind + struct.pack(">I", 8 + len(pictures[size])) + pictures[size]
        for kind, size in ICNS_SIZES.items()
    )
    return b"icns" + struct.pack(">I", 8 + len(entries)) + entries


def draw(svg: Path, size: int) -> bytes:
    """The picture as a PNG. Raises ValueError when the file is no SVG."""
    from PySide6.QtCore import QBuffer, QIODevice, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(str(svg))
    if not renderer.isValid():
        raise ValueError(f"{svg} is no SVG")
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or Path(arguments[1]).suffix not in (".ico", ".icns"):
        print("icons: name an SVG and a target that ends in .ico or .icns", file=sys.stderr)
        return 2
    svg, target = map(Path, arguments)
    sizes, pack = (ICO_SIZES, ico) if target.suffix == ".ico" else (ICNS_SIZES.values(), icns)
    try:
        target.write_bytes(pack({size: draw(svg, size) for size in sizes}))
    except ValueError as error:
        print(f"icons: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
