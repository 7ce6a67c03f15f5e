"""Images in tests: what programs send, and what came of it as rows of colours."""

import base64
import struct
import zlib

from podium.core.protocol.images import ImageEncoding
from podium.terminal import Emulator
from podium.terminal.images.placement import Image

CLEAR = -1
"""A pixel that nothing was drawn in."""


def terminal(columns: int = 20, lines: int = 6, data: bytes = b"", scrollback: int = 100) -> Emulator:
    """A terminal that shows images, with cells of 10 × 20 pixels."""
    made = Emulator(columns, lines, scrollback)
    made.allow_graphics(True)
    made.set_cell_size(10, 20)
    made.feed(data)
    return made


def sixels(data: bytes, parameters: bytes = b"") -> bytes:
    return b"\x1bP" + parameters + b"q" + data + b"\x1b\\"


def block(width: int, height: int, parameters: bytes = b"", register: int = 1) -> bytes:
    """An image of one colour."""
    bands = [b"#%d!%d%c" % (register, width, 63 + (1 << min(6, height - y)) - 1) for y in range(0, height, 6)]
    return sixels(b'"1;1;%d;%d' % (width, height) + b"-".join(bands), parameters)


def kitty(keys: str, data: bytes = b"", piece: int = 4096) -> bytes:
    """A command with its payload, in as many pieces as that takes."""
    payload = base64.b64encode(data)
    if len(payload) <= piece:
        return b"\x1b_G%b;%b\x1b\\" % (keys.encode(), payload)
    parts = [payload[i : i + piece] for i in range(0, len(payload), piece)]
    sent = b"\x1b_G%b,m=1;%b\x1b\\" % (keys.encode(), parts[0])
    for number, part in enumerate(parts[1:], 2):
        sent += b"\x1b_Gm=%d;%b\x1b\\" % (number < len(parts), part)
    return sent


def png(width: int, height: int, extra: bytes = b"", announced: tuple[int, int] | None = None) -> bytes:
    """A red PNG; ``extra`` are chunks between header and data."""
    header = struct.pack(">II", *(announced or (width, height))) + b"\x08\x02\x00\x00\x00"
    body = zlib.compress((b"\x00" + b"\xff\x00\x00" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def shown_image(made: Emulator) -> Image:
    """The image that was placed last on the screen."""
    return [strip for row in made.terminal.rows for strip in row.images][-1].placement.image


def strips(made: Emulator) -> list[list[tuple[int, int, int]]]:
    """For each row of the screen the strips: the image's row, and the columns from and to which it shows."""
    rows = made.terminal.rows
    return [[(s.row, s.start, s.stop) for s in row.images if s.placement.visible] for row in rows]


def pixels(image: Image) -> list[list[int]]:
    """Rows of 0xRRGGBB."""
    if image.encoding != ImageEncoding.PNG:
        depth = 3 if image.encoding == ImageEncoding.RGB else 4
        raw = zlib.decompress(image.data)
        colors = [int.from_bytes(raw[i : i + 3], "big") for i in range(0, len(raw), depth)]
        return [colors[y * image.width : (y + 1) * image.width] for y in range(image.height)]
    chunks = _chunks(image.data)
    palette = chunks[b"PLTE"]
    colors = [int.from_bytes(palette[i : i + 3], "big") for i in range(0, len(palette), 3)]
    if b"tRNS" in chunks:
        colors[0] = CLEAR
    raw = zlib.decompress(chunks[b"IDAT"])
    stride = image.width + 1
    return [[colors[value] for value in raw[y * stride + 1 : (y + 1) * stride]] for y in range(image.height)]


def _chunks(data: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    at = 8
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        found[kind] = found.get(kind, b"") + data[at + 8 : at + 8 + size]
        at += 12 + size
    return found
