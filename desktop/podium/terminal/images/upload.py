"""An image on its way in: base64 in pieces, maybe compressed, checked while it comes."""

import binascii
import zlib
from typing import Final

from podium.core.protocol.images import ImageEncoding
from podium.terminal.images.kitty_command import KittyCommand
from podium.terminal.images.limits import MAX_IMAGE_BYTES, possible_size
from podium.terminal.images.placement import Image
from podium.terminal.images.png import BadPng, checked_png, png_size

_PIECE: Final = 64 * 1024
_HEADER_BYTES: Final = 24
_DEPTHS: Final[dict[int, int]] = {24: 3, 32: 4}
_ENCODINGS: Final[dict[int, int]] = {24: int(ImageEncoding.RGB), 32: int(ImageEncoding.RGBA)}
_PNG: Final = 100
"""The formats: 24 and 32 are pixels of as many bits, 100 is a PNG."""


class BadImage(Exception):
    """No image comes of it. The message is one of our own: kitty's error code, a colon, a reason."""


class Upload:
    """Takes the pieces of one image. Pixels are inflated to be counted only, and never more than announced."""

    def __init__(self, command: KittyCommand) -> None:
        """``command`` begins it. Raises BadImage."""
        self.command = KittyCommand(command.letters, command.numbers, "")
        self._form = form = command.number("f") or 32
        self._width = width = command.number("s")
        self._height = height = command.number("v")
        self._data = bytearray()
        self._size = 0
        self._rest = b""
        self._pixels = 0
        self._expected = 0
        self._inflater = zlib.decompressobj() if "o" in command.letters else None
        self._deflater = zlib.compressobj(1)
        if form in _DEPTHS:
            if not possible_size(width, height):
                raise BadImage("EINVAL:no such size")
            self._expected = width * height * _DEPTHS[form]
        elif form != _PNG:
            raise BadImage("EINVAL:unknown format")

    def add(self, payload: str) -> None:
        """The next piece. Raises BadImage."""
        data = self._rest + payload.encode("ascii", "ignore")
        # Programs may encode each piece by itself: then its end is padded.
        padded = data.endswith(b"=")
        data = data.rstrip(b"=")
        if padded:
            data += b"=" * (-len(data) % 4)
        whole = len(data) if padded else len(data) & ~3
        self._rest = data[whole:]
        self._take(_decoded(data[:whole]))

    def image(self) -> Image:
        """What came of all pieces. Raises BadImage."""
        if self._rest:
            self._take(_decoded(self._rest + b"=" * (-len(self._rest) % 4)))
        if self._form == _PNG:
            try:
                data = checked_png(bytes(self._data))
            except BadPng as error:
                raise BadImage(f"EBADPNG:{error}") from error
            return Image(int(ImageEncoding.PNG), *png_size(data), data)
        if self._inflater is not None and not self._inflater.eof:
            raise BadImage("EINVAL:not whole")
        if self._pixels < self._expected:
            raise BadImage("ENODATA:too little data")
        if self._inflater is None:
            self._keep(self._deflater.flush())
        return Image(_ENCODINGS[self._form], self._width, self._height, bytes(self._data), self._form == 24)

    def _take(self, data: bytes) -> None:
        if not data:
            return
        if self._form == _PNG:
            self._take_png(data)
        elif self._inflater is None:
            self._pixels += len(data)
            if self._pixels > self._expected:
                # What is too much is left out, as kitty does.
                data = data[: len(data) - (self._pixels - self._expected)]
                self._pixels = self._expected
            self._keep(self._deflater.compress(data))
        else:
            self._keep(data)
            for piece in self._inflated(data):
                self._pixels += len(piece)
                if self._pixels > self._expected:
                    raise BadImage("EFBIG:too much data")

    def _take_png(self, data: bytes) -> None:
        pieces = [data] if self._inflater is None else self._inflated(data)
        before = self._size
        for piece in pieces:
            self._keep(piece)
        if before < _HEADER_BYTES <= self._size:
            try:
                png_size(bytes(self._data[:_HEADER_BYTES]))
            except BadPng as error:
                raise BadImage(f"EBADPNG:{error}") from error

    def _inflated(self, data: bytes) -> list[bytes]:
        """What comes of compressed data; at most a little more than is wanted."""
        inflater = self._inflater
        assert inflater is not None
        room = (self._expected - self._pixels if self._expected else MAX_IMAGE_BYTES - self._size) + 1
        pieces: list[bytes] = []
        try:
            while data and room > 0 and not inflater.eof:
                piece = inflater.decompress(data, min(_PIECE, room))
                data = inflater.unconsumed_tail
                room -= len(piece)
                # Pixels are only counted.
                pieces.append(piece)
        except zlib.error as error:
            raise BadImage("EINVAL:not compressed as announced") from error
        return pieces

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > MAX_IMAGE_BYTES:
            raise BadImage("EFBIG:too much data")
        self._data += data


def _decoded(data: bytes) -> bytes:
    try:
        return binascii.a2b_base64(data)
    except binascii.Error as error:
        raise BadImage("EINVAL:not base64") from error
