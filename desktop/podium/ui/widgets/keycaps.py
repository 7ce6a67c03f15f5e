"""Key names painted as key caps, right-aligned."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import paint_text, stroke_round
from podium.ui.theme.palette import Chrome

_HEIGHT = 18
_GAP = 4


def split_keys(sequence: str) -> list[str]:
    """``Ctrl+Shift+N`` as its caps; the plus key itself stays one cap."""
    if sequence.endswith("++"):
        return [*sequence[:-2].split("+"), "+"]
    return sequence.split("+") if sequence else []


def keycaps_width(keys: Sequence[str]) -> float:
    metrics = QFontMetricsF(font(Role.CAPTION, 600))
    return sum(_cap_width(metrics, key) + _GAP for key in keys)


def paint_keycaps(
    painter: QPainter, keys: Sequence[str], right: float, middle: float, chrome: Chrome
) -> float:
    """Paint ``keys`` so that they end at ``right``, centred on ``middle``; returns where they begin."""
    painter.setFont(font(Role.CAPTION, 600))
    metrics = QFontMetricsF(painter.font())
    for key in reversed(keys):
        width = _cap_width(metrics, key)
        cap = QRectF(right - width, middle - _HEIGHT / 2, width, _HEIGHT)
        stroke_round(painter, cap, 4, chrome.keycap_border)
        paint_text(painter, cap, key, chrome.text_2, Qt.AlignmentFlag.AlignHCenter)
        right -= width + _GAP
    return right


def _cap_width(metrics: QFontMetricsF, key: str) -> float:
    return max(_HEIGHT, round(metrics.horizontalAdvance(key)) + 10)
