"""The quiet mark of what was not looked at since: a ring for a bell, a dot for what has ended."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from podium.attention.alerts import AlertKind
from podium.ui.theme.palette import WindowColors
from podium.workspace.views import InstanceState

SIZE: Final = 6
_STATES: Final = {AlertKind.DONE: InstanceState.DONE, AlertKind.FAILED: InstanceState.FAILED}


def paint_unseen(
    painter: QPainter, left: float, middle: float, kind: AlertKind, colors: WindowColors
) -> None:
    """Paint the mark of ``kind`` in a box of SIZE px whose left side is at ``left``."""
    box = QRectF(left, middle - SIZE / 2, SIZE, SIZE)
    state = _STATES.get(kind)
    if state is None:
        painter.setPen(QPen(colors.chrome.text, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box.adjusted(0.75, 0.75, -0.75, -0.75))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.state(state))
        painter.drawEllipse(box)
