"""The decoded pictures of a terminal view. What is missing is asked for, one picture at a time."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from podium.core.background import RunInBackground
from podium.core.protocol.images import MAX_IMAGE_BYTES, ImageReport, ImageWanted
from podium.ui.terminal.painting.pictures.decoding import decode

MAX_DECODED_BYTES: Final = 64 * 1024 * 1024
"""Bytes of the pixels that one view keeps."""
_MOST_WAITING: Final = 256
_MOST_FAILED: Final = 4096


class _Download:
    """The pieces of a picture that have come so far."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.data = bytearray()


class PictureStore(QObject):
    """``get`` gives what can be painted, and sees to the rest."""

    requested = Signal(object)
    """An ImageWanted for the session."""
    came = Signal()
    """There is one more picture to paint."""

    def __init__(
        self, next_request: Callable[[], int], visible: Callable[[], set[int]], parent: QObject
    ) -> None:
        """``visible`` says which pictures are in view: those stay."""
        super().__init__(parent)
        self.run: RunInBackground | None = None
        """Decodes them. Without it there are no pictures."""
        self._next_request = next_request
        self._visible = visible
        self._images: dict[int, QImage] = {}
        """By their numbers, the one that was used last at the end."""
        self._bytes = 0
        self._failed: set[int] = set()
        self._waiting: dict[int, None] = {}
        self._download: _Download | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._start_next)

    def get(self, number: int) -> QImage | None:
        """The picture; None while it is on its way, or when nothing came of it."""
        image = self._images.pop(number, None)
        if image is not None:
            self._images[number] = image
        else:
            self.awaits(number)
        return image

    def awaits(self, number: int) -> bool:
        """Whether the picture is on its way. One that is wanted for the first time sets out now."""
        if number in self._images or number in self._failed or self.run is None:
            return False
        if number in self._waiting or (self._download is not None and self._download.number == number):
            return True
        if len(self._waiting) >= _MOST_WAITING:
            return False
        self._waiting[number] = None
        # Not in the middle of painting.
        if self._download is None and not self._timer.isActive():
            self._timer.start(0)
        return True

    def clear(self) -> None:
        """Another session draws, or the view is hidden: keep nothing."""
        self._timer.stop()
        self._images.clear()
        self._bytes = 0
        self._failed.clear()
        self._waiting.clear()
        self._download = None

    def take(self, report: ImageReport) -> None:
        """A piece has come. One that nobody waits for is dropped."""
        download = self._download
        if download is None or report.image != download.number or report.offset != len(download.data):
            return
        download.data += report.data
        if len(download.data) > MAX_IMAGE_BYTES or (not report.data and len(download.data) < report.size):
            self._fail(download)
        elif len(download.data) < report.size:
            self._ask(download)
        elif not report.size:
            self._fail(download)
        else:
            self._decode(download, report)

    def give_up(self) -> None:
        """No session answers: what is missing stays so until it is wanted again."""
        self._waiting.clear()
        self._download = None

    def _start_next(self) -> None:
        while self._waiting and self._download is None:
            number = next(iter(self._waiting))
            del self._waiting[number]
            # It may have come meanwhile, or have left the view.
            if number not in self._images and number in self._visible():
                self._download = _Download(number)
                self._ask(self._download)

    def _ask(self, download: _Download) -> None:
        self.requested.emit(ImageWanted(self._next_request(), download.number, len(download.data)))

    def _decode(self, download: _Download, report: ImageReport) -> None:
        assert self.run is not None
        encoding, width, height, data = report.encoding, report.width, report.height, bytes(download.data)
        self.run(
            lambda: decode(encoding, width, height, data),
            lambda image: self._on_decoded(download, image),
            lambda _: self._on_decoded(download, None),
        )

    def _on_decoded(self, download: _Download, image: QImage | None) -> None:
        if download is not self._download:
            return  # The view was cleared meanwhile.
        if image is None or not self._make_room(image.sizeInBytes(), self._visible()):
            self._fail(download)
            return
        self._download = None
        self._images[download.number] = image
        self._bytes += image.sizeInBytes()
        self._timer.start(0)
        self.came.emit()

    def _make_room(self, size: int, visible: set[int]) -> bool:
        for number in list(self._images):
            if self._bytes + size <= MAX_DECODED_BYTES:
                return True
            if number not in visible:
                self._bytes -= self._images.pop(number).sizeInBytes()
        return self._bytes + size <= MAX_DECODED_BYTES

    def _fail(self, download: _Download) -> None:
        """Nothing came of it: it costs nothing any more."""
        if len(self._failed) >= _MOST_FAILED:
            self._failed.clear()
        self._failed.add(download.number)
        self._download = None
        self._timer.start(0)
