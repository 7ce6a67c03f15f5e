"""PNG: what a file of a program is, looked at before anything is decoded; and files of our own with a palette."""

import struct
import zlib
from collections.abc import Sequence
from typing import Final

from podium.terminal.images.limits import possible_size

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER: Final = struct.Struct(">II")
_KEPT: Final = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
"""All else is left out: text and profiles may be bombs of their own."""
_IDAT_BYTES: Final = 64 * 1024


class BadPng(Exception):
    """The file is none, or not whole; the message is one of our own."""


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height that the first bytes tell. Raises BadPng, also for a size that no image may have."""
    if len(data) < 24 or not data.startswith(_SIGNATURE) or data[12:16] != b"IHDR":
        raise BadPng("not a PNG")
    width, height = _HEADER.unpack(data[16:24])
    if not possible_size(width, height):
        raise BadPng("too many pixels")
    return width, height


def checked_png(data: bytes) -> bytes:
    """The file with nothing but the image in it. Raises BadPng when it is not whole."""
    png_size(data)
    pieces = [_SIGNATURE]
    position = len(_SIGNATURE)
    kinds: set[bytes] = set()
    while position + 12 <= len(data):
        size = int.from_bytes(data[position : position + 4], "big")
        kind = data[position + 4 : position + 8]
        end = position + 12 + size
        if end > len(data) or (kind == b"IHDR") != (position == len(_SIGNATURE)):
            break
        if kind in _KEPT:
            kinds.add(kind)
            pieces.append(data[position:end])
        position = end
        if kind == b"IEND":
            if b"IDAT" not in kinds:
                break
            return b"".join(pieces)
    raise BadPng("not a whole PNG")


def paletted_png(rows: Sequence[bytes], width: int, colors: Sequence[int], transparent: bool) -> bytes:
    """A file of rows of ``width`` bytes that are numbers of ``colors`` (0xRRGGBB, at most 256).

    With ``transparent`` number 0 is no colour at all.
    """
    compressor = zlib.compressobj(1)
    packed = [compressor.compress(b"\x00" + row) for row in rows]
    packed.append(compressor.flush())
    body = b"".join(packed)
    header = _HEADER.pack(width, len(rows)) + b"\x08\x03\x00\x00\x00"
    palette = b"".join([color.to_bytes(3, "big") for color in colors])
    pieces = [_SIGNATURE, _chunk(b"IHDR", header), _chunk(b"PLTE", palette)]
    if transparent:
        pieces.append(_chunk(b"tRNS", b"\x00"))
    pieces += [_chunk(b"IDAT", body[i : i + _IDAT_BYTES]) for i in range(0, len(body), _IDAT_BYTES)]
    pieces.append(_chunk(b"IEND", b""))
    return b"".join(pieces)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
