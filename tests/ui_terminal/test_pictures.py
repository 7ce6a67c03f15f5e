"""Pictures in a view: strips and data in, requests and pixels out."""

import zlib
from collections.abc import Callable, Set
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter

from podium.core.instances import ThemeName
from podium.core.protocol.frames import Line, Run
from podium.core.protocol.images import (
    MAX_PIECE_BYTES,
    UNDER_BACKGROUNDS,
    ImageEncoding,
    ImageReport,
    ImageStrip,
    ImageWanted,
)
from podium.core.themes import load_theme
from podium.ui.terminal import TerminalView
from podium.ui.terminal.model.line_cache import StyledLine
from podium.ui.terminal.model.row_content import RowContent
from podium.ui.terminal.painting.canvas import Canvas
from podium.ui.terminal.painting.colors import Palette
from podium.ui.terminal.painting.pictures import picture_store
from podium.ui.terminal.painting.pictures.decoding import decode
from podium.ui.terminal.selection.selection import Point
from tests.ui_terminal.view_frames import FrameMaker, Seen

pytestmark = pytest.mark.usefixtures("qapp")

RED, GREEN = QColor(255, 0, 0), QColor(0, 255, 0)


def at_once(
    work: Callable[[], Any],
    then: Callable[[Any], None] = lambda _: None,
    failed: Callable[[Exception], None] | None = None,
) -> None:
    then(work())


@pytest.fixture
def store(view: TerminalView) -> picture_store.PictureStore:
    view.pictures.run = at_once
    return view.pictures


