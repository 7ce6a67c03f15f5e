"""The yellow pill that says how long somebody waits: filled, or only its outline for one that was looked at."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import fill_round, paint_text, stroke_round
from podium.ui.theme.palette import WindowColors, color
from podium.workspace.views import InstanceState

HEIGHT: Final = 18
_PADDING: Final = 7


def pill_font() -> QFont:
    return font(Role.CAPTION, 600)


def pill_width(age: str) -> float:
    """The width in px of a pill with this text; 0.0 for none."""
    return QFontMetricsF(pill_font()).horizontalAdvance(age) + 2 * _PADDING if age else 0.0


def paint_pill(
    painter: QPainter, left: float, middle: float, age: str, colors: WindowColors, *, filled: bool = True
) -> None:
    """Paint the pill with its left end at ``left`` and its middle at the height of ``middle``."""
    pill = QRectF(left, middle - HEIGHT / 2, pill_width(age), HEIGHT)
    if filled:
        fill_round(painter, pill, HEIGHT / 2, color(colors.waiting.fill))
    else:
        stroke_round(painter, pill, HEIGHT / 2, colors.waiting_outline)
    painter.setFont(pill_font())
    tint = color(colors.waiting.on_fill) if filled else colors.state(InstanceState.WAITING)
    paint_text(painter, pill, age, tint, Qt.AlignmentFlag.AlignHCenter)
