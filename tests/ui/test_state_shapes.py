from itertools import combinations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from podium.ui.theme.icons import MARK_BARS, app_icon, icon_pixmap, paint_mark
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.state_shapes import BOX, paint_state
from podium.workspace.views import InstanceState


def painted(state: InstanceState, scale: int = 4) -> QImage:
    image = QImage((BOX + 4) * scale, (BOX + 4) * scale, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.scale(scale, scale)
    paint_state(painter, 2, 2, state, QColor("black"))
    painter.end()
    return image


def dark_pixels(image: QImage) -> set[tuple[int, int]]:
    size = range(image.width())
    return {(x, y) for x in size for y in size if image.pixelColor(x, y).lightness() < 128}


@pytest.mark.parametrize("state", InstanceState)
def test_every_state_has_a_shape_inside_its_box(qapp: QApplication, state: InstanceState) -> None:
    dark = dark_pixels(painted(state))
    assert dark
    box = range(4, 4 * (BOX + 3))  # one px more than the box on each side, for round line ends
    assert all(x in box and y in box for x, y in dark)


def test_no_two_states_look_alike_without_colour(qapp: QApplication) -> None:
    shapes = {state: dark_pixels(painted(state)) for state in InstanceState}
    for one, other in combinations(InstanceState, 2):
        union = shapes[one] | shapes[other]
        assert len(shapes[one] ^ shapes[other]) / len(union) > 0.15, (one, other)


@pytest.mark.parametrize(
    "name",
    [
        *("terminals", "history", "settings", "help", "plus", "search", "close", "more", "start", "finish"),
        *("stop", "restart", "handoff", "grid", "tabs", "zoom", "folder", "chevron", "copy", "attention"),
        *("shell", "command", "sidebar", "contrast", "check", "podium"),
    ],
)
def test_icons_are_tinted_and_sharp_at_every_ratio(qapp: QApplication, name: str) -> None:
    for ratio in (1.0, 1.5, 2.0):
        image = icon_pixmap(name, QColor("#ff0000"), ratio).toImage()
        assert image.width() == round(16 * ratio)
        colors = {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() > 100
        }
        assert colors == {"#ff0000"}


def test_the_mark_has_four_bars_in_the_themes_colours(qapp: QApplication) -> None:
    image = QImage(80, 80, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    paint_mark(painter, 0, 0, 80, ThemeManager().colors)
    painter.end()
    for index, height in enumerate(MARK_BARS):
        x = round((index * 5.33 + 2) * 4)
        lit = [y for y in range(80) if image.pixelColor(x, y).lightness() > 40]
        assert abs(len(lit) - height * 4) <= 2


def test_the_app_icon_comes_in_the_sizes_desktops_ask_for(qapp: QApplication) -> None:
    assert {size.width() for size in app_icon().availableSizes()} >= {16, 32, 48, 128, 256}