def two_colors(width: int, height: int) -> QImage:
    """The left half red, the right half green."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(RED)
    for y in range(height):
        for x in range(width // 2, width):
            image.setPixelColor(x, y, GREEN)
    return image


def png(image: QImage, form: bytes = b"png") -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(form)).write(image)
    return bytes(buffer.data().data())


def strip(row: int = 0, column: int = 0, columns: int = 4, rows: float = 2.0, **more: Any) -> ImageStrip:
    """A row of image 1, which is 32 × 36 pixels large."""
    values = {"start": column, "stop": column + columns, **more}
    return ImageStrip(
        1, row, column, left=0, top=0, width=32, height=36, columns=float(columns), rows=rows, **values
    )


def line(*strips: ImageStrip, text: str = "") -> Line:
    return Line((Run(text),) if text else (), images=strips)


def report(wanted: ImageWanted, data: bytes, width: int = 32, height: int = 36, **more: Any) -> ImageReport:
    piece = data[wanted.offset : wanted.offset + MAX_PIECE_BYTES]
    values = {"size": len(data), **more}
    return ImageReport(
        wanted.request, wanted.image, wanted.offset, width=width, height=height, data=piece, **values
    )


def wanted(seen: Seen) -> list[ImageWanted]:
    return [request for request in seen if isinstance(request, ImageWanted)]


def pixel(view: TerminalView, column: float, row: float) -> str:
    """The colour in the middle of a cell of 8 × 18 pixels."""
    return view.grab().toImage().pixelColor(int(10 + column * 8 + 4), int(8 + row * 18 + 9)).name()


# --- from the session to the view


def test_a_picture_is_asked_for_once_and_painted_when_it_came(
    qtbot: Any, view: TerminalView, seen: Seen, maker: FrameMaker, store: picture_store.PictureStore
) -> None:
    view.apply_frame(maker.frame({1: line(strip(0, 2)), 2: line(strip(1, 2))}))
    qtbot.waitUntil(lambda: len(wanted(seen)) == 1)
    background = pixel(view, 3, 1)
    view.pictures.take(report(wanted(seen)[0], png(two_colors(32, 36))))
    assert [pixel(view, x, 1) for x in (1, 2, 3, 4, 5, 6)] == [
        background, "#ff0000", "#ff0000", "#00ff00", "#00ff00", background,
    ]  # fmt: skip
    assert pixel(view, 2, 2) == "#ff0000"
    assert pixel(view, 2, 3) == background
    view.apply_frame(maker.frame({0: line(strip(1, 0))}))
    assert pixel(view, 0, 0) == "#ff0000"
    assert len(wanted(seen)) == 1


def test_it_comes_in_pieces(
    qtbot: Any, view: TerminalView, seen: Seen, maker: FrameMaker, store: picture_store.PictureStore
) -> None:
    pixels = bytes(range(256)) * 2048
    data = zlib.compress(pixels, 0)
    view.apply_frame(maker.frame({1: line(strip())}))
    qtbot.waitUntil(lambda: len(wanted(seen)) == 1)
    for number in range(3):
        assert wanted(seen)[-1].offset == number * MAX_PIECE_BYTES
        view.pictures.take(report(wanted(seen)[-1], data, 512, 256, encoding=ImageEncoding.RGBA))
    assert len(wanted(seen)) == 3
    assert store.get(1) is not None


@pytest.mark.parametrize(
    "answer",
    [
        lambda wanted: ImageReport(wanted.request, 1),  # It is gone.
        lambda wanted: report(wanted, b"no picture"),
        lambda wanted: report(wanted, png(two_colors(8, 8))),  # Of another size than was said.
        lambda wanted: report(wanted, b"", size=99),  # Never to end.
        lambda wanted: report(wanted, b"x" * 99, 9999, 9999, encoding=ImageEncoding.RGB),
        lambda wanted: report(wanted, zlib.compress(bytes(99)), encoding=ImageEncoding.RGBA),
    ],
)
def test_what_is_no_picture_shows_nothing_and_is_not_asked_for_again(
    qtbot: Any,
    view: TerminalView,
    seen: Seen,
    maker: FrameMaker,
    store: picture_store.PictureStore,
    answer: Any,
) -> None:
    view.apply_frame(maker.frame({1: line(strip(), text="text")}))
    qtbot.waitUntil(lambda: len(wanted(seen)) == 1)
    before = view.grab().toImage()
    view.pictures.take(answer(wanted(seen)[0]))
    assert view.grab().toImage() == before
    view.apply_frame(maker.frame({2: line(strip())}))
    view.grab()
    qtbot.wait(1)
    assert len(wanted(seen)) == 1


def test_pieces_that_nobody_waits_for_are_dropped(
    qtbot: Any, view: TerminalView, seen: Seen, maker: FrameMaker, store: picture_store.PictureStore
) -> None:
    data = png(two_colors(32, 36))
    view.pictures.take(report(ImageWanted(1, 1), data))
    view.apply_frame(maker.frame({1: line(strip())}))
    qtbot.waitUntil(lambda: len(wanted(seen)) == 1)
    for other in (ImageWanted(1, 2), ImageWanted(1, 1, 5)):
        view.pictures.take(report(other, data))
    assert store.get(1) is None
    view.reset()
    view.pictures.take(report(wanted(seen)[0], data))
    assert store.get(1) is None


def test_pixels_are_bounded_and_what_is_in_view_stays(
    qtbot: Any, view: TerminalView, seen: Seen, maker: FrameMaker, store: picture_store.PictureStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(picture_store, "MAX_DECODED_BYTES", 2 * 32 * 36 * 4)
    data = png(two_colors(32, 36))
    for number in (1, 2, 3):
        view.apply_frame(maker.frame({0: line(ImageStrip(number, 0, 0, 0, 4, 0, 0, 32, 36, 4.0, 2.0))}))
        qtbot.waitUntil(lambda number=number: number in [request.image for request in wanted(seen)])
        view.pictures.take(report(wanted(seen)[-1], data))
    assert [number in store._images for number in (1, 2, 3)] == [False, True, True]
    assert store._bytes == 2 * 32 * 36 * 4
    view.hide()
    assert store._bytes == 0
    assert not store._images


def test_what_is_in_view_makes_no_room_for_more(
    qtbot: Any, view: TerminalView, seen: Seen, maker: FrameMaker, store: picture_store.PictureStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(picture_store, "MAX_DECODED_BYTES", 2 * 32 * 36 * 4)
    data = png(two_colors(32, 36))
    strips = [msgspec.structs.replace(strip(), image=number) for number in (1, 2, 3)]
    view.apply_frame(maker.frame({y: line(shown) for y, shown in enumerate(strips)}))
    for number in (1, 2, 3):
        qtbot.waitUntil(lambda number=number: number in [request.image for request in wanted(seen)])
        view.pictures.take(report(wanted(seen)[-1], data))
    assert [number in store._images for number in (1, 2, 3)] == [True, True, False]
    assert not store.awaits(3)


def test_a_picture_that_is_decoded_too_late_is_dropped(
    qtbot: Any, view: TerminalView, seen: Seen, maker: FrameMaker
) -> None:
    late: list[Callable[[], None]] = []
    view.pictures.run = lambda work, then=print, _failed=None: late.append(lambda: then(work()))
    view.apply_frame(maker.frame({0: line(strip())}))
    qtbot.waitUntil(lambda: len(wanted(seen)) == 1)
    view.pictures.take(report(wanted(seen)[0], png(two_colors(32, 36))))
    view.pictures.clear()
    late[0]()
    assert not view.pictures._images
    assert view.pictures._bytes == 0


# --- painting


class Drawn:
    """Pictures that are there, and the numbers of those on their way."""

    def __init__(self, pictures: dict[int, QImage], coming: Set[int] = frozenset()) -> None:
        self.pictures = pictures
        self.coming = set(coming)

    def get(self, number: int) -> QImage | None:
        return self.pictures.get(number)

    def awaits(self, number: int) -> bool:
        return number in self.coming


def painted(images: tuple[ImageStrip, ...], text: str = "", **row: Any) -> Callable[[int, int], str]:
    """The colour of a pixel of a row that shows these strips."""
    picture = two_colors(32, 36)
    canvas = Canvas(Palette(THEME), 13, 1.0, 400, 60)
    canvas.pictures = Drawn({1: picture})
    runs = (Run(text),) if text else ()
    canvas.image.show([RowContent(StyledLine(Line(runs, images=images), {}), **row)])
    image = canvas.image.pixmap.toImage()
    return lambda x, y: image.pixelColor(x, y).name()


THEME = load_theme(ThemeName.INDIGO).dark
BACKGROUND = THEME.background


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (strip(), {0: RED, 15: RED, 16: GREEN, 31: GREEN, 32: None}),
        (strip(column=3), {23: None, 24: RED, 40: GREEN, 56: None}),
        (strip(start=1, stop=3), {7: None, 8: RED, 16: GREEN, 24: None}),  # Cut by text at both sides.
        (strip(x=0.5), {3: None, 4: RED, 20: GREEN, 32: None}),
        (strip(columns=8), {0: RED, 30: RED, 34: GREEN, 63: GREEN, 64: None}),
        (strip(columns=2), {0: RED, 6: RED, 10: GREEN, 16: None}),
        (strip(column=-2), {0: GREEN, 15: GREEN, 16: None}),
        (strip(row=-5), {0: None}),
        (strip(row=50), {0: None}),
        (strip(column=100_000), {0: None}),
    ],
)
def test_strips_are_scaled_to_their_cells(shown: ImageStrip, expected: dict[int, QColor | None]) -> None:
    color = painted((shown,))
    for x, wanted_color in expected.items():
        assert color(x, 9) == (wanted_color.name() if wanted_color else BACKGROUND), x


def test_the_last_row_may_be_covered_in_part() -> None:
    color = painted((strip(row=1, rows=1.5),))
    assert (color(0, 8), color(0, 9)) == (RED.name(), BACKGROUND)


@pytest.mark.parametrize(("z", "hidden"), [(0, True), (5, True), (-1, False), (UNDER_BACKGROUNDS - 1, False)])
def test_text_is_under_or_over_it(z: int, hidden: bool) -> None:
    color = painted((strip(z=z),), text="█")
    assert (color(4, 9) == RED.name()) is hidden


def test_the_upper_one_has_the_higher_z() -> None:
    color = painted((strip(z=2), strip(column=2, z=1)))
    assert color(17, 9) == GREEN.name()
    color = painted((strip(z=1), strip(column=2, z=2)))
    assert color(17, 9) == RED.name()


def test_a_film_shows_its_last_picture_until_the_next_has_come() -> None:
    canvas, pictures = Canvas(Palette(THEME), 13, 1.0, 400, 60), Drawn({1: two_colors(32, 36)}, {2})
    canvas.pictures = pictures

    def show(line: Line) -> str:
        canvas.image.show([RowContent(StyledLine(line, {}))])
        return canvas.image.pixmap.toImage().pixelColor(2, 9).name()

    second = msgspec.structs.replace(strip(), image=2, left=16, width=16)
    assert show(line(strip())) == RED.name()
    assert show(line(second)) == RED.name()
    pictures.pictures[2] = pictures.pictures[1]
    pictures.coming.clear()
    assert show(line(second)) == GREEN.name()
    assert show(line(text="text")) != GREEN.name()
    pictures.coming.add(3)
    third = StyledLine(line(msgspec.structs.replace(strip(), image=3)), {})
    canvas.image.show([RowContent(third)])
    assert canvas.image.pixmap.toImage().pixelColor(2, 9).name() == BACKGROUND
    pictures.pictures[3] = pictures.pictures[1]
    pictures.coming.clear()
    canvas.image.show([RowContent(third)])
    assert canvas.image.pixmap.toImage().pixelColor(2, 9).name() == RED.name()


def test_a_selection_shows_on_it() -> None:
    color = painted((strip(),), selected=(1, 2))
    assert color(4, 9) == RED.name()
    assert color(12, 9) not in (RED.name(), BACKGROUND)


def test_a_selected_picture_is_copied_as_blanks(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame({0: line(strip(column=2), text="ab    cd")}))
    view.contents.selection.select(Point(0, 0), Point(0, 20))
    assert view.selected_text() == "ab    cd"


# --- decoding


@pytest.mark.parametrize("size", [(0, 4), (4, 0), (10_000, 10_000)])
@pytest.mark.parametrize("encoding", ImageEncoding)
def test_impossible_sizes_are_not_decoded(encoding: ImageEncoding, size: tuple[int, int]) -> None:
    assert decode(encoding, *size, zlib.compress(bytes(64))) is None


def test_pixels_are_those_that_were_sent() -> None:
    image = decode(ImageEncoding.RGB, 2, 1, zlib.compress(b"\xff\x00\x00\x00\xff\x00"))
    assert image is not None
    assert [image.pixelColor(x, 0).name() for x in (0, 1)] == ["#ff0000", "#00ff00"]
    image = decode(ImageEncoding.RGBA, 1, 1, zlib.compress(b"\xff\x00\x00\x80"))
    assert image is not None
    assert image.pixelColor(0, 0).alpha() == 128


def test_no_other_format_is_looked_at() -> None:
    bitmap = b"BM" + png(two_colors(4, 4))
    assert decode(ImageEncoding.PNG, 4, 4, bitmap) is None
    assert decode(ImageEncoding.PNG, 4, 4, png(two_colors(4, 4), b"bmp")) is None
