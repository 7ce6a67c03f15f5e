"""An image's data become pixels, within bounds: nothing about them is to be believed. For any thread."""

import zlib
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageReader

from podium.core.protocol.images import MAX_IMAGE_PIXELS, ImageEncoding

_FORMATS: Final = {
    ImageEncoding.RGB: (3, QImage.Format.Format_RGB888),
    ImageEncoding.RGBA: (4, QImage.Format.Format_RGBA8888),
}
_PAINTED: Final = QImage.Format.Format_ARGB32_Premultiplied


def decode(encoding: ImageEncoding, width: int, height: int, data: bytes) -> QImage | None:
    """The image of ``width`` × ``height`` pixels; None when the data are no such thing."""
    if width <= 0 or height <= 0 or width * height > MAX_IMAGE_PIXELS:
        return None
    image = (
        _decoded_png(width, height, data)
        if encoding is ImageEncoding.PNG
        else _inflated(*_FORMATS[encoding], width, height, data)
    )
    return None if image is None or image.isNull() else image.convertToFormat(_PAINTED)


def _decoded_png(width: int, height: int, data: bytes) -> QImage | None:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    # By its name alone: no other format's reader may come to see the data.
    reader = QImageReader(buffer, QByteArray(b"png"))
    reader.setAutoDetectImageFormat(False)
    if (reader.size().width(), reader.size().height()) != (width, height):
        return None
    return reader.read()


def _inflated(depth: int, form: QImage.Format, width: int, height: int, data: bytes) -> QImage | None:
    wanted = width * height * depth
    try:
        pixels = zlib.decompressobj().decompress(data, wanted)
    except zlib.error:
        return None
    if len(pixels) < wanted:
        return None
    # A copy: Qt does not keep the bytes alive.
    return QImage(pixels, width, height, width * depth, form).copy()
